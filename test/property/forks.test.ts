// Electra, Fulu, Gloas, with a rotation on both sides of each: a light client that does not know a fork stops before it, and goes
// on once the row was added. TypeScript and Solidity say the same at every step. Slots at the forks' edges: the vectors.
import { expect, test } from "vitest";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState, Fork } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import { electraRow, fuluRow, gloasRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { UpdateOptions } from "#test/support/beacon-evidence.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";
import type { SolidityBeacon } from "#test/support/solidity-beacon.ts";

const [electra, fulu, gloas] = [electraRow(0n), fuluRow(35n), gloasRow(43n)];
const SIZES = { committeeSize: 32, slotsPerEpoch: 8n, epochsPerPeriod: 8n, startSlot: 208n };
const chain = makeBeaconFixture({ ...SIZES, forks: [electra, fulu, gloas] });

interface Step extends UpdateOptions {
  readonly finalizedSlot: bigint;
}

const beforeFulu: Step[] = [
  { signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true },
  { signatureSlot: 276n, finalizedSlot: 264n, nextCommittee: true },
];
const underFulu: Step[] = [
  { signatureSlot: 282n, finalizedSlot: 276n },
  { signatureSlot: 332n, finalizedSlot: 324n, nextCommittee: true },
];
const underGloas: Step[] = [
  { signatureSlot: 346n, finalizedSlot: 336n },
  { signatureSlot: 356n, finalizedSlot: 348n, absent: [1, 4, 31] },
  { signatureSlot: 396n, finalizedSlot: 388n, nextCommittee: true },
];

/** One light client as both languages have it. */
class Both {
  state: BeaconState;
  readonly client: SolidityBeacon;

  private constructor(state: BeaconState, client: SolidityBeacon) {
    this.state = state;
    this.client = client;
  }

  static async create(forks: readonly Fork[]): Promise<Both> {
    const state = { ...chain.trusted, forks };
    return new Both(
      state,
      await deploySolidityBeacon(encodeTrustedState(state), chain.timeOf(chain.trusted.latestSlot)),
    );
  }

  async addFork(row: Fork): Promise<void> {
    await this.client.addFork(row);
    this.state = { ...this.state, forks: [...this.state.forks, row] };
    expect(await this.client.clientState()).toEqual(encodeTrustedState(this.state));
  }

  /** The reason, or undefined when both have moved to the same state. */
  async apply(step: Step): Promise<string | undefined> {
    const update = beaconUpdate.encode(chain.makeUpdate(step));
    this.client.now = chain.timeOf(step.signatureSlot);
    const verdict = applyUpdate(this.state, update, this.client.now);
    const answer = await this.client.update(packBeaconUpdate(update, encodeTrustedState(this.state)));
    if (typeof verdict === "string") {
      expect(answer).toEqual({ reason: verdict });
      return verdict;
    }
    expect(answer).toEqual({ result: "updated" });
    this.state = verdict;
    expect(await this.client.clientState()).toEqual(encodeTrustedState(verdict));
    return undefined;
  }

  async applyAll(steps: readonly Step[]): Promise<void> {
    for (const step of steps) expect(await this.apply(step)).toBeUndefined();
  }
}

test("with all three rows from the start", async () => {
  const both = await Both.create([electra, fulu, gloas]);
  await both.applyAll([...beforeFulu, ...underFulu, ...underGloas]);
  expect(both.state.period).toBe(6n);
});

test("with each row added when its fork has begun", async () => {
  const both = await Both.create([electra]);
  await both.applyAll(beforeFulu);
  for (const step of underFulu) expect(await both.apply(step)).toBe("INVALID_SIGNATURE");
  await both.addFork(fulu);
  await both.applyAll(underFulu);
  expect(await both.apply(underGloas[0] as Step)).toBe("INVALID_FINALITY_BRANCH");
  expect(await both.apply(underGloas[1] as Step)).toBe("INVALID_EXECUTION_BRANCH");
  await both.addFork(gloas);
  await both.applyAll(underGloas);
  expect(both.state.period).toBe(6n);
});

test("with both rows added ahead of their forks", async () => {
  const both = await Both.create([electra]);
  await both.addFork(fulu);
  await both.addFork(gloas);
  await both.applyAll([...beforeFulu, ...underFulu, ...underGloas]);
  expect(both.state.period).toBe(6n);
});

test("a row that begins later than its fork does not help, and cannot be taken back", async () => {
  const both = await Both.create([electra]);
  await both.applyAll(beforeFulu);
  await both.addFork({ ...fulu, epoch: 36n });
  expect(await both.apply(underFulu[0] as Step)).toBe("INVALID_SIGNATURE");
  await expect(both.addFork(fulu)).rejects.toThrow("refused");
});

test("a row under an accepted header is refused", async () => {
  const both = await Both.create([electra, fulu]);
  await both.applyAll([...beforeFulu, ...underFulu]);
  // The newest finalized slot is 324: epoch 40.
  await expect(both.addFork(gloasRow(40n))).rejects.toThrow("refused");
  await both.addFork(gloasRow(41n));
});

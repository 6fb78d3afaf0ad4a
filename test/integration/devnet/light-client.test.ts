// The EVM adapter's consensus follows a development chain through rotation, absentees, forks and misbehaviour: whatever the
// dev beacon signs must pass the verifier, and what it spoils must not.
import { hexToBytes } from "@noble/hashes/utils.js";
import { afterEach, describe, expect, it } from "vitest";
import { createBeaconEndpoint } from "#adapters/evm/consensus/beacon-api.ts";
import { encodeUpdate } from "#adapters/evm/consensus/canonical-update.ts";
import type { Consensus } from "#adapters/evm/consensus/consensus.ts";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { beaconMisbehaviour, beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/evm/verify/update.ts";
import type { DevChain, DevChainOptions } from "#scripts/devnet/dev-chain.ts";
import { followDevChain } from "#test/support/followed-chain.ts";
import type { FollowedChain } from "#test/support/followed-chain.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

let chain: DevChain | undefined;
afterEach(() => chain?.stop());

async function follow(options: Partial<DevChainOptions>): Promise<FollowedChain> {
  const followed = await followDevChain(options);
  ({ chain } = followed);
  return followed;
}

const now = (state: BeaconState): bigint => state.latestTimestamp;

async function advanced(
  consensus: Consensus,
  state: BeaconState,
  mostWork = Number.POSITIVE_INFINITY,
): Promise<{ state: BeaconState; updates: Uint8Array[]; isComplete: boolean }> {
  const reached = await consensus.advance({ state, now: now(state), minHeight: 0n, minTimestamp: 0n, mostWork });
  // Once more from the bytes alone: what is handed on is what was judged.
  let replayed = state;
  for (const update of reached.updates) {
    const next = applyUpdate(replayed, update, now(state));
    if (typeof next === "string") throw new Error(`refused: ${next}`);
    replayed = next;
  }
  expect(replayed).toEqual(reached.state);
  return { ...reached, updates: [...reached.updates] };
}

describe("a light client of a development chain", () => {
  it("follows from the bootstrap to the finalized head", async () => {
    const { chain: dev, consensus, state } = await follow({});
    await dev.control.mine(3);
    const reached = await advanced(consensus, state);
    const { finalizedHeight } = await dev.control.status();
    expect(reached.state.latestHeight).toBe(BigInt(finalizedHeight));
    expect(reached.state.latestHeight).toBeGreaterThan(state.latestHeight);
  });

  it("follows through four rotations, one by one and two at once", async () => {
    const { chain: dev, consensus, state } = await follow({});
    let reached = state;
    for (const jumps of [1, 1, 2]) {
      for (let jump = 0; jump < jumps; jump += 1) await dev.control.rotate();
      reached = (await advanced(consensus, reached)).state;
      expect(reached.period).toBe(BigInt((await dev.control.status()).period));
    }
    expect(reached.period).toBe(state.period + 4n);
    expect(reached.latestHeight).toBe(BigInt((await dev.control.status()).finalizedHeight));
  });

  it("accepts up to a third of absentees, and one more not", async () => {
    const { chain: dev, consensus, state } = await follow({});
    dev.control.setAbsentees(170);
    await dev.control.mine();
    const reached = await advanced(consensus, state);
    expect(reached.state.latestHeight).toBe(state.latestHeight + 1n);
    const bits = beaconUpdate.decode(reached.updates.at(-1) ?? new Uint8Array()).syncCommitteeBits;
    expect(bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0)).toBe(342);
    dev.control.setAbsentees(171);
    await dev.control.mine();
    await expect(advanced(consensus, reached.state)).rejects.toThrow("INSUFFICIENT_PARTICIPATION");
    dev.control.setAbsentees([]);
    expect((await advanced(consensus, reached.state)).state.latestHeight).toBe(state.latestHeight + 2n);
  });

  it("takes what was final before for final while too few sign what is new", async () => {
    const { chain: dev, consensus } = await follow({});
    const before = await consensus.finalized();
    dev.control.setAbsentees(171);
    await dev.control.mine();
    expect(await consensus.finalized()).toEqual(before);
    dev.control.setAbsentees(170);
    expect((await consensus.finalized()).number).toBe(before.number + 1n);
  });

  // A period has 32 epochs of 8 slots.
  it.each([
    ["in the middle of a period", 34, 256],
    ["at a period's start", 32, 240],
  ])("crosses the Gloas fork %s, block by block", async (_, gloasEpoch, firstSlot) => {
    const { chain: dev, consensus, state } = await follow({ gloasEpoch });
    let reached = state;
    if (firstSlot === 256) await dev.control.rotate();
    else await dev.control.advanceTime(firstSlot - (await dev.control.status()).slot);
    while ((await dev.control.status()).epoch <= gloasEpoch) {
      await dev.control.mine();
      reached = (await advanced(consensus, reached)).state;
    }
    const { fork, finalizedHeight } = await dev.control.status();
    expect(fork).toBe("gloas");
    // From Gloas a header anchors its parent's payload: one height less.
    const first = await dev.control.mine(2).then(() => advanced(consensus, reached));
    expect(first.state.latestHeight).toBe(BigInt(finalizedHeight + 1));
    expect(first.state.period).toBe(1n);
  });

  // A period has 4 epochs of 4 slots: Fulu begins in the middle of period 1, Gloas in the middle of period 2.
  it("crosses Electra, Fulu and Gloas with a rotation on both sides of each, and the contract with it", async () => {
    const sizes = { committeeSize: 32, slotsPerEpoch: 4, epochsPerPeriod: 4 } as const;
    const { chain: dev, consensus, state } = await follow({ ...sizes, fuluEpoch: 6, gloasEpoch: 10 });
    const contract = await deploySolidityBeacon(encodeTrustedState(state), now(state));
    const crossed = new Set<string>();
    let reached = state;
    while (reached.period < 4n) {
      await dev.control.mine(2);
      const next = await advanced(consensus, reached);
      contract.now = now(reached);
      for (const update of next.updates)
        expect(await contract.update(packBeaconUpdate(update, await contract.clientState()))).toEqual({
          result: "updated",
        });
      expect(await contract.clientState()).toEqual(encodeTrustedState(next.state));
      reached = next.state;
      crossed.add(`${(await dev.control.status()).fork} in period ${reached.period}`);
    }
    expect([...crossed]).toEqual([
      "electra in period 0",
      "electra in period 1",
      "fulu in period 1",
      "fulu in period 2",
      "gloas in period 2",
      "gloas in period 3",
      "gloas in period 4",
    ]);
  });

  it("bootstraps under Gloas", async () => {
    const { chain: dev, consensus, state } = await follow({ gloasEpoch: 0, chainId: 42002 });
    await dev.control.rotate();
    expect((await advanced(consensus, state)).state.period).toBe(state.period + 1n);
  });

  it.each([[undefined], [0]])("takes an equivocation for misbehaviour (Gloas from %s)", async (gloasEpoch) => {
    const { chain: dev, consensus, state } = await follow(gloasEpoch === undefined ? {} : { gloasEpoch });
    await dev.control.mine(2);
    const honest = await advanced(consensus, state);
    const [first] = honest.updates;
    if (first === undefined) throw new Error("no update");
    const evidence = await dev.control.equivocate();
    const otherSide = createBeaconEndpoint({
      name: "dev",
      url: `${dev.beaconUrl}/dev/equivocation`,
      timeoutSeconds: 10,
    });
    const second = encodeUpdate({
      state,
      update: await otherSide.finalityUpdate(),
      committee: beaconUpdate.decode(first).syncCommittee,
      executionHeader: hexToBytes(evidence.executionHeader.slice(2)),
    });
    const input = { trusted: encodeTrustedState(state), now: now(state) };
    const misbehaviour = beaconMisbehaviour.encode({ first, second });
    expect(verifyMisbehaviour({ ...input, misbehaviour })).toMatchObject({ ok: true });
    expect(applyUpdate(honest.state, second, now(state))).toBe("CONFLICTING_HEADER");
    const same = beaconMisbehaviour.encode({ first, second: first });
    expect(verifyMisbehaviour({ ...input, misbehaviour: same })).toMatchObject({ ok: false, reason: "NO_CONFLICT" });
  });

  it("finds nothing to trust on another seed's beacon", async () => {
    const { state } = await follow({});
    await chain?.stop();
    const other = await follow({ seed: 1 });
    await other.chain.control.mine(4);
    const stranger = { ...state, latestHeight: 0n, latestTimestamp: other.state.latestTimestamp };
    await expect(
      other.consensus.advance({
        state: stranger,
        now: now(other.state),
        minHeight: 0n,
        minTimestamp: 0n,
        mostWork: 600,
      }),
    ).rejects.toMatchObject({ code: "RPC_STALE" });
  });

  it("is brought nearer in pieces when it is far behind, absentees counting", async () => {
    const { chain: dev, consensus, state } = await follow({ committeeSize: 32, slotsPerEpoch: 8, epochsPerPeriod: 8 });
    for (let period = 0; period < 5; period += 1) await dev.control.rotate();
    const sizes: number[] = [];
    let reached = { state, isComplete: false };
    while (!reached.isComplete) {
      // Two updates count 80; a third is begun below 81.
      const next = await advanced(consensus, reached.state, 81);
      sizes.push(next.updates.length);
      reached = next;
    }
    expect(sizes).toEqual([3, 3]);
    expect(reached.state.latestHeight).toBe(BigInt((await dev.control.status()).finalizedHeight));
    dev.control.setAbsentees(10);
    expect((await advanced(consensus, state, 81)).updates).toHaveLength(2);
    expect((await advanced(consensus, state, 1)).updates).toHaveLength(1);
  });
});

// Validly signed updates in any order, across periods, forks and the ring's edges: both languages follow the same history,
// also under a row of the fork table that was added after the light client was created.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { judgeInSolidity, judgeInTypeScript } from "#test/support/agreement.ts";
import { electraRow, fuluRow, gloasRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { BeaconFixture, BeaconFixtureOptions, UpdateOptions } from "#test/support/beacon-evidence.ts";
import { alwaysDrawn, runs } from "#test/support/property-runs.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const START = 240n;
const seen = new Set<string>();

/** Mostly in order, close to the start, and sometimes anywhere. */
const step = fc.record({
  signed: fc.integer({ min: -30, max: 60 }),
  attested: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 3 }) }, { weight: 1, arbitrary: fc.nat(40) }),
  finalized: fc.oneof({ weight: 6, arbitrary: fc.nat(20) }, { weight: 1, arbitrary: fc.integer({ min: -2, max: 40 }) }),
  /** Finalizes the header that the light client starts from, when that is in the past. */
  again: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
  nextCommittee: fc.boolean(),
  otherNext: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
  height: fc.constantFrom(0n, 0n, 0n, 0n, -61n, 61n, -1n, 1n),
  time: fc.constantFrom(0n, 0n, 0n, 0n, -12n, 12n),
  stateRoot: fc.constantFrom(undefined, undefined, undefined, new Uint8Array(32).fill(5)),
});

/** Slots after the start; mostly later than everything that is signed. */
const clock = fc.oneof({ weight: 6, arbitrary: fc.constant(60) }, { weight: 1, arbitrary: fc.nat(60) });

const history = fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 4 }), at: clock });

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function optionsOf(chain: BeaconFixture, one: Step): UpdateOptions {
  const signatureSlot = START + BigInt(one.signed);
  const attestedSlot = signatureSlot - BigInt(one.attested);
  const finalizedSlot = one.again && attestedSlot > START ? START : attestedSlot - BigInt(one.finalized);
  const block = chain.blockOf(finalizedSlot);
  return {
    signatureSlot,
    attestedSlot,
    finalizedSlot,
    nextCommittee: one.nextCommittee,
    ...(one.otherNext ? { nextCommitteePeriod: 99n } : {}),
    execution: {
      number: block.number + one.height,
      timestamp: block.timestamp + one.time,
      ...(one.stateRoot ? { stateRoot: one.stateRoot } : {}),
    },
  };
}

const chains: Record<string, BeaconFixtureOptions & { readonly rowsAtCreation?: number }> = {
  "next committee unknown": {},
  "next committee known": { nextCommitteeKnown: true },
  "over the Gloas fork": { forks: [electraRow(28n), gloasRow(32n)] },
  "over forks that were added": { forks: [electraRow(28n), fuluRow(31n), gloasRow(32n)], rowsAtCreation: 1 },
};

describe.each(Object.entries(chains))("%s", async (_, { rowsAtCreation, ...options }) => {
  const chain = makeBeaconFixture({
    committeeSize: 8,
    slotsPerEpoch: 8n,
    epochsPerPeriod: 8n,
    startSlot: START,
    ...options,
  });
  const trusted = encodeTrustedState(chain.trusted);
  const { forks } = chain.trusted;
  const atCreation = forks.slice(0, rowsAtCreation ?? forks.length);
  const client = await deploySolidityBeacon(
    encodeTrustedState({ ...chain.trusted, forks: atCreation }),
    chain.timeOf(START),
  );
  for (const row of forks.slice(atCreation.length)) await client.addFork(row);

  test("up to four updates", async () => {
    const property = fc.asyncProperty(history, async ({ steps, at }) => {
      const now = chain.timeOf(START + BigInt(at));
      const updates = steps.map((one) => beaconUpdate.encode(chain.makeUpdate(optionsOf(chain, one))));
      const value = { updates, rootProof: new Uint8Array() } as unknown as Envelope;
      const expected = judgeInTypeScript(trusted, value, now);
      seen.add("reason" in expected ? expected.reason : "accepted");
      expect(await client.undone(() => judgeInSolidity(client, value, now))).toEqual(expected);
    });
    await fc.assert(property, runs(20, alwaysDrawn(fc.tuple(history), 20)));
  });
});

// Rarer outcomes are met by the vectors.
test.each(["accepted", "FUTURE_HEADER", "UNKNOWN_FORK", "UNKNOWN_PERIOD", "NON_MONOTONIC_TIME"])(
  "some histories end with %s",
  (outcome) => {
    expect([...seen]).toContain(outcome);
  },
);

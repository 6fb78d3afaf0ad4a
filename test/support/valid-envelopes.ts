// Valid envelopes about an invented chain, with everything an envelope can hold: what the property tests damage.
import { beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import type { ExpectedBinding } from "#adapters/protocol/binding.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { VerifyInput } from "#adapters/protocol/verdict.ts";
import { electraRow, gloasRow, makeBeaconFixture } from "./beacon-evidence.ts";
import type { BeaconFixture, BeaconFixtureOptions } from "./beacon-evidence.ts";
import { makeHistory } from "./history-evidence.ts";
import { makeStateFixture } from "./state-evidence.ts";

const router = "0x00000000000000000000000000000000000c0ffe";
const commitmentsSlot = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";

const entries = [1, 2, 3].map((index) => ({
  path: Uint8Array.of(0x61, index),
  value: new Uint8Array(32).fill(0xa0 + index),
}));
const absent = Uint8Array.of(0x61, 9);

export interface ValidEnvelope extends VerifyInput {
  readonly name: string;
  readonly asked: ExpectedBinding;
  /** Fields that hold nothing to be damaged. */
  readonly empty: readonly string[];
}

const state = await makeStateFixture({ router, commitmentsSlot, commitments: entries });

const claims = await Promise.all([
  ...entries.map(async ({ path, value }) => ({
    membership: 1n,
    path,
    value,
    proof: storageProof.encode(await state.storageProof(path)),
  })),
  (async () => ({
    membership: 0n,
    path: absent,
    value: new Uint8Array(),
    proof: storageProof.encode(await state.storageProof(absent)),
  }))(),
]);

const asked: ExpectedBinding = {
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  claims: [
    ...entries.map(({ path, value }) => ({ kind: "membership", path, value }) as const),
    { kind: "absence", path: absent },
  ],
};

/** `older`: the claims hold at this slot's block, which the last update's block is a descendant of. */
function valid(
  name: string,
  options: BeaconFixtureOptions,
  make: (chain: BeaconFixture) => readonly BeaconUpdate[],
  older?: bigint,
): ValidEnvelope {
  const past = older === undefined ? undefined : { ...makeBeaconFixture().blockOf(older), stateRoot: state.stateRoot };
  const history = past && makeHistory(past);
  const chain = makeBeaconFixture({
    committeeSize: 32,
    slotsPerEpoch: 8n,
    epochsPerPeriod: 8n,
    startSlot: 208n,
    maxClockDrift: 0n,
    router,
    commitmentsSlot,
    stateRoot: history?.stateRoot ?? state.stateRoot,
    ...options,
  });
  const updates = make(chain);
  const last = updates.at(-1);
  if (last === undefined) throw new Error("an envelope to be damaged has at least one update");
  const newest = chain.blockOf(last.finalizedHeader.slot);
  const block = past ?? newest;
  return {
    name,
    asked,
    empty: [
      ...(last.nextSyncCommittee.length > 0 ? [] : ["updates.nextSyncCommittee"]),
      ...(history === undefined ? ["rootProof.ancestry"] : []),
    ],
    trusted: encodeTrustedState(chain.trusted),
    now: chain.timeOf(last.signatureSlot),
    envelope: envelope.encode({
      version: 1n,
      sourceChain: asked.sourceChain,
      targetChain: asked.targetChain,
      clientId: asked.clientId,
      updates: updates.map((update) => beaconUpdate.encode(update)),
      height: block.number,
      rootProof: rootProof.encode({
        height: block.number,
        timestamp: block.timestamp,
        stateRoot: block.stateRoot,
        accountProof: state.accountProof,
        ancestry: history ? [{ ...history, height: newest.number, timestamp: newest.timestamp }] : [],
      }),
      claims,
    }),
  };
}

/** Valid for light clients that trust later committees of the same chain: nothing in it counts for those of `validEnvelopes`. */
export const foreignEnvelope: ValidEnvelope = valid("three periods later", { startSlot: 400n }, (chain) => [
  chain.makeUpdate({ signatureSlot: 432n, finalizedSlot: 416n, nextCommittee: true, absent: [4] }),
  chain.makeUpdate({ signatureSlot: 472n, finalizedSlot: 456n, nextCommittee: true, absent: [5, 6] }),
]);

// The fixture's secrets are in arithmetic progression: absentees of another set with the same sum have the same key. So two bytes of
// bits that are not the same have not as many absentees either, and none of them can take each other's place.
export const validEnvelopes: readonly ValidEnvelope[] = [
  valid("a finality update", {}, (chain) => [
    chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, absent: [3, 17, 18, 28, 29, 31] }),
  ]),
  valid("a next committee, then a rotation", {}, (chain) => [
    chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true, absent: [0] }),
    chain.makeUpdate({ signatureSlot: 280n, finalizedSlot: 264n, nextCommittee: true, absent: [1, 2] }),
  ]),
  valid("a finality update after Gloas", { forks: [electraRow(0n), gloasRow(27n)] }, (chain) => [
    chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, nextCommittee: true }),
  ]),
  valid(
    "claims about an ancestor",
    {},
    (chain) => [chain.makeUpdate({ signatureSlot: 240n, finalizedSlot: 224n, absent: [9] })],
    100n,
  ),
];

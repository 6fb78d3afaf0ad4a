// The invented chain that all beacon vectors are about: small committees, short periods, a packet store with a few entries.
import { packBeaconMisbehaviour } from "#adapters/evm/pack/beacon-misbehaviour.ts";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { encodeTrustedState, RING_SIZE } from "#adapters/evm/verify/trusted-state.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { beaconMisbehaviour, beaconUpdate, rootProof, storageProof } from "#adapters/evm/verify/evidence.ts";
import type { BeaconUpdate, RootProof } from "#adapters/evm/verify/evidence.ts";
import { ENVELOPE_VERSION, envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { consensusWord, electraRow, makeBeaconFixture } from "#test/support/beacon-evidence.ts";
import type { BeaconFixture, BeaconFixtureOptions, ExecutionBlock } from "#test/support/beacon-evidence.ts";
import { makeStateFixture } from "#test/support/state-evidence.ts";
import { stateHash, toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

const SOURCE = "causeway scripts/vectors/beacon.ts (invented chain, throw-away keys)";
export const router = "0x00000000000000000000000000000000000c0ffe";
export const commitmentsSlot = "0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600";
const none = new Uint8Array();

/** The packet store's contents: `short` is stored with 12 leading zero bytes. */
export const store = {
  first: { path: Uint8Array.of(1, 1), value: new Uint8Array(32).fill(0xa1) },
  second: { path: Uint8Array.of(1, 2), value: new Uint8Array(32).fill(0xb2) },
  short: { path: Uint8Array.of(1, 3), value: Uint8Array.from({ length: 32 }, (_, at) => (at < 12 ? 0 : 0xc3)) },
} as const;
export const absentPath = Uint8Array.of(9, 9);

export const execution = await makeStateFixture({
  router,
  commitmentsSlot,
  commitments: Object.values(store),
  otherAccounts: 20,
  otherCommitments: 20,
});

/** A chain whose packet store was never written to. */
export const emptyExecution = await makeStateFixture({
  router,
  commitmentsSlot,
  commitments: [],
  otherAccounts: 20,
  otherCommitments: 0,
});

/** Slots 192 to 255 are the trusted period 3; the light client starts at slot 208. */
export const makeChain = (options: BeaconFixtureOptions = {}): BeaconFixture =>
  makeBeaconFixture({
    committeeSize: 32,
    slotsPerEpoch: 8n,
    epochsPerPeriod: 8n,
    startSlot: 208n,
    forks: [electraRow(0n)],
    router,
    commitmentsSlot,
    stateRoot: execution.stateRoot,
    ...options,
  });

/** The state after a finalized header was accepted, written out without our verifier. */
export function moved(state: BeaconState, block: ExecutionBlock, slot: bigint): BeaconState {
  const ring = state.ring.with(Number(block.number % BigInt(RING_SIZE)), consensusWord(block));
  if (block.number <= state.latestHeight) return { ...state, ring };
  return { ...state, ring, latestHeight: block.number, latestTimestamp: block.timestamp, latestSlot: slot };
}

export const membership = async (entry: { path: Uint8Array; value: Uint8Array }): Promise<EnvelopeClaim> => ({
  membership: 1n,
  path: entry.path,
  value: entry.value,
  proof: storageProof.encode(await execution.storageProof(entry.path)),
});

export const absence = async (path: Uint8Array): Promise<EnvelopeClaim> => ({
  membership: 0n,
  path,
  value: none,
  proof: storageProof.encode(await execution.storageProof(path)),
});

export const rootProofAt = (block: ExecutionBlock): RootProof => ({
  height: block.number,
  timestamp: block.timestamp,
  stateRoot: block.stateRoot,
  accountProof: execution.accountProof,
  ancestry: [],
});

export const emptyEnvelope: Envelope = {
  version: ENVELOPE_VERSION,
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  updates: [],
  height: 0n,
  rootProof: none,
  claims: [],
};

interface Case {
  readonly name: string;
  readonly why: string;
  readonly state: BeaconState;
  readonly now: bigint;
  /** A reason, or the state that follows with the height and time at which claims hold. */
  readonly expect: Reason | { readonly state: BeaconState; readonly block: ExecutionBlock };
}

const common = ({ name, why, state, now, expect }: Case) => ({
  name,
  why,
  source: SOURCE,
  trusted: toHex(encodeTrustedState(state)),
  now: now.toString(),
  expect:
    typeof expect === "string"
      ? { reason: expect }
      : {
          state: stateHash(encodeTrustedState(expect.state)),
          height: expect.block.number.toString(),
          timestamp: expect.block.timestamp.toString(),
        },
});

type EnvelopeVector = Extract<Vector, { envelope: unknown; trusted: unknown }>;

export const rawEnvelopeVector = (one: Case, bytes: Uint8Array): EnvelopeVector => ({
  ...common(one),
  envelope: toHex(bytes),
});

export const envelopeVector = (one: Case, value: Partial<Envelope>): EnvelopeVector =>
  rawEnvelopeVector(one, envelope.encode({ ...emptyEnvelope, ...value }));

/** An envelope of updates alone, ending at the given block. */
export function updateVector(one: Case, updates: readonly BeaconUpdate[], last: ExecutionBlock): Vector {
  const canonical = updates.map((update) => beaconUpdate.encode(update));
  const trusted = encodeTrustedState(one.state);
  const packed = canonical.map((update) => toHex(packBeaconUpdate(update, trusted)));
  return {
    ...envelopeVector(one, { updates: canonical, height: last.number }),
    packed: { updates: packed, proof: "0x", paths: [], values: [] },
  };
}

/** An envelope of claims alone, at a block that is trusted already. */
export function claimsVector(one: Case, proof: RootProof, claims: readonly EnvelopeClaim[]): Vector {
  const canonical = rootProof.encode(proof);
  const proofs = claims.map((claim) => claim.proof);
  return {
    ...envelopeVector(one, { height: proof.height, rootProof: canonical, claims: [...claims] }),
    packed: {
      updates: [],
      proof: toHex(packStateProof(canonical, proofs)),
      paths: claims.map(({ path }) => toHex(path)),
      values: claims.map(({ value }) => toHex(value)),
    },
  };
}

export function misbehaviourVector(one: Case, first: BeaconUpdate, second: BeaconUpdate): Vector {
  const misbehaviour = beaconMisbehaviour.encode({
    first: beaconUpdate.encode(first),
    second: beaconUpdate.encode(second),
  });
  const packed = toHex(packBeaconMisbehaviour(misbehaviour, encodeTrustedState(one.state)));
  return { ...common(one), misbehaviour: toHex(misbehaviour), packed };
}

export const boundVector = (
  one: Pick<Case, "name" | "why"> & { readonly expect: Reason | "bound" },
  value: Partial<Envelope>,
  asked: Extract<Vector, { asked: unknown }>["asked"],
): Vector => ({
  name: one.name,
  why: one.why,
  source: SOURCE,
  envelope: toHex(envelope.encode({ ...emptyEnvelope, ...value })),
  asked,
  expect: one.expect === "bound" ? { bound: true } : { reason: one.expect },
});

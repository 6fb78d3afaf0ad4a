// The invented chain that all comet vectors are about, and the pieces every vector is put together from.
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { cometMisbehaviour, cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import { encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { CometState, ConsensusState } from "#adapters/cosmos/verify/trusted-state.ts";
import { envelope, ENVELOPE_VERSION } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { consensusStateOf, GENESIS_SECONDS, makeMembers, makeState, makeUpdate } from "#test/support/comet-evidence.ts";
import type { UpdateOptions } from "#test/support/comet-evidence.ts";
import { encodeProof, makeCosmosState } from "#test/support/cosmos-store.ts";
import { stateHash, toHex } from "../vector.ts";
import type { Vector } from "../vector.ts";

const SOURCE = "causeway scripts/vectors/comet.ts (invented chain, throw-away keys)";

const none = new Uint8Array();

/** Five validators; the first three have more than two thirds, the first alone more than a third. */
export const members = makeMembers("", [40n, 25n, 20n, 10n, 5n]);
/** Others, none of whom is among the members. */
export const strangers = makeMembers("stranger", [50n, 30n, 20n]);

/** Stored at even places; what lies between is absent. */
export const keyAt = (place: number): Uint8Array => utf8ToBytes(`client-0/${String(place).padStart(2, "0")}`);
export const valueAt = (place: number): Uint8Array => sha256(keyAt(place));
export const entries = Array.from({ length: 11 }, (_, index) => ({ key: keyAt(index * 2), value: valueAt(index * 2) }));
export const application = makeCosmosState(entries);

/** Block 100 is the latest trusted one, and has the application's state; 90 is trusted too. */
export const LATEST = 100n;
const { appHash } = application;
export const blocks = [
  { height: 90n, members },
  { height: LATEST, members, appHash },
];
export const state = makeState(blocks);
export const now = GENESIS_SECONDS + 600n;

/** An adjacent header; the default for all that says nothing else. */
export const update = (options: Partial<UpdateOptions> = {}): CometUpdate =>
  makeUpdate({ height: LATEST + 1n, trustedHeight: LATEST, members, ...options });

/** Ten blocks on, by the same validators or by others. */
export const skip = (options: Partial<UpdateOptions> = {}): CometUpdate =>
  update({ height: LATEST + 10n, trustedMembers: members, ...options });

/** The state after a header was accepted, written out without our verifier. */
export const moved = (from: CometState, { signedHeader }: CometUpdate): CometState => {
  if (signedHeader?.header === undefined) throw new RangeError("no header");
  const consensusStates = [...from.consensusStates, consensusStateOf(signedHeader.header)];
  return { ...from, consensusStates: consensusStates.slice(Math.max(0, consensusStates.length - 64)) };
};

export const lastOf = ({ consensusStates }: CometState): ConsensusState => {
  const last = consensusStates.at(-1);
  if (last === undefined) throw new RangeError("an empty state");
  return last;
};

export const emptyEnvelope: Envelope = {
  version: ENVELOPE_VERSION,
  sourceChain: "cosmos:causeway-1",
  targetChain: "eip155:2",
  clientId: "comet-0",
  updates: [],
  height: 0n,
  rootProof: none,
  claims: [],
};

export interface Case {
  readonly name: string;
  readonly why: string;
  readonly state?: CometState;
  readonly now?: bigint;
  readonly sourceChain?: string;
  /** A reason, or the state that follows; claims hold at its last height unless another is given. */
  readonly expect: Reason | { readonly state: CometState; readonly at?: ConsensusState };
}

function common({ name, why, expect, ...given }: Case) {
  const result = () => {
    if (typeof expect === "string") return { reason: expect };
    const { height, timestamp } = expect.at ?? lastOf(expect.state);
    return {
      state: stateHash(encodeTrustedState(expect.state)),
      height: height.toString(),
      timestamp: (timestamp / 1_000_000_000n).toString(),
    };
  };
  return {
    name,
    why,
    source: SOURCE,
    trusted: toHex(encodeTrustedState(given.state ?? state)),
    now: (given.now ?? now).toString(),
    expect: result(),
  };
}

export const rawEnvelopeVector = (one: Case, bytes: Uint8Array): Vector => ({ ...common(one), envelope: toHex(bytes) });

export const envelopeVector = (one: Case, value: Partial<Envelope>): Vector =>
  rawEnvelopeVector(
    one,
    envelope.encode({ ...emptyEnvelope, sourceChain: one.sourceChain ?? emptyEnvelope.sourceChain, ...value }),
  );

/** An envelope of updates alone, ending at the last one's height. */
export const rawUpdateVector = (one: Case, updates: readonly Uint8Array[], height: bigint): Vector =>
  envelopeVector(one, { updates: [...updates], height });

export const updateVector = (one: Case, ...updates: readonly CometUpdate[]): Vector =>
  rawUpdateVector(
    one,
    updates.map((each) => cometUpdate.encode(each)),
    updates.at(-1)?.signedHeader?.header?.height ?? LATEST,
  );

export const rootProof = encodeProof(application.rootProof);

/** An envelope of claims alone, at the latest trusted block. */
export const claimsVector = (
  one: Case,
  claims: readonly EnvelopeClaim[],
  given: { readonly rootProof?: Uint8Array; readonly height?: bigint } = {},
): Vector => envelopeVector(one, { height: LATEST, rootProof, claims: [...claims], ...given });

export const membership = (place: number): EnvelopeClaim => ({
  membership: 1n,
  path: keyAt(place),
  value: valueAt(place),
  proof: encodeProof(application.store.prove(keyAt(place))),
});

export const absence = (path: Uint8Array): EnvelopeClaim => ({
  membership: 0n,
  path,
  value: none,
  proof: encodeProof(application.store.prove(path)),
});

export const misbehaviourVector = (
  one: Case,
  header1: CometUpdate | undefined,
  header2: CometUpdate | undefined,
): Vector => ({
  ...common(one),
  misbehaviour: toHex(cometMisbehaviour.encode({ header1, header2 })),
});

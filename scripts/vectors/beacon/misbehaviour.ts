// Vectors: reports that a committee signed two contradicting headers.
import type { BeaconUpdate } from "#adapters/evm/verify/evidence.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeChain, misbehaviourVector } from "./chain.ts";
import type { Vector } from "../vector.ts";

const chain = makeChain();
const now = chain.timeOf(240n);
const options = { signatureSlot: 240n, finalizedSlot: 224n };
const block = chain.blockOf(224n);
const one = chain.makeUpdate(options);

const proven = (name: string, why: string, first: BeaconUpdate, second: BeaconUpdate): Vector =>
  misbehaviourVector(
    { name, why, state: chain.trusted, now, expect: { state: { ...chain.trusted, frozen: true }, block } },
    first,
    second,
  );

const refused = (
  expect: Reason,
  name: string,
  why: string,
  second: BeaconUpdate,
  changes: Partial<BeaconState> = {},
): Vector => misbehaviourVector({ name, why, state: { ...chain.trusted, ...changes }, now, expect }, one, second);

export const misbehaviourVectors = (): Vector[] => [
  proven(
    "misbehaviour-same-slot",
    "two finalized headers of one slot",
    one,
    chain.makeUpdate({ ...options, variant: "b" }),
  ),
  proven(
    "misbehaviour-same-height",
    "two execution blocks of one height, finalized in different slots",
    one,
    chain.makeUpdate({ ...options, finalizedSlot: 225n, execution: { number: block.number } }),
  ),
  refused("NO_CONFLICT", "no-conflict-same-update", "an update does not contradict itself", one),
  refused(
    "NO_CONFLICT",
    "no-conflict-two-slots",
    "two headers of one history",
    chain.makeUpdate({ ...options, finalizedSlot: 225n }),
  ),
  refused("INVALID_SIGNATURE", "misbehaviour-forged-signature", "anybody can write a second header", {
    ...chain.makeUpdate({ ...options, variant: "b" }),
    syncCommitteeSignature: one.syncCommitteeSignature,
  }),
  refused("CLIENT_FROZEN", "misbehaviour-frozen-already", "a frozen light client is not frozen again", one, {
    frozen: true,
  }),
];

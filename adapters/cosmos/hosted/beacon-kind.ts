// 08-wasm with our contract: takes canonical evidence about a beacon chain after one byte that says what it is.
import { concatBytes } from "@noble/hashes/utils.js";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { ClientMessage } from "cosmjs-types/ibc/lightclients/wasm/v1/wasm";
import { beaconFields } from "./beacon-state.ts";
import { isApplied } from "./beacon-update.ts";
import type { HostedKind } from "./hosted-kind.ts";

/** The first byte of a client message. */
export const TAG = { update: 0, rootProof: 1, misbehaviour: 2 } as const;

const clientMessage = (tag: keyof typeof TAG, evidence: Uint8Array): Any => ({
  typeUrl: ClientMessage.typeUrl,
  value: ClientMessage.encode({ data: concatBytes(Uint8Array.of(TAG[tag]), evidence) }).finish(),
});

export const beaconKind: HostedKind = {
  neededUpdates(state, updates) {
    const fields = beaconFields(state);
    const first = fields === undefined ? 0 : updates.findIndex((update) => !isApplied(fields, update));
    return first === -1 ? [] : updates.slice(first);
  },
  update: (update) => clientMessage("update", update),
  // The light client remembers the storage root that it proves, so that the proofs at one height share the account's.
  beforeProofs: (rootProof) => [clientMessage("rootProof", rootProof)],
  stateProof: (claim) => claim,
  proofHeight: (_, revisionHeight) => ({ revisionNumber: 0n, revisionHeight }),
  misbehaviour: (_, report) => clientMessage("misbehaviour", report),
};

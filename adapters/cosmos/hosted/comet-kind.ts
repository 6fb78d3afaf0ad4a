// 07-tendermint: takes canonical evidence about a CometBFT chain as it is.
import { concatBytes } from "@noble/hashes/utils.js";
import { Header, Misbehaviour } from "cosmjs-types/ibc/lightclients/tendermint/v1/tendermint";
import { messageField, stringField } from "#adapters/protocol/protobuf.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import { revisionOf } from "../verify/chain-id.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { cometUpdate } from "../verify/evidence.ts";
import { heldAt } from "../verify/status.ts";
import { nanoseconds } from "../verify/time.ts";
import { decodeTrustedState } from "../verify/trusted-state.ts";
import type { CometState } from "../verify/trusted-state.ts";
import type { HostedKind } from "./hosted-kind.ts";

function decodeState(bytes: Uint8Array): CometState {
  const state = decodeTrustedState(bytes);
  if (state === undefined)
    throw new CausewayError("INVALID_ARGUMENT", "the bytes are no state of a comet light client");
  return state;
}

function isHeld(state: CometState, bytes: Uint8Array): boolean {
  const header = decodeExactly(cometUpdate, bytes)?.signedHeader?.header;
  if (header === undefined) return false;
  const held = heldAt(state, header.height);
  return (
    held?.timestamp === nanoseconds(header.time) &&
    held.appHash === toHex(header.appHash) &&
    held.nextValidatorsHash === toHex(header.nextValidatorsHash)
  );
}

export const cometKind: HostedKind = {
  // Each builds on the one before: those up to one that is held are of no use any more.
  neededUpdates(bytes, updates) {
    const state = decodeState(bytes);
    return updates.slice(updates.findLastIndex((update) => isHeld(state, update)) + 1);
  },
  update: (value) => ({ typeUrl: Header.typeUrl, value }),
  beforeProofs: () => [],
  // ibc.core.commitment.v1.MerkleProof, innermost first.
  stateProof: (claim, rootProof) => concatBytes(messageField(1, claim), messageField(1, rootProof)),
  proofHeight: (state, revisionHeight) => ({ revisionNumber: revisionOf(decodeState(state).chainId), revisionHeight }),
  // A report leaves the deprecated client id out, which ibc-go still wants.
  misbehaviour: (clientId, report) => ({
    typeUrl: Misbehaviour.typeUrl,
    value: concatBytes(stringField(1, clientId), report),
  }),
};

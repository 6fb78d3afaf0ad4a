// How a light client of one kind, hosted on an ibc-go chain, takes canonical evidence.
import type { Any } from "cosmjs-types/google/protobuf/any";
import type { Height } from "cosmjs-types/ibc/core/client/v1/client";

export interface HostedKind {
  /** Those that lead further than the canonical state is: somebody else may have brought some meanwhile. */
  neededUpdates(state: Uint8Array, updates: readonly Uint8Array[]): readonly Uint8Array[];
  /** For MsgUpdateClient. */
  update(update: Uint8Array): Any;
  /** What has to be told, beside updates, before anything is proven at a height. */
  beforeProofs(rootProof: Uint8Array): readonly Any[];
  /** A claim's proof as packet messages carry it. */
  stateProof(claim: Uint8Array, rootProof: Uint8Array): Uint8Array;
  proofHeight(state: Uint8Array, height: bigint): Height;
  /** For MsgUpdateClient, which freezes the light client. */
  misbehaviour(clientId: string, report: Uint8Array): Any;
}

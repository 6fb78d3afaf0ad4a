// What differs between the kinds of light clients that an EVM chain hosts: what their canonical state says, and how their
// contracts take the canonical evidence of the family they are about.
import type { ChainContext } from "../context.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Sender } from "../submit/sender.ts";

/** Unix seconds, and seconds. */
export interface HostedState {
  readonly height: bigint;
  readonly timestamp: bigint;
  /** The first second in which it counts as expired. */
  readonly expiresAt: bigint;
  readonly trustingPeriod: bigint;
}

/** Canonical proofs of claims at one trusted height. */
export interface StateEvidence {
  readonly height: bigint;
  readonly rootProof: Uint8Array;
  /** In the order in which the contract is told the claims. */
  readonly claims: readonly Uint8Array[];
}

/** An update as it was packed, and what a light client that accepts it says it brought. */
export interface UnpackedUpdate {
  /** Canonical, without what the packing leaves out. */
  readonly update: Uint8Array;
  readonly height: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly root: Uint8Array;
}

/** States and evidence are canonical bytes; `state` is that of the light client which will judge. */
export interface HostedKind {
  /** As `TrustedClient` and the contract's `clientType()` have it; client ids begin with it, and have eight characters at least. */
  readonly clientType: string;
  /** Undefined for bytes that are no state of this kind. */
  read(state: Uint8Array): HostedState | undefined;
  /** Whether the update would bring the light client nothing, because of updates that came before it. */
  isApplied(state: Uint8Array, update: Uint8Array): boolean;
  packUpdate(update: Uint8Array, state: Uint8Array): Uint8Array;
  packStateProof(evidence: StateEvidence): Uint8Array;
  packMisbehaviour(report: Uint8Array, state: Uint8Array): Uint8Array;
  /** Code that creates the contract with this state; what it needs beside it is deployed by `from`, where it is not there yet. */
  creationCode(context: ChainContext, from: Sender, state: Uint8Array): Promise<Hex>;
  /** Undefined for bytes that are no packed update. Absent where a packing keeps too little of the update. */
  readonly unpackUpdate?: (packed: Uint8Array) => UnpackedUpdate | undefined;
}

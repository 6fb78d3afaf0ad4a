// What a verifier says about evidence: trusted with a new state, or refused with a reason. It never throws.
import type { Reason } from "./reason.ts";

export type Verdict =
  | {
      readonly ok: true;
      /** Canonical trusted state after the envelope's updates. */
      readonly trusted: Uint8Array;
      /** Height at which the claims hold. */
      readonly height: bigint;
      /** Unix seconds of that height on the source chain. */
      readonly timestamp: bigint;
    }
  | { readonly ok: false; readonly reason: Reason; /** Which part of the evidence, for people. */ readonly at: string };

export interface VerifyInput {
  /** Canonical trusted state of the light client, as the target chain holds it. */
  readonly trusted: Uint8Array;
  /** Canonical envelope bytes. */
  readonly envelope: Uint8Array;
  /** Unix seconds on the target chain's clock. */
  readonly now: bigint;
}

/** Pure: no I/O, clock or randomness; any bytes give a verdict. */
export type Verify = (input: VerifyInput) => Verdict;

export interface MisbehaviourInput {
  /** Canonical trusted state of the light client, as the target chain holds it. */
  readonly trusted: Uint8Array;
  /** The family's canonical report. */
  readonly misbehaviour: Uint8Array;
  /** Unix seconds on the target chain's clock. */
  readonly now: bigint;
}

/** Pure and total. With `ok` the report freezes the light client, and `trusted` is its frozen state. */
export type VerifyMisbehaviour = (input: MisbehaviourInput) => Verdict;

export const refuse = (reason: Reason, at: string): Verdict & { ok: false } => ({ ok: false, reason, at });

// What a chain's own endpoints say against what a light client of it believes, and the evidence for it.
import type { TrustedClient } from "./trusted-client.ts";

/** Something a light client believes that its chain did not finalize. */
export interface Contradiction {
  /** Of the source chain. */
  readonly height: bigint;
  /** For people: what the light client believes, and what the chain finalized. */
  readonly what: string;
  /** `proven`: by the chain's finality, which we verified ourselves; `told`: by every endpoint of the chain. */
  readonly basis: "proven" | "told";
}

export interface Comparison {
  readonly contradictions: readonly Contradiction[];
  readonly uncompared: readonly Uncompared[];
}

/** `ahead`: our endpoints have not finalized it yet; `unserved`: none of them says, or they disagree. */
export interface Uncompared {
  readonly height: bigint;
  readonly because: "ahead" | "unserved";
  readonly why: string;
}

/** The update that brought a height to a light client, as the history of the chain that hosts it shows it. */
export type AcceptedUpdate =
  | {
      readonly ok: true;
      /** The source family's canonical evidence, without what the hosting chain was never given (keys of validators). */
      readonly update: Uint8Array;
      readonly transaction: string;
    }
  | { readonly ok: false; readonly why: string };

export interface ContradictRequest {
  readonly trusted: TrustedClient;
  /** An `AcceptedUpdate`'s. */
  readonly accepted: Uint8Array;
}

/** The source family's canonical report of misbehaviour, or why there is none. */
export type ContradictAnswer =
  | { readonly ok: true; readonly report: Uint8Array }
  | { readonly ok: false; readonly why: string };

export interface MisbehaviourReport {
  /** Stable name: reporting again continues the same transaction. */
  readonly id: string;
  readonly clientId: string;
  /** Canonical, and judged before. */
  readonly report: Uint8Array;
}

// Everything that happens in the pipeline, as one union; metrics and logs subscribe to it.
import type { ChainId } from "#adapters/chain-id.ts";
import type { Message } from "#adapters/message.ts";
import type { ForkAhead } from "#adapters/source-chain.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";

export type Stage = "watch" | "prove" | "queue" | "verify" | "submit" | "log";

export type RelayEvent =
  /** From now on this process works for the chain, or another one may. */
  | { readonly type: "lease"; readonly chain: ChainId; readonly held: boolean }
  | {
      readonly type: "watched";
      readonly chain: ChainId;
      readonly from: bigint;
      readonly to: bigint;
      readonly events: number;
      readonly seconds: number;
    }
  | { readonly type: "gap"; readonly chain: ChainId; readonly from: bigint; readonly to: bigint; readonly why: string }
  | {
      readonly type: "proved";
      readonly lane: string;
      readonly batch: string;
      readonly messages: number;
      readonly seconds: number;
    }
  /** By a worker; `seconds` since it was proven. */
  | { readonly type: "taken"; readonly lane: string; readonly batch: string; readonly seconds: number }
  | {
      readonly type: "verified";
      readonly lane: string;
      readonly batch: string;
      readonly verdict: Verdict;
      readonly seconds: number;
    }
  | {
      readonly type: "submitted";
      readonly lane: string;
      readonly batch: string;
      readonly transaction: string | undefined;
      readonly fee: bigint;
      readonly seconds: number;
    }
  | { readonly type: "logged"; readonly lane: string; readonly batch: string; readonly index: bigint }
  /** Its outcome is in the log, and its messages are settled; `seconds` since the target answered. */
  | { readonly type: "closed"; readonly lane: string; readonly batch: string; readonly seconds: number }
  | {
      readonly type: "delivered";
      readonly lane: string;
      readonly leg: Message["kind"];
      /** `already`: by somebody else, or by an earlier run. */
      readonly status: "delivered" | "already" | "refused";
      /** Since the relayer saw what calls for it. */
      readonly seconds: number;
    }
  /** Looked for again and again; empty when the light client knows all there is. */
  | { readonly type: "forks"; readonly lane: string; readonly ahead: readonly ForkAhead[] }
  | { readonly type: "waiting"; readonly lane: string; readonly height: bigint | undefined }
  | {
      readonly type: "failed";
      readonly stage: Stage;
      /** A lane, or the chain in the first stage. */
      readonly where: string;
      readonly code: string;
      readonly error: unknown;
    }
  /** A light client believes what its chain did not finalize: its lane stands still from here on. */
  | {
      readonly type: "contradicted";
      readonly lane: string;
      readonly height: bigint;
      readonly what: string;
      readonly basis: "proven" | "told";
    }
  /** After a contradiction; `transaction` is ours, if it was our report. */
  | {
      readonly type: "frozen";
      readonly lane: string;
      readonly height: bigint;
      readonly transaction: string | undefined;
    }
  /** A contradiction that could not be reported: the light client is not frozen. */
  | {
      readonly type: "unreported";
      readonly lane: string;
      readonly height: bigint;
      readonly code: string;
      readonly why: string;
    }
  /** What a light client believes about these heights nobody could compare. */
  | { readonly type: "uncompared"; readonly lane: string; readonly heights: number; readonly why: string }
  | { readonly type: "cleared"; readonly lane: string; readonly outstanding: number; readonly reopened: number };

export type Emit = (event: RelayEvent) => void;
export type Listener = (event: RelayEvent) => void;

export function createEmitter(listeners: readonly Listener[]): Emit {
  return (event) => {
    for (const listener of listeners) listener(event);
  };
}

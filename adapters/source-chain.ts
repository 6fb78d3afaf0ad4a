import type { Claim } from "./protocol/claim.ts";
import type { ChainId } from "./chain-id.ts";
import type { Comparison, ContradictAnswer, ContradictRequest } from "./misbehaviour.ts";
import type { PacketEvent } from "./packet-event.ts";
import type { TrustedClient, TrustedFact } from "./trusted-client.ts";

/** The chain where something was committed: reads and proves. */
export interface SourceChain {
  /** Finalized events in height order, from the height after `from`; ends when the signal aborts. Safe to call again. */
  watch(from: Cursor | undefined, signal: AbortSignal): AsyncIterable<Watched>;
  /**
   * Canonical envelope. Throws NOT_FINAL_YET (with the height to wait for) when no provable height reaches the request, CLIENT_BEHIND when the
   * light client is so far behind that it has to be brought nearer first, by requests without claims.
   */
  prove(request: ProveRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** Sequences sent through this client whose commitments the chain's finalized state still holds. */
  outstanding(clientId: string): Promise<bigint[]>;
  /** What this chain is going to change, or has changed, that a light client of it does not know; in that order. */
  forksAhead(client: HostedClient): Promise<readonly ForkAhead[]>;
  /** The send events of these sequences, and what was written for them, read again from the chain's history. */
  recover(clientId: string, sequences: readonly bigint[]): Promise<PacketEvent[]>;
  /** Holds what a light client believes, whatever its status, against what this chain's own endpoints finalized. */
  compare(trusted: TrustedClient, signal: AbortSignal): Promise<Comparison>;
  /** Signed evidence of our own endpoints against an update that a light client accepted. */
  contradict(request: ContradictRequest, signal: AbortSignal): Promise<ContradictAnswer>;
  /** What a trusted state says about this chain, for people to compare with sources of their own. */
  describe(state: Uint8Array): Promise<readonly TrustedFact[]>;
}

export interface Cursor {
  readonly height: bigint;
  readonly hash: string;
}

export type Watched =
  | {
      readonly kind: "indexed";
      /** Every height in [from, to] was seen. */
      readonly from: bigint;
      readonly to: bigint;
      readonly cursor: Cursor;
      /** Unix seconds of `to`. */
      readonly timestamp: bigint;
      readonly events: readonly PacketEvent[];
    }
  | { readonly kind: "gap"; readonly from: bigint; readonly to: bigint; readonly cursor: Cursor; readonly why: string };

/** A light client, with the chain that hosts it. */
export interface HostedClient {
  readonly targetChain: ChainId;
  readonly trusted: TrustedClient;
}

/** A fork of the chain that a light client follows, and does not know: from then on it accepts nothing. */
export interface ForkAhead {
  /** As its chain calls it. */
  readonly name: string;
  /** Unix seconds. */
  readonly beginsAt: bigint;
  readonly hasBegun: boolean;
  readonly problem: string;
  /** What an operator can do. */
  readonly hint: string;
}

export interface ProveRequest extends HostedClient {
  /** The proof's height must reach this; without claims it may take several requests, each from what the last one led to. */
  readonly minHeight: bigint;
  /** For absence: the proof's timestamp must reach this (Unix seconds). */
  readonly minTimestamp?: bigint | undefined;
  /** May be empty: then only the light client's update is proven. */
  readonly claims: readonly Claim[];
}

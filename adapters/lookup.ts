// What a chain tells people about packets, final or not. It proves nothing, and an endpoint may lie: whatever signs rests on `watch` and
// on proofs, never on this.
import type { Message } from "./message.ts";
import type { PacketEvent } from "./packet-event.ts";

export interface ChainLookup {
  head(signal: AbortSignal): Promise<ChainHead>;
  /** Undefined when the chain does not know it, or the id cannot be one of its transactions. */
  transaction(id: string, signal: AbortSignal): Promise<FoundTransaction | undefined>;
  /** Packet events of one light client, newest first, down to the first height that can hold packets. The caller stops when it has enough. */
  events(query: EventQuery, signal: AbortSignal): AsyncIterable<Stretch>;
  /** Unix seconds at which a block of that time (Unix seconds, past or to come) is expected to be final. */
  finalAt(timestamp: bigint, signal: AbortSignal): Promise<bigint>;
  /** What an application had against a message. Undefined when it has nothing against it, or nothing tells. */
  complaint(query: ComplaintQuery, signal: AbortSignal): Promise<Complaint | undefined>;
}

export interface ChainHead {
  readonly height: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly finalizedHeight: bigint;
  /** Unix seconds. */
  readonly finalizedTimestamp: bigint;
}

export interface FoundTransaction {
  /** As the chain writes it. */
  readonly id: string;
  /** `waiting`: known, and in no block yet. */
  readonly status: "waiting" | "included" | "reverted";
  /** Absent while it waits. */
  readonly place?: { readonly height: bigint; readonly timestamp: bigint } | undefined;
  readonly events: readonly PacketEvent[];
}

export interface EventQuery {
  readonly clientId: string;
  /** All packets' when absent. */
  readonly sequence?: bigint | undefined;
}

export interface Stretch {
  /** Every height in [from, to] was looked at. */
  readonly from: bigint;
  readonly to: bigint;
  /** Unix seconds of `from`. */
  readonly timestamp: bigint;
  /** Newest first. */
  readonly events: readonly PacketEvent[];
}

export interface ComplaintQuery {
  readonly message: Message;
  /** The height at which a received packet was answered; absent for a message that is still to be delivered. */
  readonly answeredAt?: bigint | undefined;
  /** Unix seconds: nothing of the message happened before. */
  readonly since: bigint;
}

export interface Complaint {
  /** `failed`: neither taken nor refused, so that it is still to be delivered. */
  readonly what: "refused" | "failed";
  /** In the words of its contract; absent when it gave none. */
  readonly reason?: string | undefined;
  /** The chain's record, or what comes out when it is tried without effect. */
  readonly by: "event" | "trial";
}

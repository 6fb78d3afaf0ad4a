import type { Packet } from "./protocol/packet.ts";
import type { Message } from "./message.ts";
import type { AcceptedUpdate, MisbehaviourReport } from "./misbehaviour.ts";
import type { TrustedClient, TrustedView } from "./trusted-client.ts";

/** The chain that hosts the light client and takes delivery. */
export interface TargetChain {
  trusted(clientId: string): Promise<TrustedClient>;
  /** The same as each endpoint that answers shows it. Throws when none does. */
  views(clientId: string): Promise<readonly TrustedView[]>;
  /** Where each packet stands at the head of this chain, as destination (`receive`) or as its source. Same order as asked. */
  standing(queries: readonly StandingQuery[]): Promise<Standing[]>;
  /** Delivers what is still open of one verified batch, and follows it to inclusion. */
  submit(batch: SubmitBatch, signal: AbortSignal): Promise<SubmitResult>;
  /** Finds the update behind what a light client believes about a height again. */
  accepted(clientId: string, height: bigint): Promise<AcceptedUpdate>;
  /** Freezes a light client with a report that was judged before. Nothing is sent when it is frozen already. */
  report(report: MisbehaviourReport, signal: AbortSignal): Promise<SubmitResult>;
}

export interface StandingQuery {
  readonly kind: Message["kind"];
  readonly packet: Packet;
}

/** `open`: the message may be delivered. `done`: it was delivered already, by whomever. */
export type Standing = "open" | "done";

export interface SubmitBatch {
  /** Stable name of the batch: submitting it again continues the same transaction instead of paying twice. */
  readonly id: string;
  readonly clientId: string;
  readonly envelope: Uint8Array;
  /** messages[i] is proven by the envelope's claims[i]. Empty: only the light client is updated. */
  readonly messages: readonly Message[];
}

export type Delivery =
  | { readonly status: "delivered" }
  /** Somebody else, or an earlier run, delivered it: a success. */
  | { readonly status: "already" }
  /** Included, but this message was not carried out. */
  | { readonly status: "refused"; readonly reason: string }
  /** There was no room for it in this transaction: it goes next, and nothing is wrong with it. */
  | { readonly status: "left" };

export interface SubmitResult {
  /** Absent when nothing had to be sent. */
  readonly transaction?: { readonly id: string; readonly height: bigint; readonly fee: bigint } | undefined;
  /** Same order as the batch's messages. */
  readonly deliveries: readonly Delivery[];
  /** How many messages like these one transaction carries; told when some had to be left. */
  readonly most?: number | undefined;
}

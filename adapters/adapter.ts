// The interface a chain family implements. What passes between families is bytes that only the source family understands.
import type { Claim } from "./protocol/claim.ts";
import type { Packet } from "./protocol/packet.ts";
import type { Verdict, Verify, VerifyInput, VerifyMisbehaviour } from "./protocol/verdict.ts";
import type { Logger } from "./logger.ts";
import type { ChainLookup } from "./lookup.ts";
import type { ClientMigrations } from "./migration.ts";
import type {
  AcceptedUpdate,
  Comparison,
  ContradictAnswer,
  ContradictRequest,
  MisbehaviourReport,
} from "./misbehaviour.ts";
import type { RpcRequest } from "./rpc/meter.ts";
import type { ReadSecret } from "./secret.ts";
import type { TransactionStore } from "./transaction-store.ts";
import type { NewClient, TrustedClient, TrustedFact, TrustedView } from "./trusted-client.ts";
import type { ZodType } from "zod";

/** CAIP-2 chain id, e.g. "eip155:1". */
export type ChainId = string;

/** One family of chains. `Config` is its block of the configuration, with `family` as discriminator. */
export interface AdapterFamily<Config extends { family: string; chainId: ChainId } = never> {
  readonly family: Config["family"];
  readonly configSchema: ZodType<Config>;
  /** Connects lazily; throws WRONG_CHAIN_ID, CONTRACT_MISSING or RPC_UNREACHABLE when the chain is not what the config says. */
  open(config: Config, dependencies: AdapterDependencies): Promise<Chain>;
  /** Judges evidence about chains of this family. */
  readonly verify: Verify;
  /** Judges a report that chains of this family gave a light client contradicting evidence. */
  readonly verifyMisbehaviour: VerifyMisbehaviour;
}

export interface AdapterDependencies {
  readonly logger: Logger;
  readonly transactions: TransactionStore;
  /** Resolves the secret references of the chain's config, when it signs or authenticates. */
  readonly readSecret: ReadSecret;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Judges evidence about this chain as `verify` does, where that holds up nobody; absent: it is judged where it was made. */
  readonly judge?: ((input: VerifyInput) => Verdict | Promise<Verdict>) | undefined;
  /** Told of every exchange with an endpoint. */
  readonly requests?: ((request: RpcRequest) => void) | undefined;
}

/** An opened chain: each member is one role a chain plays. */
export interface Chain {
  readonly chainId: ChainId;
  readonly source: SourceChain;
  readonly target: TargetChain;
  readonly admin: ChainAdmin;
  readonly apps: ChainApps;
  readonly lookup: ChainLookup;
  health(): Promise<ChainHealth>;
  close(): Promise<void>;
}

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

/** Opening a lane: creating the light client of a counterparty and naming it; and recovering one. */
export interface ChainAdmin {
  /** What a new light client of this chain begins with: its newest finalized header. */
  bootstrap(options: { readonly trustingPeriod: bigint }): Promise<NewClient>;
  /** Creates a light client on this chain; returns its client id. Throws UNSUPPORTED for a type that this chain cannot host. */
  createClient(client: NewClient): Promise<string>;
  /**
   * What a light client of this chain has to be told about its forks, oldest first: canonical, for `addFork` of the chain that hosts it,
   * and the same in the eyes of every endpoint. Throws FORK_UNKNOWN when telling it would not help.
   */
  missingForks(client: HostedClient): Promise<readonly MissingFork[]>;
  /** Puts the fork at the end of what the light client hosted here knows; each call does the next step that is due. */
  addFork(clientId: string, fork: Uint8Array): Promise<DelayedAction>;
  /** Idempotent when the same counterparty is registered already. */
  registerCounterparty(clientId: string, counterparty: Counterparty): Promise<void>;
  readonly terms: CounterpartyTerms;
  readonly migrations: ClientMigrations;
}

/** What a counterparty has to know of this chain. */
export interface CounterpartyTerms {
  /** How this chain's packet store is addressed under its state root. */
  readonly merklePrefix: readonly Uint8Array[];
  /** Most payloads in one packet that it receives. */
  readonly maxPayloads: number;
}

export interface Counterparty extends CounterpartyTerms {
  /** The light client that it hosts. */
  readonly clientId: string;
}

/** Sending through the standard applications, for the command line and the demo. */
export interface ChainApps {
  transfer(request: TransferRequest): Promise<Sent>;
  send(request: MessageRequest): Promise<Sent>;
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

interface EventPlace {
  /** Name the packet on this chain: a packet's client id here, and its sequence. */
  readonly clientId: string;
  readonly sequence: bigint;
  readonly height: bigint;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly transaction: string;
  readonly index: number;
}

/** Only the chain that sent a packet says what is in it. */
export type PacketEvent =
  | ({ readonly kind: "sent"; readonly packet: Packet } & EventPlace)
  | ({ readonly kind: "received" } & EventPlace)
  | ({ readonly kind: "acknowledgementWritten"; readonly acknowledgements: readonly Uint8Array[] } & EventPlace)
  | ({ readonly kind: "acknowledged" } & EventPlace)
  | ({ readonly kind: "timedOut" } & EventPlace);

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

export interface MissingFork {
  /** As its chain calls it. */
  readonly name: string;
  /** What makes it up, for people. */
  readonly description: string;
  readonly fork: Uint8Array;
}

/** An admin's action, which takes effect only after the delay of whoever may do it. */
export type DelayedAction =
  | {
      readonly status: "scheduled";
      /** Unix seconds on the chain's clock from which on calling again carries it out. */
      readonly readyAt: bigint;
      /** Absent when it was scheduled before. */
      readonly transaction?: string | undefined;
    }
  | {
      readonly status: "done";
      /** Absent when nothing was left to do. */
      readonly transaction?: string | undefined;
    };

export interface ProveRequest extends HostedClient {
  /** The proof's height must reach this; without claims it may take several requests, each from what the last one led to. */
  readonly minHeight: bigint;
  /** For absence: the proof's timestamp must reach this (Unix seconds). */
  readonly minTimestamp?: bigint | undefined;
  /** May be empty: then only the light client's update is proven. */
  readonly claims: readonly Claim[];
}

export type Message =
  | { readonly kind: "receive"; readonly packet: Packet }
  | { readonly kind: "acknowledge"; readonly packet: Packet; readonly acknowledgements: readonly Uint8Array[] }
  | { readonly kind: "timeout"; readonly packet: Packet };

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

export interface ChainHealth {
  readonly endpoints: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly height?: bigint;
    readonly problem?: string;
  }[];
  readonly height: bigint;
  readonly finalizedHeight: bigint;
  readonly signer?: { readonly address: string; readonly balance: bigint } | undefined;
}

export interface TransferRequest {
  readonly sourceClient: string;
  /** Local token (contract address, native denom). */
  readonly denom: string;
  readonly amount: bigint;
  readonly receiver: string;
  readonly memo: string;
  /** Unix seconds. */
  readonly timeoutTimestamp: bigint;
}

export interface MessageRequest {
  readonly sourceClient: string;
  readonly receiver: string;
  readonly payload: Uint8Array;
  readonly timeoutTimestamp: bigint;
}

export interface Sent {
  readonly packet: Packet;
  readonly transaction: string;
  readonly height: bigint;
}

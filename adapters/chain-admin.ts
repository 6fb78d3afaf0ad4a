// What an admin does on a chain: light clients are created, named, told of forks, and replaced.
import type { ClientMigrations } from "./migration.ts";
import type { HostedClient } from "./source-chain.ts";
import type { NewClient } from "./trusted-client.ts";

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

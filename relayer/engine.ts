// What the stages of the pipeline share: the chains, the stores, and the settings.
import type { Pool } from "pg";
import type { Chain } from "#adapters/adapter.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Logger } from "#adapters/logger.ts";
import type { Verdict, VerifyInput, VerifyMisbehaviour } from "#adapters/protocol/verdict.ts";
import type { Emit } from "./events.ts";
import type { Alone } from "./alone.ts";
import type { Leases } from "./leases/leases.ts";
import type { ClosableTransactionStore } from "./packets/transaction-store.ts";
import type { Queue } from "./pipeline/3-queue.ts";
import type { LogReader, LogWriter } from "./proof-log/proof-log.ts";
import type { Routes } from "./routes.ts";
import type { BatchLimits, Timers } from "./config-schema.ts";

export interface OpenedChain extends Chain {
  readonly family: string;
  /** Judges evidence about this chain. */
  readonly verify: (input: VerifyInput) => Promise<Verdict>;
  /** Judges a report that this chain gave a light client contradicting evidence. */
  readonly verifyMisbehaviour: VerifyMisbehaviour;
}

export interface Engine {
  readonly pool: Pool;
  readonly leases: Leases;
  readonly alone: Alone;
  readonly queue: Queue;
  readonly transactions: Omit<ClosableTransactionStore, "close">;
  readonly log: LogWriter & LogReader;
  readonly routes: Routes;
  readonly timers: Timers;
  readonly limits: BatchLimits;
  readonly logger: Logger;
  readonly emit: Emit;
  /** Aborts when the relayer stops. */
  readonly signal: AbortSignal;
  /** Throws INVALID_CONFIG for a chain that is not configured; configuration checks that routes name configured ones. */
  chain(id: ChainId): OpenedChain;
}

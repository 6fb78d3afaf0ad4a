// The configured chains for tracing, each opened by itself: one that cannot be reached says so and hinders nobody.
import type { Family } from "#relayer/family.ts";
import type { AdapterDependencies } from "#adapters/adapter.ts";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { TransactionStore } from "#adapters/transaction-store.ts";
import type { Config } from "#relayer/config-schema.ts";
import { openChains } from "#relayer/open-chains.ts";
import { createRoutes } from "#relayer/routes.ts";
import { readSecret } from "#relayer/secrets.ts";
import type { TracedChain, TraceWorld } from "./world.ts";

const nothingIsSent = (): never => {
  throw new CausewayError("UNSUPPORTED", "tracing sends no transaction");
};

/** Nothing is signed here. */
const noTransactions: TransactionStore = {
  withLane: async () => nothingIsSent(),
  ofBatch: async () => nothingIsSent(),
};

export interface OpenedWorld extends TraceWorld {
  close(): Promise<void>;
}

export async function openWorld(config: Config, families: readonly Family[], logger: Logger): Promise<OpenedWorld> {
  const dependencies: AdapterDependencies = { logger, transactions: noTransactions, readSecret, now: Date.now };
  const closers: (() => Promise<void>)[] = [];
  const chains = await Promise.all(
    config.chains.map(async (chain): Promise<TracedChain> => {
      try {
        const opened = await openChains([chain], families, dependencies);
        closers.push(() => opened.close());
        return { chainId: chain.chainId, opened: opened.get(chain.chainId) };
      } catch (error) {
        if (!isCausewayError(error)) throw error;
        return { chainId: chain.chainId, opened: undefined, why: `${error.code}: ${error.message}` };
      }
    }),
  );
  return {
    chains,
    routes: createRoutes(config.routes),
    tables: undefined,
    now: () => Date.now() / 1000,
    async close() {
      await Promise.all(closers.map((close) => close()));
    },
  };
}

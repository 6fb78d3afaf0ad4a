// What a command that works on the configured chains needs: the database, the log, and the chains it asks for.
import type { Pool } from "pg";
import { families } from "#adapters/families.ts";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Config } from "#relayer/config-schema.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { OpenedChain } from "#relayer/engine.ts";
import { openChains } from "#relayer/open-chains.ts";
import { openTransactionStore } from "#relayer/packets/transaction-store.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import type { ProofLog } from "#relayer/proof-log/proof-log.ts";
import { readSecret } from "#relayer/secrets.ts";

export interface Session {
  readonly pool: Pool;
  log(): Promise<ProofLog>;
  /** Throws INVALID_ARGUMENT for a chain that is not configured, and what opening it throws. */
  chain(id: ChainId): Promise<OpenedChain>;
}

/** Closes everything that `work` opened, however it ends. */
export async function withSession<T>(
  config: Config,
  logger: Logger,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const closers: (() => Promise<void>)[] = [];
  try {
    const database = await openDatabase({ url: config.databaseUrl, dataDir: config.data, logger });
    closers.push(() => database.close());
    const transactions = openTransactionStore(database);
    closers.push(() => transactions.close());
    return await work({
      pool: database.pool,
      async log() {
        const log = await openProofLog(database.pool, { dataDir: config.data, logger });
        closers.push(() => log.close());
        return log;
      },
      async chain(id) {
        const configs = config.chains.filter(({ chainId }) => chainId === id);
        if (configs.length === 0)
          throw new CausewayError("INVALID_ARGUMENT", `chain ${id} is not configured`, {
            hint: `configured are: ${config.chains.map(({ chainId }) => chainId).join(", ")}`,
          });
        const chains = await openChains(configs, families, { logger, transactions, readSecret, now: Date.now });
        closers.push(() => chains.close());
        return chains.get(id);
      },
    });
  } finally {
    for (const close of closers.reverse())
      await close().catch((error: Error) => logger.warn({ error: error.message }, "something did not close cleanly"));
  }
}

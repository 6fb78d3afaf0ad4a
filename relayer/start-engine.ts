// Starts a relayer for given chain families: database, log, chains, queue, HTTP, then its share of the work; stops in reverse.
import type { Logger } from "#adapters/logger.ts";
import { openFeed } from "./changes/feed.ts";
import type { Config } from "./config-schema.ts";
import { openDatabase } from "./database/open.ts";
import type { Engine } from "./engine.ts";
import type { Family } from "./family.ts";
import { createEmitter } from "./events.ts";
import type { Listener } from "./events.ts";
import { openAccess } from "./http/access.ts";
import { startHttp } from "./http/server.ts";
import { createAlone } from "./alone.ts";
import { holdChain } from "./hold-chain.ts";
import { openLeases } from "./leases/leases.ts";
import { logEvents } from "./log-events.ts";
import { openMetrics } from "./metrics.ts";
import { openChains } from "./open-chains.ts";
import { registerLanes } from "./packets/lanes.ts";
import { openTransactionStore } from "./packets/transaction-store.ts";
import { openQueue } from "./pipeline/3-queue.ts";
import { openVerifierThread } from "./pipeline/verifier-thread.ts";
import { openProofLog } from "./proof-log/open.ts";
import { createRoutes } from "./routes.ts";
import { readSecret } from "./secrets.ts";
import { runTimers } from "./timers.ts";

export interface Relayer {
  /** Where its HTTP API answers. */
  readonly url: string;
  /** Finishes or hands back what is in hand, then closes everything. */
  stop(): Promise<void>;
}

export interface RelayerOptions {
  readonly logger: Logger;
  /** Module whose `verifierOf` gives the families' verifiers to a thread of their own; absent: nothing is judged there. */
  readonly verifiers?: string | undefined;
  /** Stops the relayer as `stop` does. */
  readonly signal?: AbortSignal | undefined;
  readonly listeners?: readonly Listener[] | undefined;
}

/** Each lane waits for its turn in a job of its own; these take the jobs of lanes that have theirs or wait already. */
const SPARE_WORKERS = 8;

export async function startEngine(
  config: Config,
  families: readonly Family[],
  { logger, verifiers, signal: outer, listeners = [] }: RelayerOptions,
): Promise<Relayer> {
  const stopping = new AbortController();
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse())
      await close().catch((error: Error) => logger.warn({ error: error.message }, "something did not close cleanly"));
  };
  try {
    const database = await openDatabase({ url: config.databaseUrl, dataDir: config.data, logger });
    closers.push(() => database.close());
    const { pool, url } = database;
    const leases = openLeases({
      url,
      chains: config.chains.map(({ chainId }) => chainId),
      interval: config.timers.standby,
      logger,
    });
    const log = await openProofLog(pool, { dataDir: config.data, logger });
    closers.push(() => log.close());
    const transactions = openTransactionStore(database, { sessionOf: (chain) => leases.session(chain) });
    closers.push(() => transactions.close());
    const thread = verifiers === undefined ? undefined : openVerifierThread({ verifiers, logger });
    closers.push(async () => thread?.close());
    const metrics = openMetrics(pool);
    const dependencies = { logger, transactions, readSecret, now: Date.now, requests: metrics.requests };
    const chains = await openChains(config.chains, families, dependencies, {
      judge: thread?.judge,
      whileRunning: stopping.signal,
    });
    closers.push(() => chains.close());
    closers.push(async () => {
      await log.append({ kind: "control", event: "relayer stopped", detail: { pid: String(process.pid) } });
    });
    const routes = createRoutes(config.routes);
    const queue = await openQueue({
      redisUrl: config.redisUrl,
      databaseUrl: url,
      name: config.queue.name,
      targets: config.chains.map(({ chainId }) => chainId),
      targetOf: (lane) => routes.lane(lane)?.target.chain,
      concurrency: routes.lanes.length + SPARE_WORKERS,
      logger,
    });
    closers.push(() => queue.close());
    await registerLanes(pool, routes);
    const engine: Engine = {
      pool,
      leases,
      alone: createAlone(),
      queue,
      transactions,
      log,
      routes,
      logger,
      timers: config.timers,
      limits: config.batch,
      emit: createEmitter([metrics.listener, logEvents(logger), ...listeners]),
      signal: stopping.signal,
      chain: (id) => chains.get(id),
    };
    const feed = openFeed({ pool, url, logger, listeners: config.http.listeners });
    closers.push(() => feed.close());
    const access = await openAccess(config.http, readSecret);
    const http = await startHttp({ engine, chains: chains.all, metrics, feed, access, config });
    closers.push(() => http.close());
    await log.append({ kind: "control", event: "relayer started", detail: { pid: String(process.pid) } });

    const running = Promise.all([
      runTimers(engine),
      leases.run((chain, tenure) => holdChain(engine, chain, tenure, config.queue.concurrency), engine.signal),
    ]);
    running.catch((error: Error) => logger.error({ error: error.message }, "the pipeline ended"));
    closers.push(async () => {
      await running.catch(() => undefined);
    });
    logger.info(
      { url: http.url, queue: queue.kind, database: config.databaseUrl === undefined ? "embedded" : "external" },
      "relaying",
    );

    let stopped: Promise<void> | undefined;
    const stop = (): Promise<void> => {
      stopping.abort();
      stopped ??= closeAll();
      return stopped;
    };
    outer?.addEventListener("abort", () => void stop(), { once: true });
    if (outer?.aborted === true) await stop();
    return { url: http.url, stop };
  } catch (error) {
    stopping.abort();
    await closeAll();
    throw error;
  }
}

// Stage 3: says who looks at which lane next. Jobs carry a lane's id and nothing else; losing all of them loses no packet.
// Each chain has a queue of its own for the lanes that lead to it, and only who holds the chain takes from it.
// The only file that knows BullMQ.
import { setTimeout as delay } from "node:timers/promises";
import * as bullmq from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { onConnect } from "#relayer/database/open-pool.ts";

export interface QueueWorker {
  /** Waits for the jobs in hand. */
  close(): Promise<void>;
}

export interface Queue {
  /** "bullmq on redis" or "bullmq on postgres". */
  readonly kind: "redis" | "postgres";
  /** Has whoever holds the lane's target look at it soon. */
  add(lane: string): Promise<void>;
  /** The same, unless this was asked for within the last second: for those who ask again and again. */
  remind(lane: string): Promise<void>;
  /** Starts working the lanes to one chain: `handle` may run twice for a lane, here or elsewhere, and must then be harmless. */
  work(target: ChainId, handle: (lane: string) => Promise<void>): QueueWorker;
  counts(): Promise<Record<string, number>>;
  /** Once all workers are closed. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Absent: the queue lives in the database. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  /** Keeps several relayers apart on one Redis. */
  readonly name: string;
  /** Chains that lanes lead to. */
  readonly targets: readonly ChainId[];
  /** Undefined for a lane that is not configured any more: nobody looks at it. */
  targetOf(lane: string): ChainId | undefined;
  /** Most jobs of lanes to one chain at the same time. */
  readonly concurrency: number;
  readonly logger: Logger;
}

interface Job {
  readonly lane: string;
}

const REMIND_MS = 1_000;
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

/** After a kill, the jobs in hand come back to the queue this soon; after an outage of the store, fetching goes on this soon. */
const WORKER_OPTIONS = {
  autorun: false,
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000,
  runRetryDelay: 500,
} as const;

/** Throws QUEUE_UNAVAILABLE, and INVALID_CONFIG for a Redis that may forget jobs. */
async function checkRedis(redis: Redis): Promise<void> {
  let policy: string | undefined;
  try {
    await redis.connect();
    policy = /maxmemory_policy:(\S+)/.exec(await redis.info("memory"))?.[1];
  } catch (cause) {
    throw new CausewayError("QUEUE_UNAVAILABLE", `Redis does not answer: ${(cause as Error).message}`, { cause });
  }
  if (policy !== "noeviction")
    throw new CausewayError("INVALID_CONFIG", `Redis evicts keys when memory is short (maxmemory-policy ${policy})`, {
      hint: "set `maxmemory-policy noeviction` in Redis, or unset REDIS_URL to keep the queue in the database",
    });
}

type Handle = (job: { data: Job }) => Promise<void>;

async function connectPostgres({ databaseUrl, targets, concurrency, logger }: QueueOptions) {
  const { Queue, Worker } = bullmq.withBackend(bullmq.createPostgresBackend);
  const settings = { connectionString: databaseUrl, connectionTimeoutMillis: 10_000, keepAlive: true, onConnect };
  const tables = new Queue("tables", { connection: { ...settings, migrate: true, max: 1 } });
  tables.on("error", () => undefined);
  try {
    await tables.waitUntilReady();
  } catch (cause) {
    throw new CausewayError("QUEUE_UNAVAILABLE", `the queue's tables cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await tables.close().catch(() => undefined);
  }
  // Every worker keeps one connection to be woken by; all share the others.
  const pool = new pg.Pool({ ...settings, options: "-c search_path=bullmq", max: targets.length + 8 });
  pool.setMaxListeners(0);
  pool.on("error", reporter(logger, "the queue lost a connection"));
  // BullMQ describes the part of a pool that it uses in words of its own.
  const connection = pool as unknown as bullmq.PostgresConnectionOptions;
  return {
    kind: "postgres",
    queue: (name: string) => new Queue<Job>(name, { connection }),
    worker: (name: string, handle: Handle) =>
      new Worker<Job>(name, handle, { connection, concurrency, ...WORKER_OPTIONS }),
    end: () => pool.end(),
  } as const;
}

async function connectRedis(redisUrl: string, concurrency: number) {
  const { Queue, Worker } = bullmq;
  // A producer fails fast; a worker waits for Redis to come back (BullMQ, "Going to production").
  let closed = false;
  // BullMQ makes connections of its own from these: after the end none of them may try again.
  const retryStrategy = (times: number): number | null => (closed ? null : Math.min(times * 100, 2_000));
  const producer = new Redis(redisUrl, {
    retryStrategy,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
  });
  producer.setMaxListeners(0);
  producer.on("error", () => undefined);
  await checkRedis(producer).catch((error: unknown) => {
    producer.disconnect();
    throw error;
  });
  const consumer = new Redis(redisUrl, { retryStrategy, maxRetriesPerRequest: null });
  consumer.setMaxListeners(0);
  consumer.on("error", () => undefined);
  return {
    kind: "redis",
    queue: (name: string) => new Queue<Job>(name, { connection: producer }),
    worker: (name: string, handle: Handle) =>
      new Worker<Job>(name, handle, { connection: consumer, concurrency, ...WORKER_OPTIONS }),
    end: async () => {
      closed = true;
      producer.disconnect();
      consumer.disconnect();
    },
  } as const;
}

const RESTART_MS = 500;
const CLOSE_PATIENCE_MS = 5_000;

/** Whether `work` ended in time; what it failed with does not matter any more. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = delay(milliseconds, false, { signal: patience.signal }).catch(() => true);
  const inTime = await Promise.race([ended, late]);
  patience.abort();
  return inTime;
}

const REPEAT_LOG_MS = 10_000;

/** BullMQ tries again many times a second while its store is away: the same error is told once in a while. */
function reporter(logger: Logger, message: string): (error: Error) => void {
  let last = { error: "", at: 0 };
  return ({ message: error }) => {
    const at = Date.now();
    if (error === last.error && at - last.at < REPEAT_LOG_MS) return;
    last = { error, at };
    logger.warn({ error }, message);
  };
}

type Connected = Awaited<ReturnType<typeof connectPostgres>> | Awaited<ReturnType<typeof connectRedis>>;
type MakeWorker = (handle: Handle) => ReturnType<Connected["worker"]>;

/** A worker that runs before its store was there once never gets over it, as BullMQ keeps the first failure for good: it is made anew. */
function startWorker(make: MakeWorker, handle: (lane: string) => Promise<void>, logger: Logger) {
  const inHand = new Set<Promise<unknown>>();
  const carryOut: Handle = ({ data }) => {
    const job = handle(data.lane);
    const ended: Promise<boolean> = job.then(
      () => inHand.delete(ended),
      () => inHand.delete(ended),
    );
    inHand.add(ended);
    return job;
  };
  const report = reporter(logger, "the queue's worker reports an error");
  let working: ReturnType<MakeWorker> | undefined;
  const closing = new AbortController();
  const start = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const candidate = make(carryOut);
      candidate.on("error", report);
      working = candidate;
      try {
        await candidate.waitUntilReady();
        candidate.run().catch(report);
        return;
      } catch {
        await candidate.close().catch(() => undefined);
        await delay(RESTART_MS);
      }
    }
  };
  const starting = start();
  return {
    async close() {
      closing.abort();
      const pausing = starting.then(() => working?.pause());
      await Promise.all(inHand);
      // After an outage of its store, BullMQ's loop may wait for an answer that never comes. Only a forced close then ends the
      // timer that renews locks, which would keep the process.
      if (!(await within(CLOSE_PATIENCE_MS, pausing)))
        logger.warn({ queue: working?.name }, "the queue's worker does not come to rest: it is ended");
      if (!(await within(CLOSE_PATIENCE_MS, Promise.resolve(working?.close(true))))) {
        // Its store is away, and it would wait for it for ever.
        logger.warn({ queue: working?.name }, "the queue's worker does not close: its connections are cut");
        void working?.disconnect().catch(() => undefined);
      }
      // What it took in between.
      await Promise.all(inHand);
    },
  };
}

/** What BullMQ calls the queue of the lanes to one chain. */
export const queueName = (name: string, target: ChainId): string => `${name}.${target.replaceAll(":", "_")}`;

export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { name, targets, logger } = options;
  const { kind, queue, worker, end } =
    options.redisUrl === undefined
      ? await connectPostgres(options)
      : await connectRedis(options.redisUrl, options.concurrency);
  const queues = new Map(targets.map((target) => [target, queue(queueName(name, target))]));
  for (const each of queues.values()) each.on("error", reporter(logger, "the queue reports an error"));
  const close = async (): Promise<void> => {
    const closing = Promise.all([...queues.values()].map((each) => each.close()));
    if (!(await within(CLOSE_PATIENCE_MS, closing)))
      logger.warn({ queue: kind }, "the queue does not close: its connections are cut");
    if (!(await within(CLOSE_PATIENCE_MS, end()))) logger.warn({ queue: kind }, "the queue's connections do not end");
  };
  try {
    // A queue that was not ready once never is, as BullMQ keeps the first failure for good: none is used before.
    await Promise.all([...queues.values()].map((each) => each.waitUntilReady()));
  } catch (cause) {
    await close();
    throw new CausewayError("QUEUE_UNAVAILABLE", `the queue cannot be used: ${(cause as Error).message}`, { cause });
  }
  const queueOf = (lane: string) => queues.get(options.targetOf(lane) ?? "");
  return {
    kind,
    close,
    async add(lane) {
      await queueOf(lane)?.add("lane", { lane }, JOB_OPTIONS);
    },
    async remind(lane) {
      // A fixed set of ids: on Postgres every id ever used keeps its row.
      const id = lane.replaceAll(":", "_");
      await queueOf(lane)?.add("lane", { lane }, { ...JOB_OPTIONS, deduplication: { id, ttl: REMIND_MS } });
    },
    work: (target, handle) => startWorker((job) => worker(queueName(name, target), job), handle, logger),
    async counts() {
      const all = await Promise.all(
        [...queues.values()].map((each) => each.getJobCounts("waiting", "active", "delayed", "failed")),
      );
      const sum: Record<string, number> = {};
      for (const [state, count] of all.flatMap(Object.entries<number>)) sum[state] = (sum[state] ?? 0) + count;
      return sum;
    },
  };
}

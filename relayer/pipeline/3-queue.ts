// Stage 3: says who looks at which lane next. Jobs carry a lane's id and nothing else; losing all of them loses no packet.
// The only file that knows BullMQ, and the one place where an error becomes a decision about trying again.
import { setTimeout as delay } from "node:timers/promises";
import * as bullmq from "bullmq";
import { Redis } from "ioredis";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { storeOutage } from "#relayer/database/store-outage.ts";

export interface Queue {
  /** "bullmq on redis" or "bullmq on postgres". */
  readonly kind: "redis" | "postgres";
  /** Has some worker look at the lane soon. */
  add(lane: string): Promise<void>;
  /** The same, unless this was asked for within the last second: for those who ask again and again. */
  remind(lane: string): Promise<void>;
  /** Starts working: `handle` may run twice for a lane, here or elsewhere, and must then be harmless. */
  work(handle: (lane: string) => Promise<void>): void;
  counts(): Promise<Record<string, number>>;
  /** Waits for the jobs in hand. */
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Absent: the queue lives in the database. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  /** Keeps several relayers apart on one Redis. */
  readonly name: string;
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

async function connect({ redisUrl, databaseUrl, name, concurrency }: QueueOptions) {
  if (redisUrl === undefined) {
    const { Queue, Worker } = bullmq.withBackend(bullmq.createPostgresBackend);
    const connection = { connectionString: databaseUrl, migrate: true, max: 8, connectionTimeoutMillis: 10_000 };
    const queue = new Queue<Job>(name, { connection });
    await queue.waitUntilReady().catch(async (cause: Error) => {
      await queue.close().catch(() => undefined);
      throw new CausewayError("QUEUE_UNAVAILABLE", `the queue's tables cannot be used: ${cause.message}`, { cause });
    });
    return {
      kind: "postgres",
      queue,
      worker: (handle: (job: { data: Job }) => Promise<void>) =>
        new Worker<Job>(name, handle, { connection, concurrency, ...WORKER_OPTIONS }),
      end: async () => undefined,
    } as const;
  }
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
  producer.on("error", () => undefined);
  await checkRedis(producer).catch((error: unknown) => {
    producer.disconnect();
    throw error;
  });
  const consumer = new Redis(redisUrl, { retryStrategy, maxRetriesPerRequest: null });
  consumer.on("error", () => undefined);
  return {
    kind: "redis",
    queue: new bullmq.Queue<Job>(name, { connection: producer }),
    worker: (handle: (job: { data: Job }) => Promise<void>) =>
      new bullmq.Worker<Job>(name, handle, { connection: consumer, concurrency, ...WORKER_OPTIONS }),
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

export async function openQueue(options: QueueOptions): Promise<Queue> {
  const { logger } = options;
  const { kind, queue, worker, end } = await connect(options);
  queue.on("error", reporter(logger, "the queue reports an error"));
  let working: ReturnType<typeof worker> | undefined;
  let starting: Promise<void> | undefined;
  let closed = false;
  const inHand = new Set<Promise<unknown>>();
  return {
    kind,
    async add(lane) {
      await queue.add("lane", { lane }, JOB_OPTIONS);
    },
    async remind(lane) {
      // A fixed set of ids: on Postgres every id ever used keeps its row.
      const id = lane.replaceAll(":", "_");
      await queue.add("lane", { lane }, { ...JOB_OPTIONS, deduplication: { id, ttl: REMIND_MS } });
    },
    work(handle) {
      const carryOut = ({ data }: { data: Job }): Promise<void> => {
        const job = handle(data.lane);
        const ended: Promise<boolean> = job.then(
          () => inHand.delete(ended),
          () => inHand.delete(ended),
        );
        inHand.add(ended);
        return job;
      };
      const report = reporter(logger, "the queue's worker reports an error");
      // A worker that runs before its store was there once never gets over it: BullMQ keeps the first failure for good.
      const start = async (): Promise<void> => {
        while (!closed) {
          const candidate = worker(carryOut);
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
      starting = start();
    },
    counts: () => queue.getJobCounts("waiting", "active", "delayed", "failed"),
    async close() {
      closed = true;
      const pausing = (async () => {
        await starting;
        await working?.pause();
      })();
      await Promise.all(inHand);
      // After an outage of its store, BullMQ's loop may wait for an answer that never comes. Only a forced close then ends the
      // timer that renews locks, which would keep the process.
      if (!(await within(CLOSE_PATIENCE_MS, pausing)))
        logger.warn({ queue: kind }, "the queue's worker does not come to rest: it is ended");
      const closing = Promise.all([working?.close(true), queue.close()]);
      if (!(await within(CLOSE_PATIENCE_MS, closing))) {
        // Its store is away, and it would wait for it for ever.
        logger.warn({ queue: kind }, "the queue does not close: its connections are cut");
        void working?.disconnect().catch(() => undefined);
      }
      await end();
    },
  };
}

/** What a failure means for the lane and for the batch at hand. */
export interface RetryRule {
  readonly code: string;
  readonly message: string;
  /** Counts against the lane; waiting for finality does not. */
  readonly spendsAttempt: boolean;
  /** Milliseconds. */
  readonly delay: number;
  /** The batch goes on as it is, because its transaction may be on its way; else it is proven anew. */
  readonly keepsBatch: boolean;
  /** Height of the source to wait for. */
  readonly height: bigint | undefined;
}

export interface RetryTimers {
  /** Milliseconds. */
  readonly finalityPoll: number;
  readonly firstRetry: number;
  readonly longestRetry: number;
}

/** Nothing is wrong with the batch itself. After anything else it is proven anew. */
const PASSING = new Set([
  "RPC_UNREACHABLE",
  "RPC_BAD_ANSWER",
  "RPC_STALE",
  "INSUFFICIENT_FUNDS",
  "FEE_ABOVE_CAP",
  "TRANSACTION_STUCK",
  "STORE_UNAVAILABLE",
  "QUEUE_UNAVAILABLE",
  "CANCELLED",
]);

/** `attempts` counts failures in a row, this one included. Nothing is given up: what only an operator can end is tried rarely. */
export function retryRule(raised: unknown, attempts: number, timers: RetryTimers): RetryRule {
  const error = storeOutage(raised);
  const known = isCausewayError(error);
  const code = known ? error.code : "UNEXPECTED";
  const message = error instanceof Error ? error.message : String(error);
  if (known && error.retry === "afterHeight")
    return { code, message, spendsAttempt: false, delay: timers.finalityPoll, keepsBatch: false, height: error.height };
  const backoff = Math.min(timers.longestRetry, timers.firstRetry * 2 ** Math.min(attempts - 1, 20));
  return {
    code,
    message,
    spendsAttempt: code !== "CANCELLED",
    delay: known && error.retry === "never" ? Math.max(backoff, timers.longestRetry / 4) : backoff,
    keepsBatch: PASSING.has(code),
    height: undefined,
  };
}

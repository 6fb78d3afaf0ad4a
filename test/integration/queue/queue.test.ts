// What the pipeline needs of its queue, the same on both backends: Postgres and Redis.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { openQueue } from "#relayer/pipeline/3-queue.ts";
import type { Queue, QueueWorker } from "#relayer/pipeline/3-queue.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";
import type { RedisServer } from "#test/support/redis-server.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
let redis: RedisServer | undefined;
const opened: Queue[] = [];
const workers: QueueWorker[] = [];
let names = 0;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  if (redisAvailable) redis = await startRedis({ directory: dir.path });
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
  await Promise.all(opened.splice(0).map((queue) => queue.close()));
});

afterAll(async () => {
  await redis?.stop();
  await database.close();
  await dir.remove();
});

const freshName = (): string => {
  names += 1;
  return `test-${names}`;
};

const TARGET = "eip155:1";
const OTHER = "eip155:2";
const UNKNOWN = "eip155:3/beacon-0";

/** Ended with the queue. */
function work(queue: Queue, handle: (lane: string) => Promise<void>, target = TARGET): QueueWorker {
  const worker = queue.work(target, handle);
  workers.push(worker);
  return worker;
}

const backends = ["postgres", "redis"] as const;

test("redis-server is there, so that the suite runs on both backends", ({ skip }) => {
  if (redisAvailable) return;
  if (process.env["CI"] === "true") throw new Error("not run: redis-server missing");
  process.stderr.write("not run: redis-server missing; the queue was tried on Postgres only\n");
  skip("not run: redis-server missing");
});

describe.each(backends)("on %s", (backend) => {
  const suite = test.skipIf(backend === "redis" && !redisAvailable);

  const open = async (name: string): Promise<Queue> => {
    const queue = await openQueue({
      redisUrl: backend === "redis" ? redis?.url : undefined,
      databaseUrl: database.url,
      name,
      targets: [TARGET, OTHER],
      targetOf: (lane) => (lane === UNKNOWN ? undefined : lane.startsWith(OTHER) ? OTHER : TARGET),
      concurrency: 4,
      logger: testLogger,
    });
    opened.push(queue);
    return queue;
  };

  suite("a lane that is added is worked on", async () => {
    const queue = await open(freshName());
    const seen: string[] = [];
    work(queue, async (lane) => void seen.push(lane));
    await queue.add("eip155:1/beacon-0");
    await until("the job", () => seen.length === 1);
    expect(seen).toEqual(["eip155:1/beacon-0"]);
    expect(queue.kind).toBe(backend);
  });

  suite("reminders within a second are one job, an addition is always one more", async () => {
    const queue = await open(freshName());
    await Promise.all(Array.from({ length: 20 }, () => queue.remind("eip155:1/beacon-0")));
    await queue.add("eip155:1/beacon-0");
    const seen: string[] = [];
    work(queue, async (lane) => void seen.push(lane));
    await until("both jobs", () => seen.length >= 2);
    await delay(300);
    expect(seen).toHaveLength(2);
  });

  suite("a reminder is heard again later, also while its first job is still in hand", async () => {
    const queue = await open(freshName());
    let seen = 0;
    work(queue, async () => {
      seen += 1;
      if (seen === 1) await until("the second job", () => seen === 2, 10_000);
    });
    await queue.remind("lane");
    await until("the first job", () => seen === 1);
    await delay(1_100);
    await queue.remind("lane");
    await until("the second job", () => seen === 2);
  });

  suite("a job that throws takes nothing with it", async () => {
    const queue = await open(freshName());
    const seen: string[] = [];
    work(queue, async (lane) => {
      seen.push(lane);
      if (lane === "bad") throw new Error("bad lane");
    });
    await queue.add("bad");
    await queue.add("good");
    await until("both jobs", () => seen.length === 2);
    await until("nothing is left", async () => Object.values(await queue.counts()).every((count) => count === 0));
  });

  suite("two relayers share the jobs, and each is done once", async () => {
    const name = freshName();
    const [first, second] = await Promise.all([open(name), open(name)]);
    const seen: string[] = [];
    const by = new Set<string>();
    const handle = (who: string) => async (lane: string) => {
      seen.push(lane);
      by.add(who);
      await delay(10);
    };
    work(first, handle("first"));
    work(second, handle("second"));
    const lanes = Array.from({ length: 100 }, (_, index) => `lane-${index}`);
    await Promise.all(lanes.map((lane) => first.add(lane)));
    await until("all jobs", () => seen.length >= 100);
    await delay(200);
    expect([...seen].sort()).toEqual([...lanes].sort());
    expect(by.size).toBe(2);
  });

  suite("jobs of another name are not touched", async () => {
    const [mine, other] = [await open(freshName()), await open(freshName())];
    const seen: string[] = [];
    work(mine, async (lane) => void seen.push(lane));
    await other.add("theirs");
    await mine.add("ours");
    await until("the job", () => seen.length === 1);
    await delay(200);
    expect(seen).toEqual(["ours"]);
    expect((await other.counts())["waiting"]).toBe(1);
  });

  suite("closing waits for the job in hand", async () => {
    const queue = await open(freshName());
    let state = "waiting";
    const worker = work(queue, async () => {
      state = "started";
      await delay(300);
      state = "ended";
    });
    await queue.add("lane");
    await until("the job starts", () => state === "started");
    await worker.close();
    expect(state).toBe("ended");
  });

  suite("lanes to another chain are left to who works for that, and taken up by who does next", async () => {
    const name = freshName();
    const [first, second] = await Promise.all([open(name), open(name)]);
    const seen: string[] = [];
    const handle = (who: string) => async (lane: string) => void seen.push(`${who} ${lane}`);
    work(first, handle("first"));
    const held = work(second, handle("second"), OTHER);
    await first.add(`${OTHER}/beacon-0`);
    await second.add(`${TARGET}/beacon-0`);
    await until("both jobs", () => seen.length === 2);
    await held.close();
    await first.add(`${OTHER}/beacon-1`);
    await delay(200);
    expect([...seen].sort()).toEqual([`first ${TARGET}/beacon-0`, `second ${OTHER}/beacon-0`]);
    work(first, handle("first"), OTHER);
    await until("the third job", () => seen.length === 3);
    expect(seen.at(-1)).toBe(`first ${OTHER}/beacon-1`);
  });

  suite("a lane that is not configured any more is passed over", async () => {
    const queue = await open(freshName());
    await queue.add(UNKNOWN);
    await queue.remind(UNKNOWN);
    expect(Object.values(await queue.counts()).every((count) => count === 0)).toBe(true);
  });
});

/** Those of the queue: they have no name of ours. */
const endSessions = (): Promise<unknown> =>
  database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name not like 'causeway%'`,
  );

const onPostgres = (): Promise<Queue> =>
  openQueue({
    databaseUrl: database.url,
    name: freshName(),
    targets: [TARGET],
    targetOf: () => TARGET,
    concurrency: 4,
    logger: testLogger,
  });

test("sessions that Postgres ends while the queue makes its tables end nothing else", async () => {
  for (let round = 0; round < 20; round += 1) {
    let settled = false;
    const opening = onPostgres()
      .then(
        (queue) => queue.close(),
        (error: unknown) => expect(error).toMatchObject({ code: "QUEUE_UNAVAILABLE" }),
      )
      .finally(() => (settled = true));
    while (!settled) await endSessions();
    await opening;
  }
});

test("sessions that Postgres ends in the middle of anything end nothing else", async () => {
  const queue = await onPostgres();
  opened.push(queue);
  const seen = new Set<string>();
  work(queue, async (lane) => void seen.add(lane));
  // As soon as there are any: some are being made, some at work, some at rest.
  for (let round = 0; round < 100; round += 1) {
    for (let job = 0; job < 4; job += 1) queue.add(`${TARGET}/beacon-${job}`).catch(() => undefined);
    await endSessions();
  }
  await until("a job that came after it", async () => {
    await queue.add(`${TARGET}/beacon-9`).catch(() => undefined);
    return seen.has(`${TARGET}/beacon-9`);
  });
});

describe("a queue that cannot be trusted is refused", () => {
  const options = {
    databaseUrl: "",
    name: "test",
    targets: [TARGET],
    targetOf: () => TARGET,
    concurrency: 1,
    logger: testLogger,
  };

  test.skipIf(!redisAvailable)("a Redis that evicts keys", async () => {
    const evicting = await startRedis({ directory: dir.path, policy: "allkeys-lru" });
    try {
      await expect(openQueue({ ...options, redisUrl: evicting.url })).rejects.toMatchObject({
        code: "INVALID_CONFIG",
        message: expect.stringContaining("allkeys-lru"),
        hint: expect.stringContaining("noeviction"),
      });
    } finally {
      await evicting.stop();
    }
  });

  test("a Redis that is not there", async () => {
    await expect(openQueue({ ...options, redisUrl: "redis://127.0.0.1:1" })).rejects.toMatchObject({
      code: "QUEUE_UNAVAILABLE",
    });
  });

  test("a database that is not there", async () => {
    const databaseUrl = "postgres://nobody@127.0.0.1:1/none";
    await expect(openQueue({ ...options, databaseUrl })).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
  });
});

// Exclusive work across processes.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { openLocks } from "#relayer/locks.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

test("a lock is held by one process's session at a time, and is lost with it", async () => {
  const [mine, theirs] = [openLocks(database.url, testLogger), openLocks(database.url, testLogger)];
  try {
    const lock = await mine.tryLock("lane");
    expect(lock).toBeDefined();
    expect(await mine.tryLock("lane")).toBeUndefined();
    expect(await theirs.tryLock("lane")).toBeUndefined();
    expect(await theirs.tryLock("another")).toBeDefined();
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'causeway locks'",
    );
    await until("the holder is told", () => lock?.signal.aborted === true);
    await until("it is free", async () => {
      const taken = await theirs.tryLock("lane").catch(() => undefined);
      return taken !== undefined;
    });
  } finally {
    await Promise.all([mine.close(), theirs.close()]);
  }
});

test("a released lock is free at once", async () => {
  const [mine, theirs] = [openLocks(database.url, testLogger), openLocks(database.url, testLogger)];
  try {
    const lock = await mine.tryLock("lane");
    await lock?.release();
    expect(await theirs.tryLock("lane")).toBeDefined();
    expect(lock?.signal.aborted).toBe(false);
  } finally {
    await Promise.all([mine.close(), theirs.close()]);
  }
});

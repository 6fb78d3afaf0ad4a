// The feed of changes: nothing is skipped although transactions commit in another order than they began, and nothing comes twice.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openFeed } from "#relayer/changes/feed.ts";
import { newestPosition, pruneChanges, readChanges } from "#relayer/changes/read-changes.ts";
import type { Position } from "#relayer/changes/read-changes.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import { failLane, registerLanes } from "#relayer/packets/lanes.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { A, B, eventsOf, fakeRoutes, packetOf } from "#test/support/packet-events.ts";

const LANE_A = `${A.chain}/${A.client}`;
const LANE_B = `${B.chain}/${B.client}`;

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await registerLanes(database.pool, fakeRoutes);
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

const insert = "insert into changes (kind, id, what) values ('lane', $1, 'client')";

/** Everything after the position, as the listener reads it: page by page. */
async function readAll(after: Position): Promise<{ ids: string[]; position: Position }> {
  const ids: string[] = [];
  let position = after;
  for (;;) {
    const read = await readChanges(database.pool, position);
    if (read === undefined) throw new Error("it was pruned");
    const last = read.changes.at(-1);
    if (last === undefined) return { ids, position };
    ids.push(...read.changes.map(({ kind, id, what }) => `${kind} ${id} ${what}`));
    position = last.position;
  }
}

test("a packet's way is told step by step", async () => {
  const start = await newestPosition(database.pool);
  const { sent, received, written, acknowledged } = eventsOf(packetOf(1n));
  const take = (chain: string, event: typeof sent | typeof received | typeof written) =>
    transaction(database.pool, (session) => ingest(session, fakeRoutes, chain, [event]));
  await take(A.chain, sent);
  await take(A.chain, sent);
  await take(B.chain, received);
  await take(B.chain, written);
  await transaction(database.pool, (session) => ingest(session, fakeRoutes, A.chain, [acknowledged]));
  const { ids } = await readAll(start);
  expect(ids.map((id) => id.replace(`packet ${LANE_A}/1 `, ""))).toEqual([
    "sent",
    "watched",
    "received",
    "delivered",
    "watched",
    "acknowledged",
    "delivered",
  ]);
  const { changes } = (await readChanges(database.pool, start)) ?? { changes: [] };
  expect(new Set(changes.map(({ lanes }) => lanes.join(" ")))).toEqual(new Set([`${LANE_A} ${LANE_B}`]));
});

test("a lane that fails and works again is told once each", async () => {
  const start = await newestPosition(database.pool);
  const rule = { code: "RPC_STALE", message: "x", spendsAttempt: true, delay: 0, keepsBatch: true, height: undefined };
  await failLane(database.pool, LANE_A, rule);
  await failLane(database.pool, LANE_A, rule);
  const works = "update lanes set attempts = 0, next_attempt_at = now(), error_code = null, error = null where id = $1";
  await database.pool.query(works, [LANE_A]);
  await database.pool.query(works, [LANE_A]);
  expect((await readAll(start)).ids).toEqual([`lane ${LANE_A} held`, `lane ${LANE_A} working`]);
});

test("a transaction that commits late is not skipped, and holds back what came after it began", async () => {
  const start = await newestPosition(database.pool);
  const [early, late] = [await database.pool.connect(), await database.pool.connect()];
  try {
    await early.query("begin");
    await early.query(insert, ["early"]);
    await late.query(insert, ["late"]);
    expect(await readChanges(database.pool, start)).toEqual({ changes: [], heldBack: true });
    await early.query("commit");
    expect((await readAll(start)).ids).toEqual(["lane early client", "lane late client"]);
  } finally {
    early.release();
    late.release();
  }
});

test("what is rolled back is never told", async () => {
  const start = await newestPosition(database.pool);
  await transaction(database.pool, async (session) => {
    await session.query(insert, ["undone"]);
    throw new Error("no");
  }).catch(() => undefined);
  await database.pool.query(insert, ["done"]);
  expect((await readAll(start)).ids).toEqual(["lane done client"]);
});

test("many writers at once: a reader that never stops sees each change once", async () => {
  const start = await newestPosition(database.pool);
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let round = 0; round < 40; round += 1)
      await transaction(database.pool, async (session) => {
        await session.query(insert, [`${writer}.${round}`]);
        if (round % 3 === 0) await session.query("select pg_sleep(0.005)");
        await session.query(insert, [`${writer}.${round}+`]);
      });
  });
  const seen: string[] = [];
  let position = start;
  const all = Promise.all(writers).then(() => true);
  for (let done = false; ;) {
    const read = await readAll(position);
    seen.push(...read.ids);
    position = read.position;
    if (done) break;
    done = await Promise.race([all, Promise.resolve(false)]);
  }
  expect(seen).toHaveLength(640);
  expect(new Set(seen).size).toBe(640);
});

test("whoever was away for too long is told so, and so is one from another database", async () => {
  const old = await newestPosition(database.pool);
  await database.pool.query(insert, ["forgotten"]);
  const middle = await newestPosition(database.pool);
  await database.pool.query("update changes set at = now() - interval '2 hours'");
  await database.pool.query(insert, ["kept"]);
  await pruneChanges(database.pool);
  expect(await readChanges(database.pool, old)).toBeUndefined();
  expect((await readAll(middle)).ids).toEqual(["lane kept client"]);
  expect(await readChanges(database.pool, "999999999999-1")).toBeUndefined();
});

test("changes restored from a database that was further on are forgotten instead of waited for", async () => {
  const start = await newestPosition(database.pool);
  await database.pool.query(
    "insert into changes (transaction, kind, id, what) values ('888888888888', 'lane', 'x', 'client')",
  );
  await pruneChanges(database.pool);
  await database.pool.query(insert, ["new"]);
  expect(await readChanges(database.pool, start)).toMatchObject({ changes: [{ id: "new" }], heldBack: false });
});

test.each(["", "1", "-1-1", "1-", "1-2-3", "a-b", "99999999999999999999-1"])("%j is no position", async (position) => {
  await expect(readChanges(database.pool, position)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

test("the feed wakes all who listen, bounds how many may, and serves one that lags", async () => {
  const feed = openFeed({ pool: database.pool, url: database.url, logger: testLogger, listeners: 2 });
  try {
    const leave = [feed.join(), feed.join()];
    expect(feed.join()).toBeUndefined();
    const { signal } = new AbortController();
    const start = await feed.newest();
    const seen = [start, start].map((from) => ({ position: from, ids: [] as string[] }));
    const listening = seen.map(async (listener) => {
      while (listener.ids.length < 700) {
        const read = await feed.read(listener.position);
        listener.position = read?.changes.at(-1)?.position ?? listener.position;
        listener.ids.push(...(read?.changes ?? []).map(({ id }) => id));
        if (read?.changes.length === 0) await feed.wait(listener.position, 60_000, signal);
      }
    });
    for (let count = 0; count < 700; count += 1) await database.pool.query(insert, [String(count)]);
    await Promise.all(listening);
    const expected = Array.from({ length: 700 }, (_, count) => String(count));
    for (const { ids } of seen) expect(ids).toEqual(expected);
    expect((await feed.read(start))?.changes.length).toBe(500);
    leave[0]?.();
    expect(feed.join()).toBeDefined();
  } finally {
    await feed.close();
  }
});

test("the feed goes on after its connection was cut", async () => {
  const feed = openFeed({ pool: database.pool, url: database.url, logger: testLogger, listeners: 1 });
  try {
    feed.join();
    const { signal } = new AbortController();
    const listens = async (): Promise<number> =>
      (
        await database.pool.query<{ pid: number }>(
          "select pid from pg_stat_activity where application_name = 'causeway changes' and query ilike 'listen%'",
        )
      ).rows[0]?.pid ?? 0;
    await until("it listens", async () => (await listens()) > 0);
    const before = await listens();
    await database.pool.query("select pg_terminate_backend($1)", [before]);
    await until("it listens again", async () => ![0, before].includes(await listens()));
    const position = await feed.newest();
    const woken = feed.wait(position, 60_000, signal);
    await database.pool.query(insert, ["after the cut"]);
    await woken;
    expect((await feed.read(position))?.changes.map(({ id }) => id)).toEqual(["after the cut"]);
  } finally {
    await feed.close();
  }
});

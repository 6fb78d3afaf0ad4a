// Lanes in figures: kept with every change of a delivery, and close to what counting everything would give.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import { noteBacklogs } from "#relayer/packets/lane-backlogs.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { laneHistory } from "#relayer/read/lane-history.ts";
import { listLanes } from "#relayer/read/lanes.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { A, B, eventsOf, fakeRoutes, packetOf } from "#test/support/packet-events.ts";

const LANE = `${B.chain}/${B.client}`;
/** A multiple of every step asked for. */
const DAY = Date.parse("2026-03-02T00:00:00Z") / 1000;
const PACKETS = 120;
/** Of each packet: when its delivery ended, in seconds of the day, and how long it had taken. */
const past = Array.from({ length: PACKETS }, (_, index) => ({
  at: 300 * (index % 4) + index,
  took: 3 * 1.05 ** index,
}));

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await registerLanes(database.pool, fakeRoutes);
  const sent = past.map((_, index) => eventsOf(packetOf(BigInt(index + 1))).sent);
  await transaction(database.pool, (session) => ingest(session, fakeRoutes, A.chain, sent));
  for (const [index, { at, took }] of past.entries())
    await database.pool.query(
      `update deliveries d set status = 'delivered', closed_at = to_timestamp($2), watched_at = to_timestamp($3)
       from packets p where p.id = d.packet_id and p.sequence = $1`,
      [index + 1, DAY + at, DAY + at - took],
    );
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

const lane = async () => (await listLanes(database.pool, [LANE]))[0];
const history = (stepSeconds: number, since = DAY, until = DAY + 86_400) =>
  laneHistory(database.pool, { lane: LANE, stepSeconds, since, until });
const exact = (share: number, took: readonly number[]): number =>
  [...took].sort((a, b) => a - b)[Math.ceil(share * took.length) - 1] ?? 0;

test("totals follow deliveries there and back", async () => {
  expect(await lane()).toMatchObject({ delivered: String(PACKETS), backlog: "0", oldestSeconds: null });
  const reopen = (status: string) =>
    database.pool.query("update deliveries set status = $1 where packet_id = (select min(id) from packets)", [status]);
  await reopen("watched");
  expect(await lane()).toMatchObject({ delivered: String(PACKETS - 1), backlog: "1" });
  await reopen("obsolete");
  expect(await lane()).toMatchObject({ delivered: String(PACKETS - 1), backlog: "0" });
  await reopen("delivered");
  expect(await lane()).toMatchObject({ delivered: String(PACKETS), backlog: "0" });
});

test("the newest deliveries' latency is exact", async () => {
  const took = past.map((one) => one.took);
  const { latency } = (await lane()) ?? {};
  expect(latency?.deliveries).toBe(PACKETS);
  expect(latency?.p50Seconds).toBeCloseTo(exact(0.5, took), 3);
  expect(latency?.p95Seconds).toBeCloseTo(exact(0.95, took), 3);
});

test.each([300, 600, 3_600, 7_200, 86_400])(
  "over time, in steps of %i seconds, it is within 9 %%",
  async (stepSeconds) => {
    const { steps } = await history(stepSeconds);
    expect(steps.map(({ at }) => Date.parse(at) / 1000)).toEqual(
      [...new Set(past.map(({ at }) => DAY + Math.floor(at / stepSeconds) * stepSeconds))].sort((a, b) => a - b),
    );
    for (const { at, delivered, p50Seconds, p95Seconds } of steps) {
      const start = Date.parse(at) / 1000 - DAY;
      // The first delivery was delivered twice, the second time after as long as the first.
      const took = past
        .filter((one, index) => index > 0 && one.at >= start && one.at < start + stepSeconds)
        .map((one) => one.took);
      if (start === 0) took.push(past[0]?.took ?? 0, past[0]?.took ?? 0);
      expect(delivered).toBe(took.length);
      for (const [share, seconds] of [
        [0.5, p50Seconds],
        [0.95, p95Seconds],
      ] as const)
        expect(Math.abs(seconds / exact(share, took) - 1)).toBeLessThan(0.1);
    }
  },
);

test("a time range is cut where it is asked for", async () => {
  const { steps } = await history(300, DAY + 300, DAY + 900);
  expect(steps.map(({ at }) => Date.parse(at) / 1000 - DAY)).toEqual([300, 600]);
});

test("steps without a delivery are left out, and another lane has none", async () => {
  expect((await history(300, DAY - 86_400, DAY)).steps).toEqual([]);
  expect(
    (await laneHistory(database.pool, { lane: "x/y", stepSeconds: 300, since: DAY, until: DAY + 300 })).steps,
  ).toEqual([]);
});

describe("what waited", () => {
  const now = async (): Promise<number> =>
    (await database.pool.query<{ now: number }>("select extract(epoch from now())::float8 as now")).rows[0]?.now ?? 0;

  test("is noted once a minute, however many note it", async () => {
    await database.pool.query(
      "update deliveries set status = 'watched', watched_at = now() - interval '90 s' where packet_id = (select min(id) from packets)",
    );
    const began = await now();
    await Promise.all([noteBacklogs(database.pool), noteBacklogs(database.pool)]);
    await database.pool.query("update deliveries set status = 'delivered' where status = 'watched'");
    const [minute] = (await history(60, Math.floor(began) - 60, Math.ceil(began) + 120)).waiting;
    expect(minute?.backlog).toBe(1);
    expect(minute?.oldestSeconds).toBeGreaterThanOrEqual(90);
    const { rows } = await database.pool.query("select from lane_backlogs where lane = $1", [LANE]);
    expect(rows.length).toBeLessThanOrEqual(2);
  });

  test("is shown by the most of each step, and forgotten after a month", async () => {
    await database.pool.query("delete from lane_backlogs");
    const note = (at: number, backlog: number, oldest: number | null) =>
      database.pool.query("insert into lane_backlogs values ($1, $2, $3, $4)", [LANE, at, backlog, oldest]);
    await note(DAY, 3, 10);
    await note(DAY + 60, 7, 5);
    await note(DAY + 900, 0, null);
    expect((await history(300)).waiting).toEqual([
      { at: new Date(DAY * 1000).toISOString(), backlog: 7, oldestSeconds: 10 },
      { at: new Date((DAY + 900) * 1000).toISOString(), backlog: 0, oldestSeconds: null },
    ]);
    expect((await history(300, DAY + 300, DAY + 900)).waiting).toEqual([]);
    await note(Math.floor(await now()) - 32 * 86_400, 1, 1);
    await noteBacklogs(database.pool);
    const { rows } = await database.pool.query(
      "select from lane_backlogs where at < extract(epoch from now()) - 31 * 86400",
    );
    expect(rows).toEqual([]);
  });
});

// Who holds which chain, with a real Postgres: what is taken, handed over, lost, and ended for who fell silent.
import { once } from "node:events";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { chainKey, HOLDS, lockKey } from "#relayer/leases/lease-keys.ts";
import { openLeases } from "#relayer/leases/leases.ts";
import type { Leases, Tenure } from "#relayer/leases/leases.ts";
import { openLeaseSession } from "#relayer/leases/session.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
const leaving: (() => Promise<void>)[] = [];

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
});

afterEach(async () => {
  await Promise.all(leaving.splice(0).map((leave) => leave()));
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

const CHAINS = ["x:1", "x:2", "x:3", "x:4"];

interface Relayer {
  readonly leases: Leases;
  readonly tenures: ReadonlyMap<string, Tenure>;
  holds(): string[];
  leave(): Promise<void>;
}

/** What is in hand when a chain is to be given up takes until `finish` resolves. */
function relayer(chains: readonly string[] = CHAINS, finish: () => Promise<void> = async () => undefined): Relayer {
  const stopping = new AbortController();
  const tenures = new Map<string, Tenure>();
  const leases = openLeases({ url: database.url, chains, interval: 50, logger: testLogger });
  const running = leases.run(async (chain, tenure) => {
    tenures.set(chain, tenure);
    if (!tenure.ending.aborted) await once(tenure.ending, "abort");
    await finish();
    tenures.delete(chain);
  }, stopping.signal);
  const leave = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  leaving.push(leave);
  return { leases, tenures, holds: () => chains.filter((chain) => leases.holds(chain)), leave };
}

const untilHeld = (what: string, ...relayers: readonly [Relayer, number][]): Promise<void> =>
  until(what, () => relayers.every(([each, count]) => each.holds().length === count));

test("one holds everything at once, and gives it back when it leaves", async () => {
  const only = relayer();
  await untilHeld("all", [only, 4]);
  expect([...only.tenures.keys()].toSorted()).toEqual(CHAINS);
  expect(only.leases.session("x:1")).toBeGreaterThan(0);
  await only.leave();
  expect(only.holds()).toEqual([]);
  expect(only.leases.session("x:1")).toBeUndefined();
  const session = await openLeaseSession(database.url, () => undefined);
  expect(await session.look()).toEqual([]);
  await session.close();
});

test("whoever joins is given its share, whoever leaves hands it over, and no chain is ever held twice", async () => {
  const [first, second] = [relayer(), relayer()];
  await untilHeld("halves", [first, 2], [second, 2]);
  const third = relayer();
  await until("thirds", () => [first, second, third].every((each) => each.holds().length >= 1));
  const all = [first, second, third].flatMap((each) => each.holds());
  expect(all.toSorted()).toEqual(CHAINS);
  await first.leave();
  await untilHeld("halves again", [second, 2], [third, 2]);
});

test("what is in hand is finished before a chain is handed over", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const busy = relayer(CHAINS, () => promise);
  await untilHeld("all", [busy, 4]);
  const other = relayer();
  await untilHeld("half is to be given up", [busy, 2]);
  const given = CHAINS.filter((chain) => !busy.leases.holds(chain));
  expect(other.holds()).toEqual([]);
  // It is not begun anew, and may still sign for what is in hand.
  for (const chain of given) {
    expect(busy.tenures.get(chain)?.lost.aborted).toBe(false);
    expect(busy.leases.session(chain)).toBeGreaterThan(0);
  }
  resolve();
  await until("it is handed over", () => other.holds().join() === given.join());
  for (const chain of given) expect(busy.leases.session(chain)).toBeUndefined();
});

test("a chain that only one is configured for is left to that one", async () => {
  const [one, other] = [relayer(["x:1", "x:2", "x:3"]), relayer(["x:4"])];
  await untilHeld("each its own", [one, 3], [other, 1]);
});

test("with its session everything is lost, others take it over, and it comes back for its share", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const losing = relayer(CHAINS, () => promise);
  await untilHeld("all", [losing, 4]);
  const tenures = [...losing.tenures.values()];
  const other = relayer();
  await untilHeld("half is to be given up", [losing, 2]);
  await database.pool.query("select pg_terminate_backend($1)", [losing.leases.session("x:1")]);
  await until("it is told", () => tenures.every(({ lost, ending }) => lost.aborted && ending.aborted));
  expect(CHAINS.map((chain) => losing.leases.session(chain))).toEqual(CHAINS.map(() => undefined));
  await untilHeld("the other has all", [other, 4]);
  // It does not begin anew while work of before is in hand.
  expect(losing.holds()).toEqual([]);
  resolve();
  await untilHeld("halves", [losing, 2], [other, 2]);
});

test("a database that is away for a while is no end", async () => {
  const only = relayer();
  await untilHeld("all", [only, 4]);
  const before = only.leases.session("x:1");
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
  );
  await until("all again, in another session", () => {
    const now = only.leases.session("x:1");
    return now !== undefined && now !== before && only.holds().length === 4;
  });
});

test("what somebody else locks by hand is waited for, and the rest is taken", async () => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("select pg_advisory_lock($1)", [lockKey(HOLDS, chainKey("x:2"))]);
  const only = relayer();
  await untilHeld("three", [only, 3]);
  await client.end();
  await untilHeld("the fourth, too", [only, 4]);
});

test("all sessions of a process are ended by its name, and of no other", async () => {
  const sessions = ["causeway 1 test", "causeway 2 test"].map(
    (name) => new pg.Client({ connectionString: database.url, application_name: name }),
  );
  const ended = new Set<string>();
  for (const [index, client] of sessions.entries()) {
    client.on("error", () => ended.add(String(index)));
    await client.connect();
  }
  const session = await openLeaseSession(database.url, () => undefined);
  try {
    await session.end("causeway 1 test");
    await until("it is told", () => ended.size > 0);
    await sessions[1]?.query("select 1");
    expect([...ended]).toEqual(["0"]);
  } finally {
    await session.close();
    await sessions[1]?.end();
  }
});

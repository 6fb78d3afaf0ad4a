// The kills of test/integration/engine/crash.test.ts, between two real EVM chains with real proofs: 200 packets in flight
// while the relayer is killed at each stage, and Redis and Postgres under it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import { runChild } from "#test/support/child.ts";
import type { Child } from "#test/support/child.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { startEvmPair } from "#test/support/evm-pair.ts";
import type { EvmPair } from "#test/support/evm-pair.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { KILL_POINTS } from "#test/support/kill-point.ts";
import type { KillAt } from "#test/support/kill-point.ts";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";

const EACH_WAY = 100;

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
let pair: EvmPair;
const children = new Set<Child>();

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  pair = await startEvmPair(database, dir.path);
});

afterAll(async () => {
  await Promise.all([...children].map((child) => child.kill("SIGKILL")));
  await pair?.stop();
  await database.close();
  await dir.remove();
});

function startChild(options: { killAt?: KillAt; redisUrl?: string | undefined } = {}): Child {
  const config = {
    data: dir.path,
    chains: pair.sides.map(({ demo }) => demo.relayerConfig),
    routes: [pair.route],
    http: { port: 0 },
    batch: { messages: 20 },
    timers: { tick: 0.2, standby: 0.2, finalityPoll: 0.3, firstRetry: 0.2, longestRetry: 2, clear: 5, refresh: 5 },
  };
  const child = runChild("test/support/evm-relayer-child.ts", { config, ...options });
  children.add(child);
  return child;
}

const countEvents = async (kind: string): Promise<number> => {
  const { rows } = await database.pool.query<{ count: bigint }>("select count(*) from packet_events where kind = $1", [
    kind,
  ]);
  return Number(rows[0]?.count ?? 0n);
};

/** Receipts and settled commitments, by the chains' own word. */
async function expectChainsAgree(): Promise<void> {
  for (const { chain, client } of pair.sides) expect(await chain.source.outstanding(client)).toEqual([]);
  for (const [kind, count] of [
    ["acknowledgementWritten", 2 * EACH_WAY],
    ["acknowledged", 2 * EACH_WAY],
    ["timedOut", 0],
  ] as const)
    expect(await countEvents(kind), kind).toBe(count);
}

test("200 packets survive every kill, each delivered once, acknowledged and logged", async () => {
  const [left, right] = pair.sides;
  const redis = redisAvailable ? await startRedis({ directory: dir.path }) : undefined;
  try {
    await Promise.all([pair.sendMany(left, right, EACH_WAY), pair.sendMany(right, left, EACH_WAY)]);
    for (const point of KILL_POINTS) {
      const child = startChild({ killAt: { point, nth: 1 }, redisUrl: redis?.url });
      expect(await child.ended, `at ${point}`).toBe("SIGKILL");
      children.delete(child);
    }
    const last = startChild({ redisUrl: redis?.url });
    await last.ready;
    await redis?.kill();
    await delay(300);
    await redis?.restart();
    const pid = Number((await readFile(join(dir.path, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
    process.kill(pid, "SIGKILL");
    await until(
      "everything is acknowledged",
      async () => (await countEvents("acknowledged").catch(() => 0)) === 2 * EACH_WAY,
      300_000,
    );
    await until("nothing is open", async () => {
      const open = await database.pool.query(
        "select from deliveries where status not in ('delivered', 'obsolete') union all select from batches where closed_at is null",
      );
      return open.rowCount === 0;
    });
    await expectChainsAgree();
    expect(await last.kill("SIGTERM")).toBe("0");
    children.delete(last);
    const log = await openProofLog(database.pool, { dataDir: dir.path, logger: testLogger });
    expect((await log.check()).problems).toEqual([]);
    await log.close();
  } finally {
    await redis?.stop();
  }
});

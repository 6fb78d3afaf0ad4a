// kill -9 of the relayer at each stage, of Redis, and of Postgres, under load: nothing is lost, nothing happens twice.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import { runChild } from "#test/support/child.ts";
import type { Child } from "#test/support/child.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { carriedOut, CLIENT_ON_A, CLIENT_ON_B, makeFakePair, testLogger, until } from "#test/support/fake-relay.ts";
import type { FakePair } from "#test/support/fake-relay.ts";
import { serveFakeChains } from "#test/support/fake-node-server.ts";
import { KILL_POINTS } from "#test/support/kill-point.ts";
import type { KillAt } from "#test/support/kill-point.ts";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";

const PACKETS = 200;
const MORE = 40;

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let pair: FakePair;
let chains: Awaited<ReturnType<typeof serveFakeChains>>;
const children = new Set<Child>();

beforeEach(async () => {
  dir = await makeDataDir();
  pair = makeFakePair();
  chains = await serveFakeChains([pair.a, pair.b]);
  pair.startMining(25);
});

afterEach(async () => {
  await Promise.all([...children].map((child) => child.kill("SIGKILL")));
  children.clear();
  pair.stop();
  await chains.close();
  // Ends the embedded server that killed relayers left.
  await (await openDatabase({ dataDir: dir.path, logger: testLogger })).close();
  await dir.remove();
});

function startChild(options: { killAt?: KillAt; redisUrl?: string | undefined } = {}): Child {
  const child = runChild("test/support/relayer-child.ts", {
    data: dir.path,
    url: chains.url,
    batch: { messages: 10 },
    ...options,
  });
  children.add(child);
  return child;
}

function send(packets: number): void {
  for (let index = 0; index < packets / 2; index += 1) {
    pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
    pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
  }
}

const acknowledged = (): number => carriedOut(pair.a, "acknowledge").once + carriedOut(pair.b, "acknowledge").once;

async function expectAllDoneOnce(packets: number): Promise<void> {
  await until("every packet is acknowledged", () => acknowledged() === packets, 400_000);
  for (const chain of [pair.a, pair.b])
    for (const leg of ["receive", "acknowledge"] as const)
      expect(carriedOut(chain, leg), `${chain.chainId} ${leg}`).toEqual({ once: packets / 2, more: 0 });
  expect(carriedOut(pair.a, "timeout").once + carriedOut(pair.b, "timeout").once).toBe(0);
}

/** Every delivery has its verdict, intent and outcome, and the tree fits its entries. */
async function expectLogConsistent(packets: number): Promise<void> {
  const database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  try {
    const log = await openProofLog(database.pool, { dataDir: dir.path, logger: testLogger });
    const { problems, size } = await log.check();
    expect(problems).toEqual([]);
    expect(size).toBeGreaterThan(0n);
    for (let sequence = 1; sequence <= packets / 2; sequence += 1)
      for (const [sourceChain, sourceClient] of [
        ["fake:a", CLIENT_ON_A],
        ["fake:b", CLIENT_ON_B],
      ] as const) {
        const entries = (await log.entriesOf({ sourceChain, sourceClient, sequence: String(sequence) })).map(
          ({ entry }) => entry,
        );
        for (const leg of ["receive", "acknowledge"]) {
          const kinds = entries.flatMap((entry) =>
            entry.kind !== "control" &&
            entry.messages.some(
              (message) =>
                message.leg === leg && message.sourceChain === sourceChain && message.sequence === String(sequence),
            )
              ? [entry.kind]
              : [],
          );
          const name = `${sourceChain} ${sequence} ${leg}`;
          expect(kinds[0], name).toBe("verdict");
          expect(kinds.indexOf("intent"), name).toBeGreaterThan(0);
        }
      }
    await log.close();
    const left = await database.pool.query(
      "select from deliveries where status not in ('delivered', 'obsolete') union all select from batches where closed_at is null",
    );
    expect(left.rowCount).toBe(0);
  } finally {
    await database.close();
  }
}

test("killed at every stage in turn under load", async () => {
  send(PACKETS);
  for (const point of KILL_POINTS) {
    const child = startChild({ killAt: { point, nth: 2 } });
    const how = await Promise.race([child.ended, until(`killed at ${point}`, () => false).catch(String)]);
    expect(how, `at ${point}: ${await child.ready.catch(String)}`).toBe("SIGKILL");
    children.delete(child);
  }
  expect(acknowledged()).toBeLessThan(PACKETS);
  const last = startChild();
  await expectAllDoneOnce(PACKETS);
  expect(pair.a.redundant + pair.b.redundant).toBe(0);
  await settle();
  expect(await last.kill("SIGTERM")).toBe("0");
  children.delete(last);
  await expectLogConsistent(PACKETS);
});

/** Until the last batches are logged. */
async function settle(): Promise<void> {
  const database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  try {
    await until("nothing is open", async () => {
      const open = await database.pool.query(
        "select from deliveries where status not in ('delivered', 'obsolete') union all select from batches where closed_at is null",
      );
      return open.rowCount === 0;
    });
  } finally {
    await database.close();
  }
}

async function killPostgres(): Promise<void> {
  const pid = Number((await readFile(join(dir.path, "postgres", "postmaster.pid"), "utf8")).split("\n")[0]);
  process.kill(pid, "SIGKILL");
}

test("Postgres killed the moment the relayer has started", async () => {
  const child = startChild();
  await child.ready;
  await killPostgres();
  send(20);
  await expectAllDoneOnce(20);
  await settle();
  expect(await child.kill("SIGTERM")).toBe("0");
  children.delete(child);
  await expectLogConsistent(20);
});

test("Postgres killed under load", async () => {
  const child = startChild();
  await child.ready;
  send(PACKETS);
  await until("some are acknowledged", () => acknowledged() >= 20, 400_000);
  await killPostgres();
  await expectAllDoneOnce(PACKETS);
  // What was sent before may have been carried by jobs in hand: the workers fetch new ones, too.
  send(MORE);
  await expectAllDoneOnce(PACKETS + MORE);
  await settle();
  expect(await child.kill("SIGTERM")).toBe("0");
  children.delete(child);
  await expectLogConsistent(PACKETS + MORE);
});

describe.skipIf(!redisAvailable)("with Redis", () => {
  test("Redis killed under load, and everything in it lost", async () => {
    const redis = await startRedis({ directory: dir.path });
    try {
      const child = startChild({ redisUrl: redis.url });
      await child.ready;
      send(PACKETS);
      await until("some are acknowledged", () => acknowledged() >= 20, 400_000);
      await redis.kill();
      await delay(500);
      await redis.restart();
      await expectAllDoneOnce(PACKETS);
      await settle();
      expect(await child.kill("SIGTERM")).toBe("0");
      children.delete(child);
    } finally {
      await redis.stop();
    }
    await expectLogConsistent(PACKETS);
  });
});

describe.skipIf(!redisAvailable)("stopping", () => {
  test("a relayer whose Redis is away still stops cleanly", async () => {
    const redis = await startRedis({ directory: dir.path });
    const child = startChild({ redisUrl: redis.url });
    await child.ready;
    await redis.kill();
    expect(await child.kill("SIGTERM")).toBe("0");
    children.delete(child);
  });
});

test("two relayers on one database, one of them killed, deliver everything once", async () => {
  const [first, second] = [startChild(), startChild()];
  await Promise.all([first.ready, second.ready]);
  send(PACKETS);
  await until("some are acknowledged", () => acknowledged() >= 40, 400_000);
  await first.kill("SIGKILL");
  children.delete(first);
  await expectAllDoneOnce(PACKETS);
  expect(pair.a.redundant + pair.b.redundant).toBe(0);
  await settle();
  expect(await second.kill("SIGTERM")).toBe("0");
  children.delete(second);
  await expectLogConsistent(PACKETS);
});

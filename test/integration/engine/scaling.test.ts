// Several relayers on one Postgres, and one Redis or none, between four chains: what joins, leaves, is killed or freezes under load
// takes nothing along, and no packet is paid for twice.
import { basename } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openLeaseSession } from "#relayer/leases/session.ts";
import type { LeaseSession } from "#relayer/leases/session.ts";
import { runChild } from "#test/support/child.ts";
import type { Child } from "#test/support/child.ts";
import { startDatabaseServer } from "#test/support/database-server.ts";
import type { DatabaseServer, TestDatabase } from "#test/support/database-server.ts";
import { makeFakeNet } from "#test/support/fake-net.ts";
import type { FakeNet } from "#test/support/fake-net.ts";
import { serveFakeChains } from "#test/support/fake-node-server.ts";
import { until } from "#test/support/fake-relay.ts";
import type { KillAt } from "#test/support/kill-point.ts";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";
import type { RedisServer } from "#test/support/redis-server.ts";

let server: DatabaseServer;
let redis: RedisServer | undefined;
let net: FakeNet;
let nodes: Awaited<ReturnType<typeof serveFakeChains>>;
let database: TestDatabase;
let watching: LeaseSession;
let sent: number;
const children = new Set<Child>();

beforeAll(async () => {
  server = await startDatabaseServer();
  if (redisAvailable) redis = await startRedis({ directory: server.directory });
});

beforeEach(async () => {
  database = await server.create();
  watching = await openLeaseSession(database.url, () => undefined);
  net = makeFakeNet(["a", "b", "c", "d"]);
  nodes = await serveFakeChains(net.chains);
  net.startMining(25);
  sent = 0;
});

afterEach(async () => {
  await Promise.all([...children].map((child) => child.kill("SIGKILL")));
  children.clear();
  net.stop();
  await nodes.close();
  await watching.close();
});

afterAll(async () => {
  await redis?.stop();
  await server.close();
});

/** How many chains each living relayer holds, most first; and that no chain has two holders. */
async function shares(): Promise<number[]> {
  const seen = await watching.look();
  const held = seen.flatMap(({ holds }) => [...holds]);
  expect(new Set(held).size).toBe(held.length);
  return seen.map(({ holds }) => holds.size).toSorted((a, b) => b - a);
}

const untilShared = (...expected: number[]): Promise<void> =>
  until(`shares of ${expected.join(", ")}`, async () => {
    const now = await shares();
    return now.length === expected.length && now.every((size, index) => size === expected[index]);
  });

function send(rounds: number): void {
  for (let round = 0; round < rounds; round += 1) sent += net.sendRound();
}

const untilAcknowledged = (packets: number): Promise<void> =>
  until(`${packets} are acknowledged`, () => net.acknowledged() >= packets, 400_000);

async function expectAllOnce(): Promise<void> {
  await untilAcknowledged(sent);
  expect(net.acknowledged()).toBe(sent);
  expect(net.twice()).toEqual({ carriedOut: 0, redundant: 0 });
}

/** No delivery and no batch is left open, and none that was closed is under way again. */
const untilSettled = (): Promise<void> =>
  until("everything is settled", async () => {
    const { rows } = await database.pool.query<{ open: boolean }>(
      `select exists (select from deliveries where status not in ('delivered', 'obsolete'))
         or exists (select from batches where closed_at is null or status not in ('logged', 'refused', 'abandoned')) as open`,
    );
    return rows[0]?.open === false;
  });

const backends = ["postgres", "redis"] as const;

describe.each(backends)("with the queue on %s", (backend) => {
  const suite = test.skipIf(backend === "redis" && !redisAvailable);

  const start = async (killAt?: KillAt): Promise<Child> => {
    const child = runChild("test/support/relayer-child.ts", {
      data: database.data,
      databaseUrl: database.url,
      redisUrl: backend === "redis" ? redis?.url : undefined,
      queueName: basename(database.data),
      url: nodes.url,
      chains: net.chains.map(({ chainId }) => chainId),
      routes: net.routes,
      batch: { messages: 5 },
      killAt,
    });
    children.add(child);
    await child.ready;
    return child;
  };

  const end = async (child: Child, signal: NodeJS.Signals): Promise<void> => {
    expect(await child.kill(signal)).toBe(signal === "SIGTERM" ? "0" : signal);
    children.delete(child);
  };

  suite(
    "one, two and three share the chains evenly, and whoever joins or leaves under load loses nothing",
    async () => {
      const first = await start();
      await untilShared(4);
      send(5);
      const second = await start();
      await untilShared(2, 2);
      send(5);
      const third = await start();
      await untilShared(2, 1, 1);
      send(5);
      await expectAllOnce();
      send(5);
      await end(first, "SIGTERM");
      await untilShared(2, 2);
      send(5);
      await end(third, "SIGTERM");
      await untilShared(4);
      await expectAllOnce();
      await end(second, "SIGTERM");
      expect(await shares()).toEqual([]);
    },
  );

  suite("each of three is killed in turn under load, and the others go on with what it had", async () => {
    const running = [await start(), await start(), await start()];
    await untilShared(2, 1, 1);
    for (const child of running) {
      const before = net.acknowledged();
      send(5);
      await untilAcknowledged(before + 10);
      await end(child, "SIGKILL");
      await untilShared(2, 2);
      await start();
      await untilShared(2, 1, 1);
    }
    await expectAllOnce();
    await untilSettled();
  });

  // Judged and not signed; and signed, perhaps broadcast, and not known to be included.
  const point = { postgres: "verify", redis: "submit" } as const;
  suite(`one that freezes at ${point[backend]} is taken over from, and signs nothing when it wakes up`, async () => {
    const frozen = await start({ point: point[backend], nth: 3, signal: "SIGSTOP" });
    await start();
    await untilShared(2, 2);
    send(10);
    await untilShared(4);
    await untilAcknowledged(sent);
    process.kill(frozen.pid, "SIGCONT");
    await untilShared(2, 2);
    send(5);
    await expectAllOnce();
    await untilSettled();
    await end(frozen, "SIGTERM");
    await untilShared(4);
  });
});

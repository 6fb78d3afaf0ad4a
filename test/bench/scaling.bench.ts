// One, two and three relayers on one Postgres and one Redis, between four chains that take 50 ms for every answer: milliseconds a packet,
// from its sending to its acknowledgement, while waiting for chains is most of the work. It must not grow with the processes.
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "#relayer/database/open.ts";
import { openLeaseSession } from "#relayer/leases/session.ts";
import { runChild } from "#test/support/child.ts";
import type { Child } from "#test/support/child.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { makeFakeNet } from "#test/support/fake-net.ts";
import type { FakeNet } from "#test/support/fake-net.ts";
import { serveFakeChains } from "#test/support/fake-node-server.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { startRedis } from "#test/support/redis-server.ts";
import type { Bench, Measurement } from "./bench.ts";

const CHAINS = ["a", "b", "c", "d"];
const LATENCY_MS = 50;
const ROUNDS = 60;
const RUNS = 3;

interface World {
  readonly net: FakeNet;
  readonly children: readonly Child[];
  /** How many chains each living relayer holds. */
  shares(): Promise<number[]>;
}

async function withRelayers(processes: number, work: (world: World) => Promise<number[]>): Promise<Measurement> {
  const dir = await makeDataDir();
  const database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  const redis = await startRedis({ directory: dir.path });
  const net = makeFakeNet(CHAINS);
  for (const chain of net.chains) chain.latency = LATENCY_MS;
  const nodes = await serveFakeChains(net.chains);
  const session = await openLeaseSession(database.url, () => undefined);
  const shares = async (): Promise<number[]> => (await session.look()).map(({ holds }) => holds.size);
  const children = Array.from({ length: processes }, () =>
    runChild("test/support/relayer-child.ts", {
      data: dir.path,
      databaseUrl: database.url,
      redisUrl: redis.url,
      url: nodes.url,
      chains: net.chains.map(({ chainId }) => chainId),
      routes: net.routes,
      timers: { clear: 60, refresh: 60, compare: 12, tick: 1, standby: 1 },
    }),
  );
  try {
    await Promise.all(children.map(({ ready }) => ready));
    net.startMining(25);
    await until("all chains are shared out", async () => {
      const held = await shares();
      return held.length === processes && total(held) === CHAINS.length && Math.min(...held) > 0;
    });
    const sorted = (await work({ net, children, shares })).toSorted((a, b) => a - b);
    return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, p95: sorted.at(-1) ?? 0 };
  } finally {
    await Promise.all(children.map((child) => child.kill("SIGTERM")));
    net.stop();
    await session.close();
    await nodes.close();
    await redis.stop();
    await database.close();
    await dir.remove();
  }
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Milliseconds a packet, in each of the runs but the first: a fresh process compiles for seconds what it then runs, and three do so three times. */
async function carry({ net }: World): Promise<number[]> {
  const each: number[] = [];
  for (let run = 0, sent = 0; run <= RUNS; run += 1) {
    await delay(1_000);
    const begin = performance.now();
    const before = sent;
    for (let round = 0; round < ROUNDS; round += 1) {
      sent += net.sendRound();
      await delay(10);
    }
    await until("all are acknowledged", () => net.acknowledged() === sent, 120_000);
    each.push((performance.now() - begin) / (sent - before));
  }
  return each.slice(1);
}

/** Milliseconds from the kill of one under load until the others hold its chains, and until what was sent then is acknowledged. */
async function takeOver({ net, children, ...world }: World): Promise<number[]> {
  let sent = 0;
  for (let round = 0; round < ROUNDS; round += 1) sent += net.sendRound();
  await until("some are acknowledged", () => net.acknowledged() > ROUNDS);
  const begin = performance.now();
  await children[0]?.kill("SIGKILL");
  await until("the others hold all", async () => total(await world.shares()) === CHAINS.length);
  const held = performance.now() - begin;
  await until("all are acknowledged", () => net.acknowledged() === sent, 120_000);
  return [held, held, performance.now() - begin];
}

export const benches: readonly Bench[] = [
  ...[1, 2, 3].map((processes) => ({
    what: `a packet and its acknowledgement, ${processes} relayer${processes > 1 ? "s" : ""}`,
    goal: 10,
    measure: () => withRelayers(processes, carry),
  })),
  {
    what: "one of three killed: its chains held again; max: all done",
    goal: 10_000,
    measure: async () => {
      const { median, p95 } = await withRelayers(3, takeOver);
      return { median, p95: median, max: p95 };
    },
  },
];

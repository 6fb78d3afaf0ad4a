// What the engine itself costs: the CPU of a relayer between two fake chains, and of its Postgres, for each packet's whole way there
// and back. The relayer is a process of its own on an embedded database; its chains live here, prove and verify next to nothing.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { runChild } from "#test/support/child.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { serveFakeChains } from "#test/support/fake-node-server.ts";
import { carriedOut, CLIENT_ON_A, CLIENT_ON_B, makeFakePair, until } from "#test/support/fake-relay.ts";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";
import type { Bench } from "./bench.ts";

const PACKETS = Number(process.env["CAUSEWAY_BENCH_PACKETS"] ?? 2_000);
const WARM_UP = 200;
/** So many are sent each way at a time, as a block of a busy chain has them. */
const IN_A_BLOCK = 100;
const BLOCK_MS = 1_000;
const BATCH = { messages: 200, bytes: 524_288 };
/** Linux counts CPU time in hundredths of a second. */
const TICK_MS = 10;

interface Cost {
  /** CPU milliseconds a packet, of the two processes. */
  readonly relayer: number;
  readonly postgres: number;
}

/** CPU milliseconds of a process, and of those of its children that ended. */
async function spentBy(pid: number): Promise<{ own: number; ended: number; parent: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [, parent = 0] = fields;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
  return { own: (user + system) * TICK_MS, ended: (endedUser + endedSystem) * TICK_MS, parent };
}

/** The server, its sessions, and those of them that ended. */
async function spentByServer(postmaster: number): Promise<number> {
  const { own, ended } = await spentBy(postmaster);
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0 && pid !== postmaster);
  const sessions = (await Promise.all(pids.map(spentBy))).filter(({ parent }) => parent === postmaster);
  return sessions.reduce((sum, session) => sum + session.own, own + ended);
}

async function measure(withRedis: boolean): Promise<Cost> {
  const directory = await makeDataDir();
  const pair = makeFakePair();
  const chains = await serveFakeChains([pair.a, pair.b]);
  const redis = withRedis ? await startRedis({ directory: directory.path }) : undefined;
  const relayer = runChild("test/support/relayer-child.ts", {
    data: directory.path,
    url: chains.url,
    batch: BATCH,
    timers: { tick: 2, standby: 2, clear: 3_600, refresh: 60, finalityPoll: 0.2 },
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
  });
  let sent = 0;
  const sendAll = async (packets: number): Promise<void> => {
    for (const end = sent + packets; sent < end;) {
      for (let index = 0; index < IN_A_BLOCK; index += 1) {
        pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
        pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
      }
      sent += 2 * IN_A_BLOCK;
      await delay(BLOCK_MS);
    }
    const acknowledged = (): number => carriedOut(pair.a, "acknowledge").once + carriedOut(pair.b, "acknowledge").once;
    await until("every packet is acknowledged", () => acknowledged() === sent, 200_000);
  };
  try {
    await relayer.ready;
    pair.startMining(200);
    await sendAll(WARM_UP);
    const file = join(directory.path, "postgres", "postmaster.pid");
    const postmaster = Number((await readFile(file, "utf8")).split("\n")[0]);
    const spent = async (): Promise<Cost> => ({
      relayer: (await spentBy(relayer.pid)).own,
      postgres: await spentByServer(postmaster),
    });
    const before = await spent();
    await sendAll(PACKETS);
    // What follows the last of them, too.
    await delay(2 * BLOCK_MS);
    const after = await spent();
    return {
      relayer: (after.relayer - before.relayer) / PACKETS,
      postgres: (after.postgres - before.postgres) / PACKETS,
    };
  } finally {
    await relayer.kill("SIGTERM");
    pair.stop();
    await redis?.stop();
    await chains.close();
    await directory.remove();
  }
}

const GOAL = { relayer: 6, postgres: 6 } as const;

function benchesOf(queue: string, withRedis: boolean): Bench[] {
  let cost: Promise<Cost> | undefined;
  return (["relayer", "postgres"] as const).map((who) => ({
    what: `CPU of ${who === "relayer" ? "the relayer" : "its Postgres"} a packet there and back, queue on ${queue}`,
    goal: GOAL[who],
    async measure() {
      const spent = (await (cost ??= measure(withRedis)))[who];
      return { median: spent, p95: Number.NaN };
    },
  }));
}

export const benches: readonly Bench[] = [
  ...benchesOf("Postgres", false),
  ...(redisAvailable ? benchesOf("Redis", true) : []),
];

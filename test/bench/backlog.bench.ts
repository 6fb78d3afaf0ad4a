// A relayer that was away while 100,000 packets were sent: how soon it submits, how it answers while it works them off, and what
// memory it takes, also while as many again as half of them come. The chains are fake and served by this process.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { listChains } from "#relayer/read/chains.ts";
import { listClients } from "#relayer/read/clients.ts";
import { listLanes } from "#relayer/read/lanes.ts";
import { listPackets } from "#relayer/read/packets.ts";
import { storeBacklog } from "#test/support/backlog.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { serveFakeChains } from "#test/support/fake-node-server.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { makeFakeWorld } from "#test/support/fake-world.ts";
import type { FakeWorld } from "#test/support/fake-world.ts";
import type { Bench, Measurement } from "./bench.ts";

const PACKETS = Number(process.env["CAUSEWAY_BENCH_PACKETS"] ?? 100_000);
const FURTHER = PACKETS / 2;
const GOAL = 200;
const ROUNDS = 10;
const CHAINS = ["fake:a", "fake:b"] as const;
const MIB = 2 ** 20;

interface Field {
  readonly world: FakeWorld;
  readonly child: ChildProcess;
  readonly url: string;
  readonly database: Database;
  /** Milliseconds from the process's start. */
  readonly firstSubmission: number;
  readonly answering: number;
  close(): Promise<void>;
}

let opened: Promise<Field> | undefined;

async function open(): Promise<Field> {
  const directory = await makeDataDir();
  const data = join(directory.path, "data");
  const world = makeFakeWorld([[...CHAINS], [...CHAINS]]);
  const prepared = await openDatabase({ dataDir: data, logger: testLogger });
  const began = performance.now();
  await storeBacklog(prepared.pool, world, PACKETS);
  console.log(`${PACKETS} packets sent and stored in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  await prepared.close();
  const [a, b] = CHAINS.map((id) => world.chain(id)) as [
    ReturnType<FakeWorld["chain"]>,
    ReturnType<FakeWorld["chain"]>,
  ];
  const chains = await serveFakeChains([a, b]);
  const started = performance.now();
  const options = JSON.stringify({ data, url: chains.url, routes: world.routes });
  const child = spawn(process.execPath, [join(import.meta.dirname, "backlog-child.ts"), options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  world.startMining(300);
  const url = await Promise.race([
    once(child.stdout, "data").then(([data]) => String(data).trim()),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the relayer ended (${code}) before it answered`))),
  ]);
  const answering = performance.now() - started;
  await until("the first submission", () => b.calls.has("broadcast"), 120_000);
  const firstSubmission = performance.now() - started;
  const database = await openDatabase({ dataDir: data, logger: testLogger });
  return {
    world,
    child,
    url,
    database,
    answering,
    firstSubmission,
    async close() {
      world.stop();
      await database.close();
      child.stdin?.end();
      await once(child, "exit");
      await chains.close();
      await directory.remove();
    },
  };
}

const field = (): Promise<Field> => (opened ??= open());

export async function close(): Promise<void> {
  await (await opened)?.close();
}

/** Resident memory now and the most there ever was, in MiB. */
async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const read = (name: string): number => (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024) / MIB;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

/** Milliseconds of processor time that the process took since it began. */
async function processorTime(pid: number): Promise<number> {
  const [, , ...fields] = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/\(.*\)/s, "name").split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  // In hundredths of a second on Linux.
  return (user + system) * 10;
}

function summary(times: number[]): Measurement {
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

const timed = (what: string, act: (field: Field) => Promise<unknown>): Bench => ({
  what: `${what}, while it works`,
  goal: GOAL,
  async measure() {
    const here = await field();
    const times: number[] = [];
    for (let round = -2; round < ROUNDS; round += 1) {
      const began = performance.now();
      await act(here);
      if (round >= 0) times.push(performance.now() - began);
      await delay(50);
    }
    return summary(times);
  },
});

const asked = (what: string, path: string, accept = "*/*"): Bench =>
  timed(what, async ({ url }) => {
    const response = await fetch(`${url}${path}`, { headers: { accept } });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} is answered with ${response.status}: ${text}`);
  });

const measured = (what: string, goal: number, read: (field: Field) => number): Bench => ({
  what,
  goal,
  async measure() {
    const value = read(await field());
    return { median: value, p95: Number.NaN };
  },
});

const received = ({ world }: Field): number => world.received(0);

/** The process's memory while so many more are delivered; `more` are sent meanwhile, some with every block. */
const memory = (what: string, delivered: number, more: number): Bench => ({
  what,
  goal: Number.NaN,
  async measure() {
    const here = await field();
    const pid = here.child.pid ?? 0;
    const { now: before } = await memoryOf(pid);
    const [begin, began, beganTime] = [received(here), performance.now(), await processorTime(pid)];
    const goal = Math.min(begin + delivered, PACKETS + FURTHER);
    let sent = 0;
    let [most, heap] = [0, 0];
    const heapNow = async (): Promise<number> => {
      const metrics = await (await fetch(`${here.url}/metrics`)).text();
      return Number(/^causeway_nodejs_heap_size_used_bytes (\d+)$/m.exec(metrics)?.[1]) / MIB;
    };
    const deadline = Date.now() + Number(process.env["CAUSEWAY_BENCH_SECONDS"] ?? 600) * 1000;
    while (received(here) < goal && Date.now() < deadline) {
      for (let count = 0; count < 200 && sent < more; count += 1, sent += 1) here.world.send(0);
      most = Math.max(most, (await memoryOf(pid)).now);
      heap = Math.max(heap, await heapNow());
      await delay(200);
    }
    const done = received(here) - begin;
    const seconds = (performance.now() - began) / 1000;
    const spent = ((await processorTime(pid)) - beganTime) / done;
    console.log(
      `${done} delivered in ${seconds.toFixed(0)} s (${(done / seconds).toFixed(0)}/s, ${spent.toFixed(1)} ms of the relayer's processor time for each), ${sent} more sent`,
    );
    return { median: Number.NaN, p95: Number.NaN, memory: { before, peak: most, heap } };
  },
});

const LANE = "fake:b/fake-client-0";

export const benches: readonly Bench[] = [
  measured(`start with ${PACKETS} packets pending until it answers`, 5_000, ({ answering }) => answering),
  measured(`start with ${PACKETS} packets pending until it submits`, 5_000, ({ firstSubmission }) => firstSubmission),
  memory("resident memory (goal: 300), the first thousands delivered", PACKETS / 50, 0),
  timed("status", async ({ database: { pool } }) => {
    await listChains(
      pool,
      CHAINS.map((chainId) => ({ chainId, family: "fake" })),
    );
    await listClients(pool);
    await listLanes(pool);
    await listPackets(pool, { limit: 10 });
  }),
  asked("packets", "/v1/packets"),
  asked("packets pending", "/v1/packets?pending=true"),
  asked("packets held", "/v1/packets?held=true"),
  asked("packets by lane", `/v1/packets?lane=${LANE}`),
  asked("lanes", "/v1/lanes"),
  asked("one lane over a day", `/v1/lanes/${LANE}/history`),
  asked("light clients", "/v1/clients"),
  asked("chains", "/v1/chains"),
  asked("one packet", `/v1/packets/fake:a/fake-client-0/${PACKETS}`),
  asked("ready", "/readyz"),
  asked("metrics", "/metrics"),
  asked("page: packets", "/", "text/html"),
  asked("page: packets held", "/?held=true", "text/html"),
  asked("page: one packet", `/packets/fake:a/fake-client-0/${PACKETS}`, "text/html"),
  asked("page: lanes", "/lanes", "text/html"),
  asked("page: one lane", `/lanes/${LANE}`, "text/html"),
  memory(`resident memory (goal: 300), ${FURTHER} further packets sent and as many delivered`, FURTHER, FURTHER),
];

// Every page and route of a relayer with 100,000 packets in its tables, as somebody who looks around asks for them, and a change
// that is heard meanwhile. The relayer is a process of its own with the embedded database; its answers are asked for one by one.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { makeDataDir } from "#test/support/data-dir.ts";
import { until } from "#test/support/fake-relay.ts";
import { listenTo } from "#test/support/listen-to.ts";
import type { Bench, Measurement } from "./bench.ts";

const PACKETS = Number(process.env["CAUSEWAY_BENCH_PACKETS"] ?? 100_000);
const GOAL = 200;
const ROUNDS = 20;
const WARM_UP = 2;

interface World {
  readonly url: string;
  readonly child: ChildProcess;
  readonly directory: Awaited<ReturnType<typeof makeDataDir>>;
}

let opened: Promise<World> | undefined;

async function open(): Promise<World> {
  const directory = await makeDataDir();
  const options = JSON.stringify({ data: join(directory.path, "data"), packets: PACKETS });
  const child = spawn(process.execPath, [join(import.meta.dirname, "explorer-child.ts"), options], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const began = performance.now();
  const ready = once(child.stdout, "data").then(([data]) => String(data).trim());
  const url = await Promise.race([
    ready,
    once(child, "exit").then(([code]) => Promise.reject(new Error(`the relayer ended (${code}) before it answered`))),
  ]);
  console.log(`${PACKETS} packets put into the database in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return { url, child, directory };
}

const world = (): Promise<World> => (opened ??= open());

export async function close(): Promise<void> {
  if (opened === undefined) return;
  const { child, directory } = await opened;
  child.stdin?.end();
  await once(child, "exit");
  await directory.remove();
}

function measurementOf(times: number[]): Measurement {
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

async function read<T>(path: string, accept = "*/*"): Promise<T> {
  const response = await fetch(`${(await world()).url}${path}`, { headers: { accept } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} is answered with ${response.status}: ${text}`);
  return (response.headers.get("content-type")?.startsWith("application/json") === true ? JSON.parse(text) : text) as T;
}

interface Page {
  readonly packets: readonly { readonly id: string; readonly messageId: string; readonly createdAt: string }[];
  readonly next: string | null;
}

/** `path` is found out once, before the clock runs. */
const asked = (what: string, path: string | (() => Promise<string>), accept?: string): Bench => ({
  what,
  goal: GOAL,
  async measure() {
    const found = typeof path === "string" ? path : await path();
    const times: number[] = [];
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      const began = performance.now();
      await read(found, accept);
      if (round >= 0) times.push(performance.now() - began);
    }
    return measurementOf(times);
  },
});

/** The page that begins after so many packets. */
async function deep(filter: string, packets: number): Promise<string> {
  let before = "";
  for (let seen = 0; seen < packets; seen += 200) {
    const { next } = await read<Page>(`/v1/packets?limit=200${filter}${before}`);
    if (next === null) break;
    before = `&before=${next}`;
  }
  return `/v1/packets?limit=50${filter}${before}`;
}

/** A settled packet in the middle of the past. */
async function somePacket(): Promise<Page["packets"][number] & { transaction: string; account: string; blob: string }> {
  const middle = new Date(Date.now() - 15 * 86_400_000).toISOString();
  const { packets } = await read<Page>(`/v1/packets?limit=1&status=acknowledged&until=${middle}`);
  const [packet] = packets;
  if (packet === undefined) throw new Error("there is no packet");
  const view = await read<{ events: { kind: string; transaction: string }[]; payloads: { value: string }[] }>(
    `/v1/packets/${packet.id}`,
  );
  const { entries } = await read<{ entries: { entry: { envelope: string } }[] }>(`/v1/log/packets/${packet.id}`);
  // Addresses are text in standard payloads.
  const texts = view.payloads.map(({ value }) => Buffer.from(value, "hex").toString("latin1")).join("");
  return {
    ...packet,
    transaction: view.events.find(({ kind }) => kind === "received")?.transaction ?? "",
    account: /0x[0-9a-f]{40}/.exec(texts)?.[0] ?? "",
    blob: entries[0]?.entry.envelope ?? "",
  };
}

const [CHAIN, LANE] = ["fake:a", "fake:b/fake-client-0"];
const QUIET = "fake:d/fake-client-0";
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const ofPacket = (path: (packet: Awaited<ReturnType<typeof somePacket>>) => string) => async (): Promise<string> =>
  path(await somePacket());
const busiest = async (): Promise<string> => {
  const counts = new Map<string, number>();
  const { packets } = await read<Page>("/v1/packets?limit=200&status=acknowledged");
  for (const { id } of packets) {
    const { payloads } = await read<{ payloads: { value: string }[] }>(`/v1/packets/${id}`);
    const found = payloads.flatMap(
      ({ value }) =>
        Buffer.from(value, "hex")
          .toString("latin1")
          .match(/0x[0-9a-f]{40}/g) ?? [],
    );
    for (const account of found) counts.set(account, (counts.get(account) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
};

/** HTML, as browsers ask for it; nothing to measure where no explorer is served. */
function page(what: string, path: string | (() => Promise<string>)): Bench {
  const bench = asked(`page: ${what}`, path, "text/html");
  return {
    ...bench,
    async measure() {
      const { status } = await fetch((await world()).url, { headers: { accept: "text/html" } });
      return status === 404 ? { median: Number.NaN, p95: Number.NaN } : bench.measure();
    },
  };
}

const heard: Bench = {
  what: "a packet's sending until a listener hears of it (finality: 600)",
  goal: 1_000,
  async measure() {
    const { url, child } = await world();
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const listener = await listenTo(`${url}/v1/changes?lane=fake:d/fake-client-1`);
      const began = performance.now();
      child.stdin?.write("\n");
      await until("it is heard", () => listener.changes.some(({ kind }) => kind === "packet"));
      times.push(performance.now() - began);
      listener.cut();
    }
    return measurementOf(times);
  },
};

export const benches: readonly Bench[] = [
  asked("packets", "/v1/packets"),
  asked("packets, 200 of them", "/v1/packets?limit=200"),
  asked("packets, after 20,000", () => deep("", 20_000)),
  asked("packets by chain", `/v1/packets?chain=${CHAIN}`),
  asked("packets by chain, after 10,000", () => deep(`&chain=${CHAIN}`, 10_000)),
  asked("packets by lane", `/v1/packets?lane=${LANE}`),
  asked("packets by a quiet lane, its last page", () => deep(`&lane=${QUIET}`, 100_000)),
  asked("packets acknowledged", "/v1/packets?status=acknowledged"),
  asked("packets timed out, after 1,000", () => deep("&status=timedOut", 1_000)),
  asked("packets timed out of a quiet lane", `/v1/packets?status=timedOut&lane=${QUIET}`),
  asked("packets pending", "/v1/packets?pending=true"),
  asked("packets held", "/v1/packets?held=true"),
  asked("packets held of a quiet lane", `/v1/packets?held=true&lane=${QUIET}`),
  asked("packets not held", "/v1/packets?held=false"),
  asked("packets of a day three weeks ago", `/v1/packets?since=${daysAgo(21)}&until=${daysAgo(20)}`),
  asked("packets of before the first", `/v1/packets?until=${daysAgo(40)}`),
  asked(
    "packets by account",
    ofPacket(({ account }) => `/v1/packets?account=${account}`),
  ),
  asked("packets by the busiest account", async () => `/v1/packets?account=${await busiest()}`),
  asked(
    "packets by the busiest account, timed out",
    async () => `/v1/packets?status=timedOut&account=${await busiest()}`,
  ),
  asked("packets by an account nobody knows", "/v1/packets?account=0xnobody"),
  asked(
    "packets by transaction",
    ofPacket(({ transaction }) => `/v1/packets?transaction=${transaction}`),
  ),
  asked(
    "one packet",
    ofPacket(({ id }) => `/v1/packets/${id}`),
  ),
  asked(
    "one packet's bundle",
    ofPacket(({ id }) => `/v1/packets/${id}/bundle`),
  ),
  asked(
    "one packet's log entries",
    ofPacket(({ id }) => `/v1/log/packets/${id}`),
  ),
  asked("lanes", "/v1/lanes"),
  asked("one lane", `/v1/lanes/${LANE}`),
  asked("one lane over a day", `/v1/lanes/${LANE}/history`),
  asked("one lane over a month", `/v1/lanes/${LANE}/history?stepSeconds=3600&since=${daysAgo(30)}`),
  asked("light clients", "/v1/clients"),
  asked("chains", "/v1/chains"),
  asked(
    "search: packet",
    ofPacket(({ id }) => `/v1/search?q=${id}`),
  ),
  asked(
    "search: message id",
    ofPacket(({ messageId }) => `/v1/search?q=${messageId}`),
  ),
  asked(
    "search: transaction",
    ofPacket(({ transaction }) => `/v1/search?q=${transaction}`),
  ),
  asked("search: account", async () => `/v1/search?q=${await busiest()}`),
  asked("search: lane", `/v1/search?q=${LANE}`),
  asked("search: log entry", "/v1/search?q=1000"),
  asked("search: nothing", "/v1/search?q=0xdeadbeef"),
  asked("proof log", "/v1/log"),
  asked("proof log's entries", "/v1/log/entries"),
  asked("proof log's entries, deep", "/v1/log/entries?before=1000"),
  asked("proof log: one entry", "/v1/log/entries/1000"),
  asked("proof log: inclusion", "/v1/log/inclusion/1000?size=20000"),
  asked("proof log: consistency", "/v1/log/consistency?from=1000&to=20000"),
  asked("proof log: checkpoint", "/v1/log/checkpoint"),
  asked(
    "proof log: evidence",
    ofPacket(({ blob }) => `/v1/log/blobs/${blob}`),
  ),
  asked("ready", "/readyz"),
  asked("metrics", "/metrics"),
  asked("description of the API", "/v1/openapi.json"),
  page("packets", "/"),
  page("packets of a quiet lane", `/?lane=${QUIET}`),
  page("packets held", "/?held=true"),
  page(
    "one packet",
    ofPacket(({ id }) => `/packets/${id}`),
  ),
  page("lanes", "/lanes"),
  page("one lane", `/lanes/${LANE}`),
  page("light clients", "/clients"),
  page("chains", "/chains"),
  page("proof log", "/log"),
  page("one log entry", "/log/1000"),
  page("search", async () => `/search?q=${await busiest()}`),
  page("verify", "/verify"),
  page("packets by the busiest account", async () => `/?account=${await busiest()}`),
  page("packets, after 20,000", async () => (await deep("", 20_000)).replace("/v1/packets", "/")),
  page("proof log, deep", "/log?before=1000"),
  heard,
];

// The relayer's HTTP interface: what it answers when all is well, and what it refuses.
import { afterAll, beforeAll, expect, test } from "vitest";
import { change } from "#sdk/api/views.ts";
import type { ChainView, LaneHistory } from "#sdk/api/views.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import {
  carriedOut,
  CLIENT_ON_A,
  CLIENT_ON_B,
  fakeConfiguration,
  familyOf,
  makeFakePair,
  testLogger,
  until,
} from "#test/support/fake-relay.ts";
import type { FakePair } from "#test/support/fake-relay.ts";
import { listenTo } from "#test/support/listen-to.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let pair: FakePair;
let relayer: Relayer;

beforeAll(async () => {
  dir = await makeDataDir();
  pair = makeFakePair();
  relayer = await startEngine(fakeConfiguration({ data: dir.path }), [familyOf(pair)], { logger: testLogger });
  pair.startMining(20);
  for (let index = 0; index < 5; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("all acknowledged", () => carriedOut(pair.a, "acknowledge").once === 5);
  await until("the table says so", async () => (await get("/v1/packets?pending=false")).body.packets.length === 5);
});

afterAll(async () => {
  pair.stop();
  await relayer.stop();
  await dir.remove();
});

interface Answer {
  readonly packets: { id: string; status: string }[];
  readonly next: string | null;
  readonly lanes: { id: string; backlog: string; delivered: string }[];
  readonly clients: { status: string; follows: string }[];
  readonly chains: { chain: string; height: string; gaps: unknown[] }[];
  readonly checks: Record<string, string>;
  readonly code: string;
  readonly message: string;
  readonly size: string;
  readonly entries: { index: string; entry: { kind: string } }[];
  readonly hashes: string[];
}

async function get(path: string): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${relayer.url}${path}`);
  return { status: response.status, body: (await response.json()) as Answer };
}

test("it is alive and ready, and says what it looked at", async () => {
  expect((await get("/healthz")).status).toBe(200);
  const { status, body } = await get("/readyz");
  expect(status).toBe(200);
  expect(body.checks).toEqual({ database: "ok", queue: "ok", "fake:a": "ok", "fake:b": "ok" });
});

test("it is not ready while a chain does not answer, and says which", async () => {
  pair.a.fail("heads", "RPC_UNREACHABLE", 1_000_000);
  const { status, body } = await get("/readyz");
  pair.a.fail("heads", "RPC_UNREACHABLE", 0);
  expect(status).toBe(503);
  expect(body.checks["fake:a"]).toContain("told to fail");
  expect(body.checks["fake:b"]).toBe("ok");
});

test("packets come newest first, page by page, each once", async () => {
  const ids: string[] = [];
  let before = "";
  for (;;) {
    const { body } = await get(`/v1/packets?limit=2${before}`);
    ids.push(...body.packets.map(({ id }) => id));
    if (body.next === null) break;
    before = `&before=${body.next}`;
  }
  expect(ids).toEqual([5, 4, 3, 2, 1].map((sequence) => `fake:a/${CLIENT_ON_A}/${sequence}`));
});

test("packets can be asked for by chain and by state", async () => {
  expect((await get("/v1/packets?chain=fake:b")).body.packets).toHaveLength(5);
  expect((await get("/v1/packets?chain=fake:c")).body.packets).toEqual([]);
  expect((await get("/v1/packets?pending=true")).body.packets).toEqual([]);
});

test("a packet's id may be escaped or not", async () => {
  const id = `fake:a/${CLIENT_ON_A}/3`;
  const plain = await get(`/v1/packets/${id}`);
  expect(plain.status).toBe(200);
  expect(await get(`/v1/packets/${encodeURIComponent(id)}`)).toEqual(plain);
});

test("lanes, light clients and chains", async () => {
  const { lanes } = (await get("/v1/lanes")).body;
  expect(lanes.map(({ id, delivered }) => [id, delivered])).toEqual([
    [`fake:a/${CLIENT_ON_A}`, "5"],
    [`fake:b/${CLIENT_ON_B}`, "5"],
  ]);
  expect((await get("/v1/clients")).body.clients.map(({ status }) => status)).toEqual(["active", "active"]);
  const { chains } = (await get("/v1/chains")).body;
  expect(chains.map(({ chain, gaps }) => [chain, gaps])).toEqual([
    ["fake:a", []],
    ["fake:b", []],
  ]);
});

test("one lane in figures, and over time", async () => {
  const { body } = await get(`/v1/lanes/fake:b/${CLIENT_ON_B}`);
  expect(body).toMatchObject({ delivered: "5", backlog: "0", paused: null, latency: { deliveries: 5 } });
  expect(body).toMatchObject({ cost: { messages: 5, perMessage: expect.stringMatching(/^[01]$/) } });
  const history = (await get(`/v1/lanes/fake:b/${CLIENT_ON_B}/history?stepSeconds=300`)).body as unknown as LaneHistory;
  expect(history.steps.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(5);
  expect(history.steps.reduce((sum, { fee }) => sum + Number(fee), 0)).toBeGreaterThan(0);
  for (const { at, p50Seconds, p95Seconds } of history.steps) {
    expect(Date.parse(at) % 300_000).toBe(0);
    expect(p95Seconds).toBeGreaterThanOrEqual(p50Seconds);
  }
});

test("a chain's endpoints are asked behind the answer", async () => {
  await until("they were heard", async () => {
    const { body } = await get("/v1/chains/fake:a");
    return (body as unknown as ChainView).health?.endpoints[0]?.ok === true;
  });
});

test("search names what an id is of", async () => {
  const { body } = await get(`/v1/search?q=fake:a/${CLIENT_ON_A}/2`);
  expect(body).toMatchObject({ hits: [{ kind: "packet", path: `/v1/packets/fake:a/${CLIENT_ON_A}/2` }] });
  expect((await get("/v1/search?q=nothing")).body).toEqual({ query: "nothing", hits: [] });
});

test("the proof log: head, entries of a packet, and proofs of their inclusion", async () => {
  const { size } = (await get("/v1/log")).body;
  const { entries } = (await get(`/v1/log/packets/fake:a/${CLIENT_ON_A}/1`)).body;
  expect(entries.map(({ entry }) => entry.kind)).toEqual([
    "verdict",
    "intent",
    "outcome",
    "verdict",
    "intent",
    "outcome",
  ]);
  const { status, body } = await get(`/v1/log/inclusion/${entries[0]?.index}?size=${size}`);
  expect(status).toBe(200);
  expect(body.hashes.length).toBeGreaterThan(0);
  const note = await (await fetch(`${relayer.url}/v1/log/checkpoint`)).text();
  expect(note).toContain("\n— ");
});

test("metrics name what operators watch", async () => {
  const text = await (await fetch(`${relayer.url}/metrics`)).text();
  for (const line of [
    `causeway_messages_total{lane="fake:b/${CLIENT_ON_B}",leg="receive",outcome="delivered"} 5`,
    `causeway_messages_total{lane="fake:a/${CLIENT_ON_A}",leg="acknowledge",outcome="delivered"} 5`,
    `causeway_backlog_messages{lane="fake:b/${CLIENT_ON_B}",leg="receive"} 0`,
    `causeway_watched_events_total{chain="fake:a"} 10`,
  ])
    expect(text).toContain(line);
  for (const name of ["client_expiry_seconds", "chain_height", "log_size", "stage_seconds_bucket", "verdicts_total"])
    expect(text).toContain(`causeway_${name}`);
});

test.each([
  ["/v1/packets?limit=0", 400, "limit"],
  ["/v1/packets?limit=many", 400, "limit"],
  ["/v1/packets?before=-1", 400, "before"],
  ["/v1/packets?pending=perhaps", 400, "pending"],
  ["/v1/packets?surplus=1", 400, "surplus"],
  ["/v1/packets/fake:a/none-0/1", 404, "none-0"],
  ["/v1/packets/nonsense", 404, "nonsense"],
  ["/v1/log/entries/-1", 400, "index"],
  ["/v1/log/entries/999999", 404, "999999"],
  ["/v1/log/blobs/xyz", 400, "hash"],
  ["/v1/log/consistency?from=1", 400, "to"],
  ["/v1/nothing", 404, "/v1/nothing"],
  ["/v1/packets?status=lost", 400, "status"],
  ["/v1/packets?held=1", 400, "held"],
  ["/v1/packets?since=yesterday", 400, "since"],
  ["/v1/search", 400, "q"],
  ["/v1/search?q=%00", 400, "zero character"],
  ["/v1/lanes/fake:a/none-0", 404, "none-0"],
  ["/v1/lanes/fake:a/none-0/history", 404, "none-0"],
  [`/v1/lanes/fake:a/${CLIENT_ON_A}/history?stepSeconds=7`, 400, "stepSeconds"],
  [`/v1/lanes/fake:a/${CLIENT_ON_A}/history?stepSeconds=300&since=2020-01-01T00:00:00Z`, 400, "longer steps"],
  ["/v1/clients/fake:a/none-0", 404, "none-0"],
  ["/v1/chains/fake:c", 404, "fake:c"],
  ["/v1/changes?after=1", 400, "position"],
  ["/v1/changes?colour=red", 400, "colour"],
])("%s is answered with %i and says why", async (path, status, part) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(answer.body.message).toContain(part);
});

test("changes are heard as they happen, and from where a listener was cut off", async () => {
  const packet = `fake:a/${CLIENT_ON_A}/6`;
  const first = await listenTo(`${relayer.url}/v1/changes?packet=${packet}`);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("it is received", () => first.changes.some(({ what }) => what === "received"));
  first.cut();
  await until("it is acknowledged", async () => (await get("/v1/packets?pending=false")).body.packets.length === 6);
  const heard = first.changes.length;
  const second = await listenTo(`${relayer.url}/v1/changes?packet=${packet}`, first.position());
  await until("the rest is heard", () => second.changes.some(({ what }) => what === "acknowledged"));
  second.cut();
  // Together they are what somebody hears who was never cut off.
  const whole = await listenTo(`${relayer.url}/v1/changes?packet=${packet}`, first.start);
  await until("all is heard", () => whole.changes.length >= heard + second.changes.length);
  whole.cut();
  // Whoever listens last may hear of more.
  const cutOff = [...first.changes, ...second.changes];
  expect(whole.changes.slice(0, cutOff.length)).toEqual(cutOff);
  for (const one of whole.changes) expect(change.parse(one)).toMatchObject({ kind: "packet", id: packet });
});

test("a lane's listener hears of the lane and of its packets", async () => {
  const lane = `fake:b/${CLIENT_ON_B}`;
  const listener = await listenTo(`${relayer.url}/v1/changes?lane=${lane}`);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("both are heard", () => new Set(listener.changes.map(({ kind }) => kind)).size === 2);
  listener.cut();
  expect(listener.changes.filter(({ kind }) => kind === "lane").every(({ id }) => id === lane)).toBe(true);
  await until("it is settled", async () => (await get("/v1/packets?pending=false")).body.packets.length === 7);
});

test("a listener of a position that is forgotten is told to ask anew", async () => {
  const listener = await listenTo(`${relayer.url}/v1/changes`, "999999999999-1");
  await until("it is told", () => listener.reloads() === 1);
  listener.cut();
});

test("nothing can be written", async () => {
  const response = await fetch(`${relayer.url}/v1/packets`, { method: "POST", body: "{}" });
  expect(response.status).toBe(404);
});

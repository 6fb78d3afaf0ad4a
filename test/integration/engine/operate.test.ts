// What operators do to a running relay, and that every process honours it.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Listener } from "#relayer/events.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { runChild } from "#test/support/child.ts";
import type { Child } from "#test/support/child.ts";
import { startDatabaseServer } from "#test/support/database-server.ts";
import type { DatabaseServer, TestDatabase } from "#test/support/database-server.ts";
import { serveFakeChains } from "#test/support/fake-node-server.ts";
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
import type { FakeConfigOptions, FakePair } from "#test/support/fake-relay.ts";
import { bearer, TOKENS, writeTokens } from "#test/support/tokens.ts";
import { causeway } from "#test/unit/cli/in-process.ts";

const LANE = `fake:b/${CLIENT_ON_B}`;
const packet = (sequence: number): string => `fake:a/${CLIENT_ON_A}/${sequence}`;

let server: DatabaseServer;
let database: TestDatabase;
let pair: FakePair;
const running: Relayer[] = [];
const children: Child[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
});

afterEach(async () => {
  pair.stop();
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
  await Promise.all(children.splice(0).map((child) => child.kill("SIGTERM")));
});

afterAll(async () => {
  await server.close();
});

/** Options of a relayer on a database of its own. */
async function freshOptions(): Promise<FakeConfigOptions> {
  database = await server.create();
  return { data: database.data, databaseUrl: database.url, http: { tokens: await writeTokens(server.directory) } };
}

async function start(options: FakeConfigOptions, listeners: readonly Listener[] = []): Promise<Relayer> {
  const relayer = await startEngine(fakeConfiguration(options), [familyOf(pair)], { logger: testLogger, listeners });
  running.push(relayer);
  return relayer;
}

async function act(url: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/v1/${path}`, {
    method: "POST",
    headers: { ...bearer("operator"), ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
const get = async (url: string, path: string): Promise<never> => (await (await fetch(`${url}${path}`)).json()) as never;

const send = (packets: number): void => {
  for (let index = 0; index < packets; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
};
const received = (): number => carriedOut(pair.b, "receive").once;
/** Watched, all of them: from here on only the pause keeps them. */
const watched = (url: string, backlog: number): Promise<void> =>
  until(
    `${backlog} wait`,
    async () => ((await get(url, `/v1/lanes/${LANE}`)) as { backlog: string }).backlog === String(backlog),
  );
const status = async (url: string, sequence: number): Promise<string | undefined> =>
  ((await get(url, `/v1/packets/${packet(sequence)}`)) as { deliveries?: { status: string }[] }).deliveries?.[0]
    ?.status;

async function controls(url: string): Promise<{ event: string; detail?: Record<string, string> }[]> {
  const { entries } = (await get(url, "/v1/log/entries")) as { entries: { entry: { kind: string; event: string } }[] };
  return entries
    .map(({ entry }) => entry)
    .filter(({ kind, event }) => kind === "control" && event.includes("operator"));
}

test("a pause holds in every process and over restarts, and the other lane goes on", async () => {
  pair = makeFakePair();
  pair.startMining(20);
  const nodes = await serveFakeChains([pair.a, pair.b]);
  try {
    const options = { ...(await freshOptions()), url: nodes.url };
    const startChild = async (): Promise<string> => {
      const child = runChild("test/support/relayer-child.ts", options);
      children.push(child);
      return child.ready;
    };
    const [first, second] = await Promise.all([startChild(), startChild()]);
    const because = "the signer's key is being changed";
    expect(await act(first, `lanes/${LANE}/pause`, { because })).toEqual({
      status: 200,
      body: { act: "pause", id: LANE, changed: true },
    });
    expect((await act(second, `lanes/${LANE}/pause`, { because: "again" })).body).toMatchObject({ changed: false });
    send(3);
    pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
    await watched(second, 4);
    await until("the other lane delivers", () => carriedOut(pair.a, "receive").once === 1);

    await Promise.all(children.splice(0).map((child) => child.kill("SIGKILL")));
    const [third, fourth] = await Promise.all([startChild(), startChild()]);
    pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
    await until("the other lane delivers again", () => carriedOut(pair.a, "receive").once === 2);
    expect(received()).toBe(0);
    expect(await get(fourth, `/v1/lanes/${LANE}`)).toMatchObject({ paused: { by: "a-operator", because } });
    const ready = await fetch(`${third}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { paused: { [LANE]: `paused by a-operator: ${because}` } },
    ]);
    expect(await (await fetch(`${third}/metrics`)).text()).toContain(`causeway_lane_paused{lane="${LANE}"} 1`);

    expect((await act(fourth, `lanes/${LANE}/resume`)).body).toMatchObject({ changed: true });
    expect((await act(third, `lanes/${LANE}/resume`)).body).toMatchObject({ changed: false });
    await until("all is delivered", () => received() === 3);
    expect(carriedOut(pair.b, "receive")).toEqual({ once: 3, more: 0 });
    expect(await get(third, `/v1/lanes/${LANE}`)).toMatchObject({ paused: null });
    expect(await controls(third)).toMatchObject([
      { event: "paused lane resumed by an operator", detail: { lane: LANE, by: "a-operator" } },
      { event: "lane paused by an operator", detail: { lane: LANE, by: "a-operator", because } },
    ]);
  } finally {
    await Promise.all(children.splice(0).map((child) => child.kill("SIGTERM")));
    await nodes.close();
  }
});

test("what is signed is finished, and nothing is signed after it", async () => {
  pair = makeFakePair();
  const relayer = await start(await freshOptions());
  // Signed and stored, and the chain's endpoint does not take it.
  pair.b.fail("broadcast", "RPC_UNREACHABLE", 1_000_000);
  pair.startMining(20);
  send(1);
  await until(
    "it is signed",
    async () => (await status(relayer.url, 1)) === "submitting" && (pair.b.calls.get("broadcast") ?? 0) > 0,
  );
  await act(relayer.url, `lanes/${LANE}/pause`, { because: "test" });
  send(1);
  await watched(relayer.url, 2);
  pair.b.fail("broadcast", "RPC_UNREACHABLE", 0);
  await until("it is delivered all the same", () => received() === 1);
  await until("that is written down", async () => (await status(relayer.url, 1)) === "delivered");
  expect(await status(relayer.url, 2)).toBe("watched");
  await act(relayer.url, `lanes/${LANE}/resume`);
  await until("the next is delivered", () => received() === 2);
});

test("a batch that was judged good and is not signed yet waits, and is judged again", async () => {
  pair = makeFakePair();
  const options = await freshOptions();
  const verdicts: boolean[] = [];
  let paused: Promise<unknown> = Promise.resolve();
  const relayer = await start(options, [
    (event) => {
      if (event.type === "verified" && event.lane === LANE) verdicts.push(event.verdict.ok);
      if (event.type !== "taken" || event.lane !== LANE || verdicts.length > 0) return;
      paused = act(relayer.url, `lanes/${LANE}/pause`, { because: "test" });
    },
  ]);
  const trusted = pair.b.trusted.bind(pair.b);
  pair.b.trusted = async (client) => {
    await paused;
    return trusted(client);
  };
  pair.startMining(20);
  send(1);
  await until("it is held before its signature", async () => (await status(relayer.url, 1)) === "submitting");
  send(1);
  await watched(relayer.url, 2);
  expect([verdicts, received()]).toEqual([[true], 0]);
  await act(relayer.url, `lanes/${LANE}/resume`, { because: "test over" });
  await until("both are delivered", () => received() === 2);
  expect(verdicts.slice(0, 2)).toEqual([true, true]);
  expect(carriedOut(pair.b, "receive")).toEqual({ once: 2, more: 0 });
});

test("a packet that rests after a failure is tried at once, and clearing finds what was lost", async () => {
  pair = makeFakePair();
  const options = await freshOptions();
  const timers = { firstRetry: 60, longestRetry: 3_600, clear: 86_400 };
  const relayer = await start({ ...options, timers });
  pair.b.fail("broadcast", "INSUFFICIENT_FUNDS", 1);
  pair.startMining(20);
  send(1);
  await until(
    "it rests",
    async () => ((await get(relayer.url, `/v1/lanes/${LANE}`)) as { errorCode: string }).errorCode !== null,
  );
  expect(await act(relayer.url, `packets/${packet(1)}/retry`, { because: "funds were sent" })).toMatchObject({
    body: { act: "retry", id: packet(1), changed: true },
  });
  await until("it is delivered", () => received() === 1);
  await until(
    "it is settled",
    async () => ((await get(relayer.url, "/v1/packets?pending=false")) as { packets: unknown[] }).packets.length === 1,
  );
  expect((await act(relayer.url, `packets/${packet(1)}/retry`)).body).toMatchObject({ changed: false });

  await act(relayer.url, `lanes/${LANE}/pause`, { because: "test" });
  send(1);
  await watched(relayer.url, 1);
  await database.pool.query("update deliveries set status = 'obsolete', closed_at = now() where status = 'watched'");
  await act(relayer.url, `lanes/${LANE}/resume`);
  // Packets of this lane are those that were sent through the other end of its route.
  expect((await act(relayer.url, `lanes/${LANE}/clear`)).body).toMatchObject({ act: "clear", changed: true });
  await until("it is delivered, too", () => received() === 2);
  expect((await controls(relayer.url)).map(({ event, detail }) => `${event}: ${detail?.["because"] ?? "-"}`)).toEqual([
    "lane cleared by an operator: -",
    "paused lane resumed by an operator: -",
    "lane paused by an operator: test",
    "packet retried by an operator: funds were sent",
  ]);
});

test("the command line acts through the API, and says why it was refused", async () => {
  pair = makeFakePair();
  const { url } = await start(await freshOptions());
  process.env["TEST_TOKEN"] = TOKENS.operator;
  process.env["TEST_WRONG_TOKEN"] = TOKENS.auditor;
  const through = (api: string, token: string, ...argv: string[]) =>
    causeway(...argv, "--api", api, "--token-from", token);
  const lane = "eip155:1/beacon-0";
  const pause = ["lane", "pause", lane, "--because", "test"];

  // The fake chains' lanes have no names that the command line takes: what is not known is refused by the relayer itself.
  expect(await through(url, "TEST_TOKEN", ...pause)).toMatchObject({
    code: 1,
    errors: expect.stringContaining(`${lane} is not known here`),
  });
  expect(await through(url, "TEST_WRONG_TOKEN", ...pause)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("NOT_AUTHORIZED"),
  });
  expect(await through(url, "TEST_NO_TOKEN", ...pause)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("MISSING_SECRET"),
  });
  expect(await through("http://127.0.0.1:1", "TEST_TOKEN", ...pause)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("API_UNREACHABLE"),
  });
  const other = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  expect(await through(address, "TEST_TOKEN", "retry", `${lane}/1`)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("API_BAD_ANSWER"),
  });
  other.close();
});

const REFUSED: readonly [path: string, body: object | undefined, status: number, part: string][] = [
  [`lanes/${LANE}/pause`, undefined, 400, "body"],
  [`lanes/${LANE}/pause`, {}, 400, "because"],
  [`lanes/${LANE}/pause`, { because: "  " }, 400, "because"],
  [`lanes/${LANE}/pause`, { because: "x".repeat(401) }, 400, "because"],
  [`lanes/${LANE}/pause`, { because: "a\nb" }, 400, "one line"],
  [`lanes/${LANE}/pause`, { because: "\ud800" }, 400, "one line"],
  [`lanes/${LANE}/pause`, { because: "x", surplus: 1 }, 400, "surplus"],
  [`lanes/${LANE}/stop`, { because: "x" }, 404, "/v1/lanes"],
  ["lanes/fake:b/none-0/pause", { because: "x" }, 404, "none-0"],
  ["lanes/fake:b/none-0/resume", undefined, 404, "none-0"],
  ["lanes/fake:b/none-0/clear", undefined, 404, "none-0"],
  [`packets/${packet(99)}/retry`, undefined, 404, "99"],
  [`packets/fake:a/x/y/retry`, undefined, 400, "sequence"],
];

test("what is asked for wrongly is refused, and says why", async () => {
  pair = makeFakePair();
  const relayer = await start(await freshOptions());
  for (const [path, body, status, part] of REFUSED) {
    const answer = await act(relayer.url, path, body);
    expect([path, answer.status]).toEqual([path, status]);
    expect((answer.body as { message: string }).message).toContain(part);
  }
  expect(await controls(relayer.url)).toEqual([]);
});

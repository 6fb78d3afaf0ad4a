// The engine and light clients that contradict their chains: alarm, stop, report, freeze, and what an operator does after it.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RelayEvent } from "#relayer/events.ts";
import { resumeLane } from "#relayer/misbehaviour/contradictions.ts";
import { decodeEntry } from "#sdk/evidence/log-entry.ts";
import type { LogEntry } from "#sdk/evidence/log-entry.ts";
import type { ClientView } from "#sdk/api/views.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { decodeTrusted } from "#test/support/fake-evidence.ts";
import { startDatabaseServer } from "#test/support/database-server.ts";
import type { DatabaseServer, TestDatabase } from "#test/support/database-server.ts";
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

let server: DatabaseServer;
let pair: FakePair;
let database: TestDatabase;
let events: RelayEvent[];
const errors: string[] = [];
const running: Relayer[] = [];

const LANE = `fake:b/${CLIENT_ON_B}`;

beforeAll(async () => {
  server = await startDatabaseServer();
});

afterEach(async () => {
  pair.stop();
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
});

afterAll(async () => {
  await server.close();
});

async function prepare(): Promise<void> {
  database = await server.create();
  pair = makeFakePair();
  events = [];
  errors.length = 0;
}

async function start(timers: Readonly<Record<string, number>> = {}): Promise<Relayer> {
  const config = fakeConfiguration({
    data: database.data,
    databaseUrl: database.url,
    timers: { compare: 0.1, ...timers },
  });
  const relayer = await startEngine(config, [familyOf(pair)], {
    logger: { ...testLogger, error: (_, message) => errors.push(message) },
    listeners: [(event) => events.push(event)],
  });
  running.push(relayer);
  if (running.length === 1) pair.startMining(20);
  return relayer;
}

const get = async (relayer: Relayer, path: string): Promise<Response> => fetch(`${relayer.url}${path}`);
const clientOnB = async (relayer: Relayer): Promise<ClientView> => {
  const { clients } = (await (await get(relayer, "/v1/clients")).json()) as { clients: ClientView[] };
  const found = clients.find(({ chain }) => chain === "fake:b");
  if (found === undefined) throw new Error("no light client on b");
  return found;
};
const happened = (type: RelayEvent["type"]): boolean => events.some((event) => event.type === type);
const isFrozen = async (): Promise<boolean> => decodeTrusted((await pair.b.trusted(CLIENT_ON_B)).state).frozen;
const metric = async (relayer: Relayer, name: string): Promise<string | undefined> =>
  (await (await get(relayer, "/metrics")).text())
    .split("\n")
    .find((line) => line.startsWith(`causeway_${name}{lane="${LANE}"}`));

async function logged(): Promise<LogEntry[]> {
  const { rows } = await database.pool.query<{ body: Buffer }>("select body from log_entries order by index");
  return rows.flatMap(({ body }) => decodeEntry(new Uint8Array(body)) ?? []);
}

/** What a relayer does in a while, when it does something. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_500));

test("a forged height stops the lane, is reported and frozen, and everything says so", async () => {
  await prepare();
  const relayer = await start();
  await until("compared", async () => (await clientOnB(relayer)).comparedAt !== null);
  expect(await metric(relayer, "client_contradicted")).toMatch(/ 0$/);
  expect((await get(relayer, "/readyz")).status).toBe(200);

  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  await until("frozen", isFrozen);
  await until("recorded", async () => (await clientOnB(relayer)).contradiction?.report === "frozen");
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
  await until("the other lane delivers", () => carriedOut(pair.a, "receive").once === 1);
  await aWhile();
  expect(carriedOut(pair.b, "receive").once).toBe(0);

  const view = await clientOnB(relayer);
  expect(view).toMatchObject({ status: "frozen", contradiction: { basis: "proven", stands: true, reportError: null } });
  expect(view.contradiction?.transaction).toMatch(/^fake:b#/);
  expect(await metric(relayer, "client_contradicted")).toMatch(/ 1$/);
  expect(await metric(relayer, "client_frozen")).toMatch(/ 1$/);
  const ready = await get(relayer, "/readyz");
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ checks: { [LANE]: expect.stringContaining("CLIENT_CONTRADICTED") } });
  expect((await get(relayer, "/healthz")).status).toBe(200);
  expect(errors.map((message) => message.slice(0, 5))).toEqual(["ALARM", "ALARM"]);
  expect(events.filter(({ type }) => type === "contradicted")).toHaveLength(1);

  const entries = await logged();
  const about = entries.filter((entry) => "evidence" in entry && entry.evidence === "misbehaviour");
  expect(about.map(({ kind }) => kind)).toEqual(["verdict", "intent", "outcome"]);
  expect(about[0]).toMatchObject({ family: "fake", verdict: { ok: true }, messages: [], clientId: CLIENT_ON_B });
  expect(about[2]).toMatchObject({ transaction: { id: view.contradiction?.transaction } });
  const alarm = entries.find((entry) => entry.kind === "control" && entry.event.includes("contradicts"));
  expect(alarm).toMatchObject({ detail: { lane: LANE, basis: "proven" } });
  const { rows } = await database.pool.query("select from log_blobs where encode(hash, 'hex') = $1", [
    about[0] !== undefined && "envelope" in about[0] ? about[0].envelope : "",
  ]);
  expect(rows).toHaveLength(1);
});

test("without evidence the lane stops as well, and says that the light client is not frozen and why", async () => {
  await prepare();
  const relayer = await start();
  pair.b.forge(CLIENT_ON_B, pair.a.finalized, { hidden: true });
  await until("said", () => happened("unreported"));
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await aWhile();
  expect(await isFrozen()).toBe(false);
  expect(carriedOut(pair.b, "receive").once).toBe(0);
  expect(pair.b.nonce).toBe(0n);
  const { contradiction } = await clientOnB(relayer);
  expect(contradiction).toMatchObject({ report: "wanted", transaction: null });
  expect(contradiction?.reportError).toContain("nothing shows how");
  expect((await logged()).filter((entry) => "evidence" in entry)).toEqual([]);
  expect(errors.some((message) => message.includes("could not be frozen"))).toBe(true);
});

test("the lane goes on only when an operator resumes it, although the contradiction is gone", async () => {
  await prepare();
  const relayer = await start();
  const honest = (await pair.b.trusted(CLIENT_ON_B)).state;
  pair.b.forge(CLIENT_ON_B, pair.a.finalized, { hidden: true });
  await until("stopped", () => happened("contradicted"));
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.b.createClient(CLIENT_ON_B, honest);
  await until("seen", async () => (await clientOnB(relayer)).contradiction?.stands === false);
  await aWhile();
  expect(carriedOut(pair.b, "receive").once).toBe(0);
  expect(await metric(relayer, "client_contradicted")).toMatch(/ 1$/);
  expect(await resumeLane(database.pool, LANE, "the test says so")).toBe(true);
  expect(await resumeLane(database.pool, LANE, "twice")).toBe(false);
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
  expect((await get(relayer, "/readyz")).status).toBe(200);
});

test("a batch that was judged before its lane was stopped is judged again before it is sent", async () => {
  await prepare();
  pair.b.fail("broadcast", "RPC_UNREACHABLE", 1_000_000);
  await start({ compare: 3_600 });
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  const submitting = "select from batches where status = 'submitting'";
  await until("judged", async () => (await database.pool.query(submitting)).rowCount === 1);
  const honest = (await pair.b.trusted(CLIENT_ON_B)).state;
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
  pair.stop();
  // As if it was killed before it signed.
  await database.pool.query("delete from transactions; delete from nonce_lanes");
  // It rests after its failures until the light client was compared.
  await database.pool.query("update lanes set next_attempt_at = now() + interval '1 hour'");
  expect((await database.pool.query(submitting)).rowCount).toBe(1);
  pair.b.fail("broadcast", "RPC_UNREACHABLE", 0);
  pair.b.forge(CLIENT_ON_B, pair.a.finalized, { hidden: true });
  events.length = 0;
  await start();
  await until("stopped", () => happened("contradicted"));
  await aWhile();
  expect(carriedOut(pair.b, "receive").once).toBe(0);
  pair.b.createClient(CLIENT_ON_B, honest);
  await until(
    "agreed",
    async () => (await database.pool.query("select from contradictions where not stands")).rowCount === 1,
  );
  await resumeLane(database.pool, LANE, "the test says so");
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
  expect(happened("verified")).toBe(true);
});

test("a light client that contradicts again after it was resumed is stopped again", async () => {
  await prepare();
  await start();
  const honest = (await pair.b.trusted(CLIENT_ON_B)).state;
  for (const [round, height] of [pair.a.finalized, pair.a.finalized + 1n].entries()) {
    await until("final", () => pair.a.finalized >= height);
    pair.b.forge(CLIENT_ON_B, height, { hidden: true });
    await until("stopped", () => events.filter(({ type }) => type === "contradicted").length === round + 1);
    pair.b.createClient(CLIENT_ON_B, honest);
    await resumeLane(database.pool, LANE, "the test says so");
  }
  const { rows } = await database.pool.query("select height from contradictions where resumed_because is not null");
  expect(rows).toHaveLength(2);
});

test("nothing is signed against a forged state even before the timer looks at it", async () => {
  await prepare();
  await start({ compare: 3_600 });
  await until(
    "compared",
    async () => (await database.pool.query("select from lanes where compared_at is not null")).rowCount === 2,
  );
  pair.b.forge(CLIENT_ON_B, pair.a.finalized, { hidden: true });
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("refused", () =>
    events.some((event) => event.type === "failed" && event.where === LANE && event.code === "CLIENT_CONTRADICTED"),
  );
  expect(happened("contradicted")).toBe(true);
  await aWhile();
  expect(carriedOut(pair.b, "receive").once).toBe(0);
  expect(pair.b.nonce).toBe(0n);
  expect((await logged()).filter((entry) => entry.kind === "intent")).toEqual([]);
});

test("what is above our own finality is no contradiction", async () => {
  await prepare();
  const relayer = await start();
  pair.a.finalityHeld = pair.a.finalized;
  pair.b.forge(CLIENT_ON_B, pair.a.height + 3n);
  await until("said", async () => (await clientOnB(relayer)).uncompared.some(({ because }) => because === "ahead"));
  await aWhile();
  expect(happened("contradicted")).toBe(false);
  expect(await isFrozen()).toBe(false);
  // Once it is final the same belief is one.
  pair.a.finalityHeld = undefined;
  await until("frozen", isFrozen);
});

test("a source that cannot be asked raises no alarm, and agrees to nothing", async () => {
  await prepare();
  pair.a.fail("heads", "RPC_UNREACHABLE", 1_000_000);
  const relayer = await start();
  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  await aWhile();
  expect(happened("contradicted")).toBe(false);
  expect((await clientOnB(relayer)).comparedAt).toBeNull();
  pair.a.fail("heads", "RPC_UNREACHABLE", 0);
  await until("frozen", isFrozen);
});

test("one endpoint of the target alone stops no lane by showing a forged state", async () => {
  await prepare();
  const relayer = await start();
  const honest = (await pair.b.trusted(CLIENT_ON_B)).state;
  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  const forged = (await pair.b.trusted(CLIENT_ON_B)).state;
  pair.b.createClient(CLIENT_ON_B, honest);
  pair.b.shownByAnother.set(CLIENT_ON_B, forged);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
  await aWhile();
  expect(happened("contradicted")).toBe(false);
  expect((await clientOnB(relayer)).contradiction).toBeNull();
  expect(await isFrozen()).toBe(false);
});

test("one endpoint of the target alone hides no forged state: nothing is delivered, and nobody is frozen on its word", async () => {
  await prepare();
  const relayer = await start();
  await until("compared", async () => (await clientOnB(relayer)).comparedAt !== null);
  pair.b.shownByAnother.set(CLIENT_ON_B, (await pair.b.trusted(CLIENT_ON_B)).state);
  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("said", () =>
    events.some((event) => event.type === "failed" && event.where === LANE && event.code === "RPC_BAD_ANSWER"),
  );
  await aWhile();
  expect(carriedOut(pair.b, "receive").once).toBe(0);
  expect(happened("contradicted")).toBe(false);
  pair.b.shownByAnother.clear();
  await until("frozen", isFrozen);
});

test("a light client that somebody else froze is not paid for", async () => {
  await prepare();
  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  pair.b.freeze(CLIENT_ON_B);
  const relayer = await start();
  await until("recorded", async () => (await clientOnB(relayer)).contradiction?.report === "frozen");
  expect((await clientOnB(relayer)).contradiction?.transaction).toBeNull();
  expect(pair.b.nonce).toBe(0n);
});

test("a relayer that was killed after its report was included writes down that it was its own", async () => {
  await prepare();
  await start();
  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  await until(
    "recorded",
    async () => (await database.pool.query("select from contradictions where report = 'frozen'")).rowCount === 1,
  );
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
  pair.stop();
  // As if it was killed before it could.
  await database.pool.query("update contradictions set report = 'wanted', transaction = null");
  events.length = 0;
  const second = await start();
  await until("recorded", async () => (await clientOnB(second)).contradiction?.report === "frozen");
  expect((await clientOnB(second)).contradiction?.transaction).toMatch(/^fake:b#0$/);
  expect(pair.b.nonce).toBe(1n);
  expect(events).toContainEqual(expect.objectContaining({ type: "frozen", transaction: "fake:b#0" }));
});

test("a report whose broadcast fails is tried again, and sent once, by two relayers on one database", async () => {
  await prepare();
  pair.b.fail("broadcast", "RPC_UNREACHABLE", 3);
  await start();
  const second = await start();
  pair.b.forge(CLIENT_ON_B, pair.a.finalized);
  await until("frozen", isFrozen);
  await until("recorded", async () => (await clientOnB(second)).contradiction?.report === "frozen");
  expect(pair.b.nonce).toBe(1n);
  expect(events.filter(({ type }) => type === "contradicted")).toHaveLength(1);
  expect(events.filter(({ type }) => type === "frozen")).toHaveLength(1);
});

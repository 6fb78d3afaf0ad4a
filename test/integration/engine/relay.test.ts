// The whole engine between two fake chains, on an embedded database: sends, acknowledgements, timeouts, and what goes wrong.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { receiveClaim } from "#adapters/protocol/claim.ts";
import type { RelayEvent } from "#relayer/events.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import type { LogEntry } from "#sdk/evidence/log-entry.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import { decodeTrusted, newest, verifyFake } from "#test/support/fake-evidence.ts";
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
import type { FakeConfigOptions, FakePair } from "#test/support/fake-relay.ts";

let server: DatabaseServer;
let database: TestDatabase;
let pair: FakePair;
let events: RelayEvent[];
const running: Relayer[] = [];

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

/** A relayer on a database of its own. */
async function start(
  options: Partial<FakeConfigOptions> = {},
  pairOptions: Parameters<typeof makeFakePair>[0] = {},
): Promise<Relayer> {
  database = await server.create();
  pair = makeFakePair(pairOptions);
  events = [];
  const config = fakeConfiguration({
    data: database.data,
    databaseUrl: database.url,
    ...options,
  });
  const relayer = await startEngine(config, [familyOf(pair)], {
    logger: testLogger,
    listeners: [(event) => events.push(event)],
  });
  running.push(relayer);
  pair.startMining(20);
  return relayer;
}

const json = async (relayer: Relayer, path: string): Promise<never> =>
  (await (await fetch(`${relayer.url}${path}`)).json()) as never;

test("packets both ways are delivered once and acknowledged, and every stage leaves its time", async () => {
  const relayer = await start();
  for (let index = 0; index < 20; index += 1) {
    pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
    pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
  }
  await until(
    "all acknowledged",
    () => carriedOut(pair.a, "acknowledge").once === 20 && carriedOut(pair.b, "acknowledge").once === 20,
  );
  expect(carriedOut(pair.a, "receive")).toEqual({ once: 20, more: 0 });
  expect(carriedOut(pair.b, "receive")).toEqual({ once: 20, more: 0 });
  expect(pair.a.redundant + pair.b.redundant).toBe(0);
  await until("the table says so", async () => {
    const { packets } = (await json(relayer, "/v1/packets?pending=false")) as { packets: { status: string }[] };
    return packets.length === 40 && packets.every(({ status }) => status === "acknowledged");
  });
  const packet = (await json(relayer, `/v1/packets/fake:a/${CLIENT_ON_A}/1`)) as {
    deliveries: Record<string, string | null>[];
  };
  const [receive] = packet.deliveries;
  const times = ["watchedAt", "provingAt", "queuedAt", "verifyingAt", "submittingAt", "loggingAt", "closedAt"].map(
    (name) => receive?.[name] ?? "",
  );
  expect([...times].sort()).toEqual(times);
  expect(times).not.toContain("");
});

test("a single worker takes the lanes in turn: what is proven waits in the queue until it is taken", async () => {
  await start({ concurrency: 1 });
  for (let index = 0; index < 10; index += 1) {
    pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
    pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
  }
  await until(
    "all acknowledged",
    () => carriedOut(pair.a, "acknowledge").once === 10 && carriedOut(pair.b, "acknowledge").once === 10,
  );
  const batches = (type: "proved" | "taken" | "closed"): string[] =>
    events.flatMap((event) => (event.type === type ? [event.batch] : []));
  await until("all are closed", () => batches("closed").length === batches("proved").length);
  expect(batches("taken").toSorted()).toEqual(batches("proved").toSorted());
  const lanes = events.flatMap((event) => (event.type === "taken" ? [event.lane] : []));
  expect(new Set(lanes.slice(0, 2)).size).toBe(2);
});

test("a packet whose time is over on its destination is timed out, not delivered", async () => {
  await start();
  pair.b.mine(100n);
  pair.a.finalityHeld = pair.a.height;
  const deadline = pair.b.timeAt(pair.b.height + 3n);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B, { timeout: deadline - pair.a.timeAt(pair.a.height) });
  await until("the destination's clock passes", () => pair.b.timeAt(pair.b.finalized) > deadline + 5n);
  pair.a.finalityHeld = undefined;
  await until("timed out", () => carriedOut(pair.a, "timeout").once === 1);
  expect(carriedOut(pair.b, "receive").once).toBe(0);
});

test("evidence that does not verify is never submitted, and is proven again", async () => {
  await start();
  pair.a.lies = 2;
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
  const verdicts = events.flatMap((event) =>
    event.type === "verified" && event.lane.startsWith("fake:b") ? [event.verdict] : [],
  );
  expect(verdicts.filter(({ ok }) => !ok).map((verdict) => !verdict.ok && verdict.reason)).toEqual([
    "INVALID_STORAGE_PROOF",
    "INVALID_STORAGE_PROOF",
  ]);
  const submitted = () => events.filter((event) => event.type === "submitted" && event.lane.startsWith("fake:b"));
  await until("said", () => submitted().length > 0);
  expect(submitted()).toHaveLength(1);
});

test("one poisoned packet does not hold up the others", async () => {
  await start();
  pair.b.poisoned.add(`${CLIENT_ON_A}/3`);
  for (let index = 0; index < 10; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("nine delivered", () => carriedOut(pair.b, "receive").once === 9);
  pair.b.poisoned.clear();
  await until("the tenth, too", () => carriedOut(pair.b, "receive").once === 10);
});

test("among many, one whose evidence is never good is found by halves", async () => {
  const COUNT = 64;
  await start({ batch: { messages: COUNT }, timers: { clear: 3_600, firstRetry: 0.1 } });
  const { pool } = database;
  await pool.query("update lanes set paused_at = now(), paused_by = 'test', paused_because = 'test'");
  for (let index = 0; index < COUNT; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("they are stored", async () => (await pool.query("select from deliveries")).rowCount === COUNT);
  // As an endpoint would that tells a false packet.
  await pool.query(
    "update packets set bytes = set_byte(bytes, length(bytes) - 1, 255 - get_byte(bytes, length(bytes) - 1)) where sequence = 33",
  );
  await pool.query("update lanes set paused_at = null");
  await until("the others are delivered", () => carriedOut(pair.b, "receive").once === COUNT - 1, 400_000);
  const refused = events.filter((event) => event.type === "verified" && !event.verdict.ok);
  // 64, 32 of the second half, 16, 8, 4, 2 and itself, now and then; one by one it would be dozens.
  expect(refused.length).toBeLessThan(16);
});

test("a chain is not asked whether somebody delivered what nobody can have proven yet", async () => {
  await start({ timers: { clear: 3_600 } });
  const standing = pair.b.standing.bind(pair.b);
  const asked: string[] = [];
  pair.b.standing = async (queries) => {
    asked.push(...queries.map(({ kind, packet }) => `${kind} ${packet.sourceClient}/${packet.sequence}`));
    return standing(queries);
  };
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("acknowledged", () => carriedOut(pair.a, "acknowledge").once === 1);
  // By whoever sends the transaction, at the last moment.
  expect(asked.filter((one) => one === `receive ${CLIENT_ON_A}/${packet.sequence}`)).toHaveLength(1);
});

test("what somebody else delivered is not paid for", async () => {
  await start({ timers: { clear: 3_600 } });
  pair.b.fail("trusted", "RPC_UNREACHABLE", 1_000_000);
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("it was seen", () => events.some((event) => event.type === "watched" && event.events === 1));
  const height = pair.a.finalized;
  const envelope = await pair.a.prove({
    targetChain: pair.b.chainId,
    clientId: CLIENT_ON_B,
    minHeight: height,
    minTimestamp: undefined,
    claims: [receiveClaim(packet)],
  });
  const messages = [{ kind: "receive", packet } as const];
  await pair.b.broadcast({
    id: "theirs",
    nonce: pair.b.nonce,
    what: { id: "theirs", clientId: CLIENT_ON_B, envelope, messages },
  });
  expect(carriedOut(pair.b, "receive")).toEqual({ once: 1, more: 0 });
  pair.b.finalityHeld = 0n;
  pair.b.fail("trusted", "RPC_UNREACHABLE", 0);
  await until("it is seen to be done", () =>
    events.some((event) => event.type === "delivered" && event.lane.startsWith("fake:b") && event.status === "already"),
  );
  expect(events.filter(({ type }) => type === "submitted")).toEqual([]);
  pair.b.finalityHeld = undefined;
});

test("what has no room in a transaction goes with the next, and batches are made to fit", async () => {
  const relayer = await start({ batch: { messages: 40 } });
  pair.b.room = 7;
  pair.a.finalityHeld = pair.a.finalized;
  for (let index = 0; index < 40; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.a.mine(5n);
  pair.a.finalityHeld = undefined;
  await until("all delivered", () => carriedOut(pair.b, "receive").once === 40);
  expect(carriedOut(pair.b, "receive").more + pair.b.redundant).toBe(0);
  expect(
    events.filter((event) => event.type === "failed" || (event.type === "delivered" && event.status === "refused")),
  ).toEqual([]);
  const sizes = events.flatMap((event) =>
    event.type === "proved" && event.lane.startsWith("fake:b") ? [event.messages] : [],
  );
  // One too large to learn by; from then on what fits, and a quarter more to see whether that fits as well.
  expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(9);
  const packet = (await json(relayer, `/v1/packets/fake:a/${CLIENT_ON_A}/40`)) as {
    deliveries: { attempts: number }[];
  };
  expect(packet.deliveries[0]?.attempts).toBe(0);
});

test("a batch of more messages than fit into an entry of the log is logged in parts, and each packet's bundle is whole", async () => {
  const relayer = await start({ batch: { messages: 250 } });
  pair.a.finalityHeld = pair.a.finalized;
  for (let index = 0; index < 230; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.a.mine(5n);
  pair.a.finalityHeld = undefined;
  await until("all acknowledged", () => carriedOut(pair.a, "acknowledge").once === 230);
  expect(events.flatMap((event) => (event.type === "proved" ? [event.messages] : []))).toContain(230);
  for (const sequence of [1, 100, 101, 230]) {
    const path = `/v1/log/packets/fake:a/${CLIENT_ON_A}/${sequence}`;
    const { entries } = (await json(relayer, path)) as { entries: { entry: LogEntry }[] };
    const parts = entries.flatMap(({ entry }) => (entry.kind === "control" ? [] : [entry.part]));
    expect(parts.slice(0, 3)).toEqual(
      Array.from({ length: 3 }, () => ({ first: Math.floor((sequence - 1) / 100) * 100, of: 230 })),
    );
    const bundle = new Uint8Array(
      await (await fetch(`${relayer.url}/v1/packets/fake:a/${CLIENT_ON_A}/${sequence}/bundle`)).arrayBuffer(),
    );
    const report = verifyBundle(bundle, { verifierOf: () => verifyFake });
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
  }
});

test("a failing lane does not hold up the other one, and recovers by itself", async () => {
  await start();
  pair.a.fail("prove", "RPC_UNREACHABLE", 1_000_000);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.b.send(CLIENT_ON_B, CLIENT_ON_A);
  await until("the other lane delivers", () => carriedOut(pair.a, "receive").once === 1);
  expect(carriedOut(pair.b, "receive").once).toBe(0);
  pair.a.fail("prove", "RPC_UNREACHABLE", 0);
  await until("the failing lane recovers", () => carriedOut(pair.b, "receive").once === 1);
});

test("a light client that is too far behind is caught up with first, in as many batches as it takes", async () => {
  const relayer = await start();
  pair.a.behind = 3;
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
  expect(pair.a.behind).toBe(0);
  const proved = events.flatMap((event) =>
    event.type === "proved" && event.lane.startsWith("fake:b") ? [event.messages] : [],
  );
  expect(proved).toEqual([0, 0, 0, 1]);
  expect(events.filter(({ type }) => type === "failed")).toEqual([]);
  const packet = (await json(relayer, `/v1/packets/fake:a/${CLIENT_ON_A}/1`)) as {
    deliveries: { attempts: number }[];
  };
  expect(packet.deliveries[0]?.attempts).toBe(0);
});

test("forks that a light client does not know are told and counted, and no longer once it knows them", async () => {
  const relayer = await start();
  const counted = async (): Promise<string | undefined> =>
    /^causeway_client_unknown_forks\{lane="fake:b\/.*\} (\d+)$/m.exec(
      await (await fetch(`${relayer.url}/metrics`)).text(),
    )?.[1];
  await until("none", async () => (await counted()) === "0");
  const fork = { name: "next", beginsAt: 1n, hasBegun: false, problem: "it is to begin", hint: "add it" };
  pair.a.forks = [fork];
  await until("one", async () => (await counted()) === "1");
  expect(events).toContainEqual({ type: "forks", lane: expect.stringMatching(/^fake:b/) as string, ahead: [fork] });
  pair.a.forks = [];
  await until("none again", async () => (await counted()) === "0");
});

test("what is not final yet waits without spending attempts", async () => {
  const relayer = await start();
  pair.a.fail("prove", "NOT_FINAL_YET", 8);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
  const packet = (await json(relayer, `/v1/packets/fake:a/${CLIENT_ON_A}/1`)) as { deliveries: { attempts: number }[] };
  expect(packet.deliveries[0]?.attempts).toBe(0);
  expect(events.filter(({ type }) => type === "failed")).toEqual([]);
});

test("a packet that the table lost is found again from the chain's state", async () => {
  await start();
  pair.b.fail("trusted", "RPC_UNREACHABLE", 1_000_000);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("it was seen", () => events.some((event) => event.type === "watched" && event.events === 1));
  const { pool } = database;
  await pool.query("delete from packet_events; delete from deliveries; delete from packets");
  pair.b.fail("trusted", "RPC_UNREACHABLE", 0);
  await until("delivered", () => carriedOut(pair.b, "receive").once === 1);
});

test("a delivery that a re-organisation undid is found again from the chain's state", async () => {
  await start({ timers: { clear: 1 } });
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  const { pool } = database;
  pair.b.fail("trusted", "RPC_UNREACHABLE", 3);
  await until("it was seen", async () => (await pool.query("select from deliveries")).rowCount === 1);
  await pool.query("update deliveries set status = 'delivered', closed_at = now() where batch_id is null");
  await until("delivered", () => pair.b.carriedOut.get(`receive ${CLIENT_ON_A}/${packet.sequence}`) === 1);
});

test("made-up events of delivery and acknowledgement do not keep a packet from being timed out", async () => {
  await start({ timers: { clear: 1 } });
  pair.b.mine(100n);
  pair.a.finalityHeld = pair.a.height;
  const deadline = pair.b.timeAt(pair.b.height + 3n);
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B, { timeout: deadline - pair.a.timeAt(pair.a.height) });
  pair.a.pretend("acknowledged", packet);
  pair.b.pretend("received", packet);
  await until("the destination's clock passes", () => pair.b.timeAt(pair.b.finalized) > deadline + 5n);
  pair.a.finalityHeld = undefined;
  await until("timed out", () => carriedOut(pair.a, "timeout").once === 1);
  expect(carriedOut(pair.b, "receive").once).toBe(0);
});

test("light clients are refreshed although there are no packets", async () => {
  await start({}, { trustingPeriod: 60n });
  pair.stop();
  const trustedTime = async (): Promise<bigint> =>
    newest(decodeTrusted((await pair.b.trusted(CLIENT_ON_B)).state)).timestamp;
  // Four times two thirds of the period: without a refresh each time, the second one ends it.
  for (let round = 0; round < 4; round += 1) {
    pair.a.mine(40n);
    pair.b.mine(40n);
    const aim = pair.a.timeAt(pair.a.height) - 30n;
    await until("the light client is young again", async () => (await trustedTime()) > aim);
  }
});

test("a frozen light client stops its lane with a reason, and nothing is submitted", async () => {
  const relayer = await start();
  pair.b.freeze(CLIENT_ON_B);
  pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("the verdict", () =>
    events.some((event) => event.type === "verified" && !event.verdict.ok && event.verdict.reason === "CLIENT_FROZEN"),
  );
  expect(pair.b.nonce).toBe(0n);
  const { lanes } = (await json(relayer, "/v1/lanes")) as { lanes: { id: string; error: string | null }[] };
  await until("the lane says why", async () => {
    const answer = (await json(relayer, "/v1/lanes")) as { lanes: { id: string; error: string | null }[] };
    return answer.lanes.find(({ id }) => id.startsWith("fake:b"))?.error?.includes("CLIENT_FROZEN") === true;
  });
  expect(lanes).toHaveLength(2);
});

// Traces of packets between two fake chains, whose faults come on command: by the API, by the tables, and by the chains alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { messageId } from "#adapters/protocol/message-id.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";

import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { openWorld } from "#relayer/trace/open-world.ts";
import type { OpenedWorld } from "#relayer/trace/open-world.ts";
import { trace } from "#relayer/trace/trace.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import {
  CLIENT_ON_A,
  CLIENT_ON_B,
  fakeConfiguration,
  familyOf,
  makeFakePair,
  testLogger,
  until,
} from "#test/support/fake-relay.ts";
import type { FakePair } from "#test/support/fake-relay.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
let pair: FakePair;
let relayer: Relayer;
let alone: OpenedWorld;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  pair = makeFakePair();
  const config = fakeConfiguration({ data: `${dir.path}/relayer`, databaseUrl: database.url });
  relayer = await startEngine(config, [familyOf(pair)], { logger: testLogger });
  alone = await openWorld(config, [familyOf(pair)], testLogger);
  pair.startMining(50);
});

afterAll(async () => {
  pair.stop();
  await alone.close();
  await relayer.stop();
  await database.close();
  await dir.remove();
});

const idOf = ({ sequence, sourceClient }: Packet): string => `fake:a/${sourceClient}/${sequence}`;

async function byApi(id: string): Promise<TraceAnswer> {
  const response = await fetch(`${relayer.url}/v1/trace/${id.split("/").map(encodeURIComponent).join("/")}`);
  expect(response.status).toBe(200);
  return traceAnswer.parse(await response.json());
}

const byChains = (id: string): Promise<TraceAnswer> => trace(alone, id, AbortSignal.timeout(5_000));

const byTables = (id: string): Promise<TraceAnswer> =>
  trace({ ...alone, chains: [], tables: database.pool }, id, AbortSignal.timeout(5_000));

async function untilState(id: string, state: string, ask = byApi): Promise<TraceAnswer> {
  const seen = new Set<string>();
  let last = await ask(id);
  await until(`${id} is ${state}`, async () => {
    last = await ask(id);
    seen.add(last.explanation.state);
    return last.explanation.state === state;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; it was ${[...seen].join(", ")}`);
  });
  return last;
}

/** Of the next packet through the lane. */
const nextSequence = async (): Promise<bigint> => {
  const sent = (await pair.a.events(0n, pair.a.height)).filter(
    ({ kind, clientId }) => kind === "sent" && clientId === CLIENT_ON_A,
  );
  return BigInt(sent.length + 1);
};

const stateOf = async (asked: Promise<TraceAnswer>): Promise<string> => (await asked).explanation.state;

test("a packet is explained from its first block to its end, by whatever names it", async () => {
  pair.a.finalityHeld = pair.a.finalized;
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  const id = idOf(packet);
  const sent = await byApi(id);
  expect(sent.explanation).toMatchObject({ state: "awaitsFinality", standing: "underway" });
  const transaction = sent.facts.events[0]?.transaction ?? "";
  expect(await stateOf(byChains(id))).toBe("awaitsFinality");
  for (const name of [transaction, messageId("fake:a", packet), `0x${messageId("fake:a", packet)}`]) {
    expect((await byChains(name)).facts.packet?.id).toBe(id);
    expect((await byApi(name)).facts.packet?.id).toBe(id);
  }
  expect((await byTables(id)).explanation).toMatchObject({ state: "notFound", standing: "unknown" });

  pair.a.finalityHeld = undefined;
  const end = await untilState(id, "acknowledged");
  expect(end.facts.events.map(({ kind }) => kind).toSorted()).toEqual([
    "acknowledged",
    "acknowledgementWritten",
    "received",
    "sent",
  ]);
  expect(end.facts.events.every(({ kind, byUs }) => kind === "sent" || byUs === false)).toBe(true);
  await untilState(id, "acknowledged", byTables);
  await untilState(id, "acknowledged", byChains);
  for (const { transaction: name } of end.facts.events) {
    expect((await byApi(name)).facts.packet?.id).toBe(id);
    expect((await byChains(name)).facts.packet?.id).toBe(id);
    expect((await byTables(name)).facts.packet?.id).toBe(id);
  }
  expect((await byTables(messageId("fake:a", packet))).facts.packet?.id).toBe(id);
});

test("what nobody knows is unknown, with an answer all the same", async () => {
  for (const id of ["hello", `0x${"7".repeat(64)}`, `fake:a/${CLIENT_ON_A}/999999`, "fake:zzz/fake-client-0/1"]) {
    expect((await byApi(id)).explanation).toMatchObject({
      state: "notFound",
      standing: "unknown",
      next: null,
      timeline: [],
    });
    expect((await byChains(id)).explanation.state).toBe("notFound");
  }
  // Longer than any id: no route takes it.
  expect((await fetch(`${relayer.url}/v1/trace/${"x".repeat(201)}`)).status).toBe(404);
  expect((await fetch(`${relayer.url}/v1/trace/fake:a/${CLIENT_ON_A}/one`)).status).toBe(400);
});

test("a packet of no route is carried by nobody here", async () => {
  const packet = pair.a.send("fake-client-7", "fake-client-8");
  expect((await byApi(idOf(packet))).explanation).toMatchObject({ state: "unrouted", standing: "held" });
  expect(await stateOf(byChains(idOf(packet)))).toBe("unrouted");
});

test("while a chain cannot be asked, what is unknown is said to be, and a relayer tells what it knew", async () => {
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  const id = idOf(packet);
  for (const call of ["heads", "standing", "trusted"] as const) pair.b.fail(call, "RPC_UNREACHABLE", 1_000_000);
  await until("the relayer has it", async () => (await byTables(id)).facts.packet !== null);
  const told = await byApi(id);
  expect(told.explanation.standing).not.toBe("unknown");
  expect(told.explanation.advice.map(({ what }) => what).join()).toContain("fake:b could not be asked just now");
  const unknown = await untilState(id, "destinationUnreadable", byChains);
  expect(unknown.explanation).toMatchObject({ standing: "unknown", next: null });
  expect(await stateOf(byChains("hello"))).toBe("chainsUnreadable");
  for (const call of ["heads", "standing", "trusted"] as const) pair.b.fail(call, "RPC_UNREACHABLE", 0);
  await untilState(id, "acknowledged");
});

test("a chain that answers too late is one that could not be asked", async () => {
  pair.b.latency = 30_000;
  const { explanation } = await trace(alone, "hello", AbortSignal.timeout(100));
  pair.b.latency = 0;
  expect(explanation).toMatchObject({ state: "chainsUnreadable", standing: "unknown" });
  expect(explanation.sentence).toContain("it did not answer in time");
});

test("an error that stands is told with its next attempt, and forgotten when it passed", async () => {
  pair.a.fail("prove", "RPC_STALE", 1_000_000);
  const id = idOf(pair.a.send(CLIENT_ON_A, CLIENT_ON_B));
  const { explanation } = await untilState(id, "failing:RPC_STALE");
  expect(explanation.sentence).toContain("prove was told to fail");
  expect(await stateOf(byTables(id))).toMatch(/failing:RPC_STALE|receive:(watch|prove)/);
  expect(await stateOf(byChains(id))).toBe("receive:anyRelayer");
  pair.a.fail("prove", "RPC_STALE", 0);
  await untilState(id, "acknowledged");
});

test("an application that cannot take it holds its packet up, and nobody else's", async () => {
  pair.b.poisoned.add(`${CLIENT_ON_A}/${await nextSequence()}`);
  const packet = pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  const { explanation } = await untilState(idOf(packet), "applicationFails");
  expect(explanation).toMatchObject({ standing: "held" });
  await untilState(idOf(packet), "applicationFails", byChains);
  await untilState(idOf(pair.a.send(CLIENT_ON_A, CLIENT_ON_B)), "acknowledged");
  pair.b.poisoned.clear();
  pair.b.complaints.clear();
  await untilState(idOf(packet), "acknowledged");
});

test("a paused lane says who paused it and why", async () => {
  const lane = `fake:b/${CLIENT_ON_B}`;
  await database.pool.query(
    "update lanes set paused_at = now(), paused_by = 'alice', paused_because = 'a key is being changed' where id = $1",
    [lane],
  );
  pair.a.fail("prove", "RPC_STALE", 1_000_000);
  const id = idOf(pair.a.send(CLIENT_ON_A, CLIENT_ON_B));
  const { explanation } = await untilState(id, "lanePaused");
  expect(explanation.sentence).toContain("by alice (a key is being changed)");
  await untilState(id, "lanePaused", byTables);
  await database.pool.query("update lanes set paused_at = null, paused_by = null, paused_because = null");
  pair.a.fail("prove", "RPC_STALE", 0);
  await untilState(id, "acknowledged");
});

test("a packet that nobody received in time is told from the timeout to its end", async () => {
  pair.a.fail("prove", "RPC_STALE", 1_000_000);
  pair.b.finalityHeld = pair.b.finalized;
  const id = idOf(pair.a.send(CLIENT_ON_A, CLIENT_ON_B, { timeout: 30n }));
  pair.b.mine(60n);
  await untilState(id, "timedOutAwaitsFinality");
  await untilState(id, "timedOutAwaitsFinality", byChains);
  pair.b.fail("prove", "RPC_STALE", 1_000_000);
  pair.b.finalityHeld = undefined;
  await untilState(id, "failing:RPC_STALE");
  await untilState(id, "timeout:anyRelayer", byChains);
  for (const chain of [pair.a, pair.b]) chain.fail("prove", "RPC_STALE", 0);
  const { explanation } = await untilState(id, "timedOutTold");
  expect(explanation).toMatchObject({ standing: "failed", next: null });
  await untilState(id, "timedOutTold", byTables);
  await untilState(id, "timedOutTold", byChains);
});

test("a fork that a light client does not know is told before and after it begins", async () => {
  pair.a.fail("prove", "RPC_STALE", 1_000_000);
  const id = idOf(pair.a.send(CLIENT_ON_A, CLIENT_ON_B));
  await untilState(id, "failing:RPC_STALE");
  const fork = { name: "heze", beginsAt: 1_900_000_000n, problem: "unknown", hint: "tell it" };
  pair.a.forks = [{ ...fork, hasBegun: false }];
  expect((await byApi(id)).explanation.advice.map(({ what }) => what).join()).toContain("does not know fork heze");
  pair.a.forks = [{ ...fork, hasBegun: true }];
  expect(await stateOf(byApi(id))).toBe("forkUnknown");
  expect(await stateOf(byChains(id))).toBe("forkUnknown");
  pair.a.forks = [];
  pair.a.fail("prove", "RPC_STALE", 0);
  await untilState(id, "acknowledged");
});

test("a light client that contradicts its chain, and one that is frozen, are told by the lane they stop", async () => {
  pair.a.fail("prove", "RPC_STALE", 1_000_000);
  const id = idOf(pair.a.send(CLIENT_ON_A, CLIENT_ON_B));
  await untilState(id, "failing:RPC_STALE");
  pair.b.freeze(CLIENT_ON_B);
  expect(await stateOf(byApi(id))).toBe("clientFrozen");
  expect(await stateOf(byChains(id))).toBe("clientFrozen");
  await untilState(id, "clientFrozen", byTables);
  await database.pool.query(
    "insert into contradictions (lane, height, what, basis) values ($1, 7, 'it believes another root', 'proven')",
    [`fake:b/${CLIENT_ON_B}`],
  );
  expect((await byApi(id)).explanation.sentence).toContain(
    "contradicts its chain at height 7 (it believes another root)",
  );
  expect(await stateOf(byTables(id))).toBe("clientContradicted");
});

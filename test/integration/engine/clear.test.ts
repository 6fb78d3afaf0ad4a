// Clearing a large backlog: what was lost comes back a part at a time, and what is on its way costs no call to a chain.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RelayEvent } from "#relayer/events.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
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

const PACKETS = 520;
/** The most that is asked of a chain at once. */
const PART = 500;

let server: DatabaseServer;
let database: TestDatabase;
let pair: FakePair;
let relayer: Relayer | undefined;
let events: RelayEvent[];

beforeAll(async () => {
  server = await startDatabaseServer();
});

afterEach(async () => {
  pair.stop();
  await relayer?.stop();
});

afterAll(async () => {
  await server.close();
});

/** Many packets are sent, and the relayer does not deliver them: an operator paused it. */
async function start(): Promise<void> {
  database = await server.create();
  pair = makeFakePair();
  for (let count = 0; count < PACKETS; count += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  events = [];
  await database.pool.query(
    `insert into lanes (id, source_chain, source_client, target_chain, client_id, paused_at, paused_by, paused_because)
     values ('fake:b/' || $1, 'fake:a', $2, 'fake:b', $1, now(), 'test', 'it is to wait')`,
    [CLIENT_ON_B, CLIENT_ON_A],
  );
  relayer = await startEngine(
    fakeConfiguration({
      data: database.data,
      databaseUrl: database.url,
      timers: { compare: 3_600 },
      batch: { messages: 200 },
    }),
    [familyOf(pair)],
    { logger: testLogger, listeners: [(event) => events.push(event)] },
  );
  pair.startMining(20);
  await until("they are stored", async () => (await deliveries()) === PACKETS);
  // One that began before they were may still look for them.
  await anotherPass();
}

const deliveries = async (): Promise<number> => (await database.pool.query("select from deliveries")).rowCount ?? 0;

const passes = (): number =>
  events.filter((event) => event.type === "cleared" && event.lane === `fake:b/${CLIENT_ON_B}`).length;

async function anotherPass(): Promise<void> {
  const before = passes();
  // One that began before is none.
  await until("a whole pass", () => passes() >= before + 2);
}

const resume = () => database.pool.query("update lanes set paused_at = null");

async function expectAllOnce(): Promise<void> {
  await until("all delivered", () => carriedOut(pair.b, "receive").once === PACKETS, 400_000);
  expect(carriedOut(pair.b, "receive")).toEqual({ once: PACKETS, more: 0 });
  expect(pair.b.redundant).toBe(0);
}

test("what is on its way is left to the pipeline: a pass asks what is outstanding, and nothing else", async () => {
  await start();
  const calls = (): unknown[] => [pair.a, pair.b].flatMap(({ calls }) => [calls.get("standing"), calls.get("recover")]);
  const before = calls();
  await anotherPass();
  expect(calls()).toEqual(before);
});

test("what was sent while the relayer was away is watched, and looked for only when watching stands still", async () => {
  await start();
  const MORE = 20;
  const heads = pair.a.heads.bind(pair.a);
  let seen = pair.a.finalized;
  pair.a.heads = async () => {
    const { height, finalized } = await heads();
    return { height, finalized: finalized < seen ? finalized : seen };
  };
  const recovered = pair.a.calls.get("recover");
  for (let count = 0; count < MORE; count += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  // Watching is on its way: it sees some of them between two passes.
  const first = pair.a.finalized - BigInt(MORE);
  for (let pass = 1; pass <= 3; pass += 1) {
    const before = passes();
    seen = first + 2n + BigInt(3 * pass);
    await until(`pass ${pass}`, () => passes() > before);
  }
  expect(pair.a.calls.get("recover")).toBe(recovered);
  await until("they are looked for", () => pair.a.calls.get("recover") !== recovered);
  await until("they are stored", async () => (await deliveries()) === PACKETS + MORE);
});

test("what the tables lost comes back a part at a time, and is delivered once", async () => {
  await start();
  const asked: number[] = [];
  const recover = pair.a.recover.bind(pair.a);
  pair.a.recover = async (clientId, sequences) => {
    asked.push(sequences.length);
    return recover(clientId, sequences);
  };
  await database.pool.query(
    "delete from packet_accounts; delete from packet_events; delete from deliveries; delete from packets",
  );
  await until("they are there again", async () => (await deliveries()) === PACKETS);
  expect(asked.reduce((sum, count) => sum + count, 0)).toBe(PACKETS);
  expect(Math.max(...asked)).toBeLessThanOrEqual(PART);
  await resume();
  await expectAllOnce();
});

test("what was said to be delivered and is not is put back, all of it, once its target had time to show it", async () => {
  await start();
  await database.pool.query("update deliveries set status = 'delivered', closed_at = now() + interval '1 hour'");
  const asked = pair.b.calls.get("standing");
  await anotherPass();
  expect(pair.b.calls.get("standing")).toBe(asked);
  await database.pool.query("update deliveries set closed_at = now()");
  await until("it is open again", async () => {
    const { rows } = await database.pool.query<{ count: bigint }>(
      "select count(*) from deliveries where status = 'watched'",
    );
    return rows[0]?.count === BigInt(PACKETS);
  });
});

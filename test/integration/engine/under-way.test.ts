// A lane's full batches wait for their blocks together, and no other ones do. Blocks are made when a test says so.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { refuse } from "#adapters/protocol/verdict.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { RelayEvent } from "#relayer/events.ts";
import type { Family } from "#relayer/family.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import type { FakeTransaction } from "#test/support/fake-chain.ts";
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

const BATCH = 10;
const LANE = `fake:b/${CLIENT_ON_B}`;

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

/** So many packets wait, and their target makes no block. */
async function prepare(packets: number): Promise<void> {
  database = await server.create();
  pair = makeFakePair();
  events = [];
  pair.b.holdsBlocks = true;
  for (let count = 0; count < packets; count += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.a.mine(3n);
}

async function start(family: Family = familyOf(pair), underWay = 4): Promise<Relayer> {
  const config = fakeConfiguration({
    data: database.data,
    databaseUrl: database.url,
    batch: { messages: BATCH, underWay },
  });
  const relayer = await startEngine(config, [family], {
    logger: testLogger,
    listeners: [(event) => events.push(event)],
  });
  running.push(relayer);
  return relayer;
}

const stop = async (): Promise<void> => {
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
};

/** Long enough for whatever would begin to have begun: the tables are searched every 100 ms. */
const aWhile = (): Promise<void> => delay(600);

/** Sequences of what waits for a block on the target, by transaction. */
const sequencesOf = (transactions: readonly FakeTransaction[]): number[][] =>
  transactions.map(({ what }) =>
    "messages" in what ? what.messages.map(({ packet }) => Number(packet.sequence)) : [],
  );

const waiting = (): number => pair.b.waiting.length;

/** Never more than so many wait for a block, up to the end. */
async function includeAll(packets: number): Promise<number> {
  let most = 0;
  const areReceived = (): boolean => {
    most = Math.max(most, waiting());
    if (waiting() > 0) pair.b.include(1);
    return carriedOut(pair.b, "receive").once === packets;
  };
  await until("all are received", areReceived, 300_000);
  expect(carriedOut(pair.b, "receive").more).toBe(0);
  expect(pair.b.redundant).toBe(0);
  return most;
}

test("full batches wait for their blocks together, in their order, and as many as one block takes and one more", async () => {
  await prepare(12 * BATCH);
  await start();
  await until("two wait", () => waiting() === 2);
  await aWhile();
  expect(waiting()).toBe(2);
  expect(sequencesOf(pair.b.waiting)).toEqual([
    Array.from({ length: BATCH }, (_, index) => index + 1),
    Array.from({ length: BATCH }, (_, index) => BATCH + index + 1),
  ]);
  pair.b.include();
  await until("three wait", () => waiting() === 3);
  await aWhile();
  expect(waiting()).toBe(3);
  pair.b.include();
  await until("four wait", () => waiting() === 4);
  await aWhile();
  expect(waiting()).toBe(4);
  expect(await includeAll(12 * BATCH)).toBeLessThanOrEqual(4);
});

test("a batch that is not full begins when those before it are over", async () => {
  await prepare(BATCH + 3);
  await start();
  await until("one waits", () => waiting() === 1);
  await aWhile();
  expect(waiting()).toBe(1);
  pair.b.include();
  await until("the rest waits", () => waiting() === 1);
  expect(sequencesOf(pair.b.waiting)).toEqual([[11, 12, 13]]);
  await includeAll(BATCH + 3);
});

test("one that gets full while another waits for its block begins then", async () => {
  await prepare(BATCH + 3);
  await start();
  await until("one waits", () => waiting() === 1);
  for (let count = 3; count < BATCH; count += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  pair.a.mine(3n);
  await until("two wait", () => waiting() === 2);
  await includeAll(2 * BATCH);
});

test("no two wait where one is allowed", async () => {
  await prepare(3 * BATCH);
  await start(familyOf(pair), 1);
  await until("one waits", () => waiting() === 1);
  await aWhile();
  expect(await includeAll(3 * BATCH)).toBe(1);
});

test("what its light client would refuse after those before it waits until they are over", async () => {
  await prepare(3 * BATCH);
  const family = familyOf(pair);
  let asked = 0;
  await start({
    ...family,
    verify(input) {
      if (envelope.decode(input.envelope).claims.length > 0) return family.verify(input);
      asked += 1;
      return refuse("STALE_HEADER", "update 0");
    },
  });
  await until("one waits", () => waiting() === 1);
  await until("the next one cannot follow", () => asked === 1);
  await aWhile();
  expect(waiting()).toBe(1);
  expect(await includeAll(3 * BATCH)).toBe(1);
  // It was no failure.
  expect(events.filter(({ type }) => type === "failed")).toEqual([]);
});

test("one that fails does not take the others with it, and fewer messages travel together from then on", async () => {
  await prepare(4 * BATCH);
  await start();
  await until("two wait", () => waiting() === 2);
  pair.b.reverts = 1;
  pair.b.include();
  await until("the second is received", () => carriedOut(pair.b, "receive").once === BATCH);
  await until("what failed waits again", () => waiting() > 0);
  expect(sequencesOf(pair.b.waiting)[0]).toEqual([1, 2, 3, 4, 5]);
  expect(await includeAll(4 * BATCH)).toBeLessThanOrEqual(4);
});

test("what was being proven while another failed travels in fewer messages, too", async () => {
  await prepare(4 * BATCH);
  await start();
  await until("two wait", () => waiting() === 2);
  let release: () => void = () => undefined;
  pair.a.silence = new Promise((resolve) => {
    release = resolve;
  });
  const proofs = pair.a.calls.get("prove") ?? 0;
  pair.b.include(1);
  await until("the third is being proven", () => (pair.a.calls.get("prove") ?? 0) > proofs);
  pair.b.reverts = 1;
  pair.b.include(1);
  await until("the second failed", () => events.some(({ type }) => type === "failed"));
  release();
  await until("what failed waits again", () => waiting() > 0);
  expect(sequencesOf(pair.b.waiting)[0]).toEqual([11, 12, 13, 14, 15]);
  await includeAll(4 * BATCH);
});

test("what waits when the relayer is stopped is followed by the next one, and nothing overtakes it", async () => {
  await prepare(5 * BATCH);
  await start();
  await until("two wait", () => waiting() === 2);
  await stop();
  await start();
  await until("they are followed", () => events.filter(({ type }) => type === "lease").length >= 2);
  await aWhile();
  expect(waiting()).toBe(2);
  await includeAll(5 * BATCH);
  await until("all is written down", async () => {
    const { rowCount } = await database.pool.query("select from batches where closed_at is null");
    return rowCount === 0;
  });
  const { rows } = await database.pool.query(
    "select count(*)::integer as count from batches where status = 'logged' and lane = $1",
    [LANE],
  );
  expect(rows).toEqual([{ count: 5 }]);
});

test("after an operator paused the lane, what is signed ends and nothing begins", async () => {
  await prepare(5 * BATCH);
  await start();
  await until("two wait", () => waiting() === 2);
  await database.pool.query(
    "update lanes set paused_at = now(), paused_by = 'test', paused_because = 'test' where id = $1",
    [LANE],
  );
  pair.b.include();
  await until("both are received", () => carriedOut(pair.b, "receive").once === 2 * BATCH);
  await aWhile();
  expect(waiting()).toBe(0);
  const { rows } = await database.pool.query(
    "select status, count(*)::integer as count from batches where lane = $1 group by status",
    [LANE],
  );
  expect(rows).toEqual([{ status: "logged", count: 2 }]);
});

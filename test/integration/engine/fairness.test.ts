// No lane delays another: slow and dead chains, large backlogs, and packets that always fail. Asserted by who was served while
// somebody else was waiting, and never by how long it took.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import type { RelayEvent } from "#relayer/events.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import type { FaultyCall } from "#test/support/fake-chain.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { fakeWorldConfiguration, makeFakeWorld } from "#test/support/fake-world.ts";
import type { FakeWorld, FakeWorldOptions } from "#test/support/fake-world.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let server: Database;
let world: FakeWorld;
let events: RelayEvent[];
const running: Relayer[] = [];
/** What a test holds back has to go on before the relayer can stop. */
const releases: (() => void)[] = [];
let databases = 0;

beforeAll(async () => {
  dir = await makeDataDir();
  server = await openDatabase({ dataDir: dir.path, logger: testLogger });
});

afterEach(async () => {
  for (const release of releases.splice(0)) release();
  world.stop();
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
});

afterAll(async () => {
  await server.close();
  await dir.remove();
});

/** A relayer on a database of its own. */
async function start(
  pairs: readonly (readonly [string, string])[],
  options: Partial<FakeWorldOptions> = {},
  prepare: () => void = () => undefined,
): Promise<Relayer> {
  databases += 1;
  const name = `fairness_${databases}`;
  await server.pool.query(`create database ${name}`);
  world = makeFakeWorld(pairs);
  events = [];
  prepare();
  const databaseUrl = server.url.replace(/causeway$/, name);
  const config = fakeWorldConfiguration(world, { data: `${dir.path}/${name}`, databaseUrl, ...options });
  const relayer = await startEngine(config, [world.family], {
    logger: testLogger,
    listeners: [(event) => events.push(event)],
  });
  running.push(relayer);
  world.startMining(20);
  return relayer;
}

/** From now on the chain answers nobody, until it is released. */
function silence(chain: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const silent = world.chain(chain);
  silent.silence = promise;
  const release = (): void => {
    silent.silence = undefined;
    resolve();
  };
  releases.push(release);
  return release;
}

const repeat = (times: number, act: () => void): void => {
  for (let round = 0; round < times; round += 1) act();
};

const sendBothWays = (route: number): void => {
  world.send(route);
  world.send(route, "back");
};

const receivedBothWays = (route: number): number => world.received(route) + world.received(route, "back");

/** More lanes than are worked on between two chains at a time, and one route more. */
const many = (chain: string): (readonly [string, string])[] =>
  Array.from({ length: 20 }, () => ["fake:hub", chain] as const);
const OTHER = 20;

describe("a chain that does not answer", () => {
  test("holds up no lane between others, however many of its own wait for it", async () => {
    await start([...many("fake:slow"), ["fake:hub", "fake:good"]]);
    for (let route = 0; route < OTHER; route += 1) world.send(route);
    const release = silence("fake:slow");
    await until("its lanes wait for it", () => (world.chain("fake:slow").calls.get("trusted") ?? 0) >= 16);
    for (let round = 1; round <= 3; round += 1) {
      sendBothWays(OTHER);
      await until(`round ${round} is delivered`, () => receivedBothWays(OTHER) === 2 * round);
    }
    for (let route = 0; route < OTHER; route += 1) expect(world.received(route)).toBe(0);
    release();
    await until("its own, too", () =>
      Array.from({ length: OTHER }, (_, route) => world.received(route)).every((count) => count === 1),
    );
  });
});

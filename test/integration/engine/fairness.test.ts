// No lane delays another: slow and dead chains, large backlogs, and packets that always fail. Asserted by who was served while
// somebody else was waiting, and never by how long it took.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Family } from "#relayer/family.ts";
import type { RelayEvent } from "#relayer/events.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import type { FaultyCall } from "#test/support/fake-chain.ts";
import { startDatabaseServer } from "#test/support/database-server.ts";
import type { DatabaseServer } from "#test/support/database-server.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";
import { fakeWorldConfiguration, makeFakeWorld } from "#test/support/fake-world.ts";
import type { FakeWorld, FakeWorldOptions } from "#test/support/fake-world.ts";

let server: DatabaseServer;
let world: FakeWorld;
let events: RelayEvent[];
const running: Relayer[] = [];
/** What a test holds back has to go on before the relayer can stop. */
const releases: (() => void)[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
});

afterEach(async () => {
  for (const release of releases.splice(0)) release();
  world.stop();
  await Promise.all(running.splice(0).map((relayer) => relayer.stop()));
});

afterAll(async () => {
  await server.close();
});

/** A relayer on a database of its own. */
async function start(
  pairs: readonly (readonly [string, string])[],
  options: Partial<FakeWorldOptions> = {},
  prepare: (world: FakeWorld) => Family | void = () => undefined,
): Promise<Relayer> {
  const { url: databaseUrl, data } = await server.create();
  world = makeFakeWorld(pairs);
  events = [];
  const family = prepare(world) ?? world.family;
  const config = fakeWorldConfiguration(world, { data, databaseUrl, ...options });
  const relayer = await startEngine(config, [family], {
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

const CALLS: readonly FaultyCall[] = ["heads", "prove", "trusted", "standing", "broadcast", "outstanding", "recover"];

const failuresAt = (chain: string): number =>
  events.filter((event) => event.type === "failed" && event.where.startsWith(chain)).length;

describe("a chain that is away when the relayer starts", () => {
  test("holds up no lane between others, and is served as soon as it is there", async () => {
    let away = true;
    const relayer = await start(
      [
        ["fake:hub", "fake:away"],
        ["fake:hub", "fake:good"],
      ],
      {},
      ({ family }) => ({
        ...family,
        async open(config, dependencies) {
          if (away && config.chainId === "fake:away") throw new CausewayError("RPC_UNREACHABLE", "nobody is there");
          return family.open(config, dependencies);
        },
      }),
    );
    sendBothWays(0);
    sendBothWays(1);
    await until("the others are delivered", () => receivedBothWays(1) === 2);
    expect(receivedBothWays(0)).toBe(0);
    const ready = await fetch(`${relayer.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { "fake:away": "nobody is there", "fake:hub": "ok" } });
    away = false;
    await until("its own, too", () => receivedBothWays(0) === 2);
  });
});

describe("a chain whose calls all fail", () => {
  test("holds up no lane between others, and is served again when it is back", async () => {
    await start([...many("fake:dead"), ["fake:hub", "fake:good"]]);
    const dead = world.chain("fake:dead");
    for (const call of CALLS) dead.fail(call, "RPC_UNREACHABLE", Number.POSITIVE_INFINITY);
    for (let route = 0; route < OTHER; route += 1) world.send(route);
    for (let round = 1; round <= 3; round += 1) {
      const before = failuresAt("fake:dead");
      sendBothWays(OTHER);
      await until(`round ${round} is delivered`, () => receivedBothWays(OTHER) === 2 * round);
      await until("the dead chain's lanes go on failing", () => failuresAt("fake:dead") > before);
    }
    for (const call of CALLS) dead.fail(call, "RPC_UNREACHABLE", 0);
    await until("its own, too", () =>
      Array.from({ length: OTHER }, (_, route) => world.received(route)).every((count) => count === 1),
    );
  });
});

/** Lanes in the order in which batches with messages of theirs were submitted. */
const submissions = (): string[] => {
  const full = new Set(events.flatMap((event) => (event.type === "proved" && event.messages > 0 ? [event.batch] : [])));
  return events.flatMap((event) => (event.type === "submitted" && full.has(event.batch) ? [event.lane] : []));
};

describe("a lane with a large backlog", () => {
  const [LARGE, SAME_TARGET, OTHER_TARGET, OTHER_SOURCE] = [0, 1, 2, 3];
  const BATCH = 10;
  const BATCHES = 40;
  const STAGES = 5;

  test("has its batches between those of others, whether they share its chains or its signer", async () => {
    await start(
      [
        ["fake:hub", "fake:busy"],
        ["fake:hub", "fake:busy"],
        ["fake:hub", "fake:calm"],
        ["fake:calm", "fake:busy"],
      ],
      { batch: { messages: BATCH } },
      () => {
        for (let count = 0; count < BATCHES * BATCH; count += 1) world.send(LARGE);
      },
    );
    await until("it is under way", () => submissions().length >= 3);
    const others = [SAME_TARGET, OTHER_TARGET, OTHER_SOURCE];
    for (let round = 1; round <= 5; round += 1) {
      const before = submissions().length;
      for (const route of others) world.send(route);
      await until(`round ${round}`, () => others.every((route) => world.received(route) === round));
      // While one of theirs was seen, proven, judged and submitted, it had hardly more turns than they had stages.
      const ahead = submissions()
        .slice(before)
        .filter((lane) => lane === world.lane(LARGE));
      expect(ahead.length).toBeLessThanOrEqual(STAGES);
    }
    expect(world.received(LARGE)).toBeLessThan(BATCHES * BATCH);
    await until("all of it", () => world.received(LARGE) === BATCHES * BATCH);
  });

  test("and another one take turns at one signer", async () => {
    await start(
      [
        ["fake:hub", "fake:busy"],
        ["fake:hub", "fake:busy"],
      ],
      { batch: { messages: BATCH } },
      () => {
        for (let count = 0; count < 12 * BATCH; count += 1) {
          world.send(0);
          world.send(1);
        }
      },
    );
    await until("all", () => world.received(0) + world.received(1) === 24 * BATCH);
    const order = submissions().filter((lane) => lane.startsWith("fake:busy"));
    const inARow = order.map((lane, index) =>
      order[index + 1] === lane && order[index + 2] === lane ? lane : undefined,
    );
    expect(inARow.filter((lane) => lane !== undefined)).toEqual([]);
  });
});

describe("a lane with several transactions under way", () => {
  const BATCH = 10;

  test("has another one's come after these, where both pay with one account and a block takes one", async () => {
    await start(
      [
        ["fake:hub", "fake:busy"],
        ["fake:hub", "fake:busy"],
      ],
      { batch: { messages: BATCH } },
      () => {
        world.chain("fake:busy").holdsBlocks = true;
        for (let count = 0; count < 6 * BATCH; count += 1) world.send(0);
      },
    );
    const busy = world.chain("fake:busy");
    await until("two wait for their blocks", () => busy.waiting.length === 2);
    world.send(1);
    await until("the other one's waits behind them", () => busy.waiting.length === 3);
    for (let block = 0; block < 3; block += 1) {
      expect(world.received(1)).toBe(0);
      const next = busy.waiting.length;
      busy.include(1);
      await until("the next one waits", () => world.received(1) === 1 || busy.waiting.length === next);
    }
    expect(world.received(1)).toBe(1);
    busy.holdsBlocks = false;
    busy.include();
    await until("all of it", () => world.received(0) === 6 * BATCH, 400_000);
  });
});

describe("a packet that always fails", () => {
  const PACKETS = 30;
  const BATCH = 10;

  const pairs = [
    ["fake:hub", "fake:busy"],
    ["fake:hub", "fake:busy"],
  ] as const;
  const [OWN, BESIDE] = [0, 1];

  const batchesOf = (lane: string): number => submissions().filter((one) => one === lane).length;

  test("when it is carried out holds up nobody in its lane, and no other lane", async () => {
    await start(pairs, { batch: { messages: BATCH } }, () => {
      for (let count = 0; count < PACKETS; count += 1) {
        const packet = world.send(OWN);
        world.send(BESIDE);
        if (count === BATCH / 2) world.chain("fake:busy").poisoned.add(`${packet.sourceClient}/${packet.sequence}`);
      }
    });
    await until("all others", () => world.received(OWN) === PACKETS - 1 && world.received(BESIDE) === PACKETS);
    const before = batchesOf(world.lane(OWN));
    await until("it is tried again", () => batchesOf(world.lane(OWN)) > before + 1);
    world.chain("fake:busy").poisoned.clear();
    await until("it, too", () => world.received(OWN) === PACKETS);
  });

  test("when it is judged holds up nobody in its lane, and no other lane", async () => {
    await start(pairs, { batch: { messages: BATCH } }, () => {
      for (let count = 0; count < PACKETS; count += 1) {
        const packet = world.send(OWN);
        world.send(BESIDE);
        if (count === BATCH - 1) world.chain("fake:hub").makeUnprovable(packet);
      }
    });
    await until("the other lane", () => world.received(BESIDE) === PACKETS);
    await until("all others in its own", () => world.received(OWN) === PACKETS - 1, 400_000);
    const refused = events.filter((event) => event.type === "verified" && !event.verdict.ok);
    await until(
      "it is judged again",
      () => events.filter((event) => event.type === "verified" && !event.verdict.ok).length > refused.length,
    );
    expect(refused.every((event) => event.type === "verified" && event.lane === world.lane(OWN))).toBe(true);
    expect(world.received(OWN)).toBe(PACKETS - 1);
  });
});

// A relayer that was away while many packets were sent: all of them are delivered and acknowledged, each once. The same with 100,000,
// and what it takes: `npm run bench -- backlog`.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { storeBacklog } from "#test/support/backlog.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { carriedOut, testLogger, until } from "#test/support/fake-relay.ts";
import { fakeWorldConfiguration, makeFakeWorld } from "#test/support/fake-world.ts";

const PACKETS = 2_000;
/** So many messages travel together that their evidence is judged in the thread. */
const BATCH = 200;

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let relayer: Relayer | undefined;
const world = makeFakeWorld([["fake:a", "fake:b"]]);

beforeEach(async () => {
  dir = await makeDataDir();
});

afterEach(async () => {
  world.stop();
  await relayer?.stop();
  await dir.remove();
});

test("every packet of a backlog is delivered and acknowledged once", async () => {
  const database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await storeBacklog(database.pool, world, PACKETS);
  const verified: number[] = [];
  const judgedHere: number[] = [];
  const family: typeof world.family = {
    ...world.family,
    verify(input) {
      judgedHere.push(input.envelope.length);
      return world.family.verify(input);
    },
  };
  const config = fakeWorldConfiguration(
    { routes: world.routes, family },
    { data: dir.path, batch: { messages: BATCH } },
  );
  relayer = await startEngine(config, [family], {
    logger: testLogger,
    verifiers: import.meta.resolve("#test/support/fake-verifiers.ts"),
    listeners: [(event) => event.type === "proved" && verified.push(event.messages)],
  });
  await database.close();
  world.startMining(20);
  const [a, b] = [world.chain("fake:a"), world.chain("fake:b")];
  await until("all are acknowledged", () => carriedOut(a, "acknowledge").once === PACKETS, 300_000);
  expect(carriedOut(b, "receive")).toEqual({ once: PACKETS, more: 0 });
  expect(carriedOut(a, "acknowledge")).toEqual({ once: PACKETS, more: 0 });
  expect(a.redundant + b.redundant).toBe(0);
  // The backlog travelled in full batches, which the event loop did not stop for.
  expect(verified.filter((messages) => messages === BATCH).length).toBeGreaterThanOrEqual(PACKETS / BATCH);
  expect(Math.max(0, ...judgedHere)).toBeLessThanOrEqual(16_384);
});

// How long a packet takes, from what the lanes measured: said only where it is known.
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApi } from "#sdk/api/client.ts";
import type { ChainView, LaneView } from "#sdk/api/views.ts";
import { estimateTime } from "#sdk/estimate-time.ts";
import { json, startApiServer } from "#test/support/api-server.ts";
import type { ApiServer } from "#test/support/api-server.ts";

let server: ApiServer;
beforeAll(async () => (server = await startApiServer()));
afterAll(() => server.close());

const lane = (from: string, to: string, client: string, p50Seconds: number | null): LaneView => ({
  id: `${to}/${client}`,
  sourceChain: from,
  targetChain: to,
  client,
  backlog: "0",
  delivered: "3",
  oldestSeconds: null,
  failuresInARow: 0,
  nextAttemptAt: "2026-11-23T00:00:00.000Z",
  errorCode: null,
  error: null,
  latency: p50Seconds === null ? null : { deliveries: 3, p50Seconds, p95Seconds: p50Seconds * 2 },
  cost: null,
  paused: null,
});
/** Its newest final block is so old when it is read. */
const chain = (name: string, finality: number | null): ChainView => ({
  chain: name,
  family: "test",
  height: "9",
  timestamp: finality === null ? null : String(Date.parse("2026-11-23T00:00:00Z") / 1_000 - finality),
  updatedAt: "2026-11-23T00:00:00.000Z",
  gaps: [],
  health: null,
});

const there = lane("test:a", "test:b", "light-22", 10);
const back = lane("test:b", "test:a", "light-11", 20);
const chains = [chain("test:a", 700), chain("test:b", 30)];
const asked = { sourceChain: "test:a", sourceClient: "light-11" };

function estimate(lanes: readonly LaneView[], views: readonly ChainView[], more: object = {}) {
  server.routes.set("/v1/lanes", json({ lanes }));
  server.routes.set("/v1/chains", json({ chains: views }));
  return estimateTime(createApi({ url: server.url }), { ...asked, ...more });
}

it("adds each chain's finality to what its lane takes", async () => {
  expect(await estimate([there, back], chains)).toEqual({
    received: { typical: 710, slow: 720 },
    acknowledged: { typical: 760, slow: 790 },
  });
});

it.each<[string, readonly LaneView[], readonly ChainView[], object]>([
  ["the lane measured nothing", [{ ...there, latency: null }, back], chains, { received: null, acknowledged: null }],
  [
    "the way back measured nothing",
    [there, { ...back, latency: null }],
    chains,
    { received: { typical: 710, slow: 720 }, acknowledged: null },
  ],
  ["the chain was not read", [there, back], [chain("test:a", null), chain("test:b", 30)], { received: null }],
  ["the chain is not known", [there, back], [], { received: null, acknowledged: null }],
])("says that it does not know when %s", async (_, lanes, views, expected) => {
  expect(await estimate(lanes, views)).toMatchObject(expected);
});

it("refuses a light client that is not served, and one of several", async () => {
  const another = lane("test:a", "test:b", "light-33", 50);
  await expect(estimate([there], chains)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(estimate([there, another, back], chains)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    hint: expect.stringContaining("light-22, light-33"),
  });
  expect(await estimate([there, another, back], chains, { destinationClient: "light-33" })).toMatchObject({
    received: { typical: 750 },
  });
});

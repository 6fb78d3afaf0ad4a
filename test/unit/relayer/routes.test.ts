// Which light clients belong together.
import { expect, test } from "vitest";
import type { Packet } from "#adapters/protocol/packet.ts";
import { createRoutes } from "#relayer/routes.ts";

const routes = createRoutes([
  [
    { chain: "x:1", client: "client-0" },
    { chain: "x:2", client: "client-7" },
  ],
]);

const packet = (sourceClient: string, destinationClient: string): Packet => ({
  sequence: 1n,
  sourceClient,
  destinationClient,
  timeoutTimestamp: 1n,
  payloads: [],
});

test("a route is two lanes", () => {
  expect(routes.lanes.map(({ id }) => id).sort()).toEqual(["x:1/client-0", "x:2/client-7"]);
  expect(routes.lane("x:2/client-7")?.source).toEqual({ chain: "x:1", client: "client-0" });
});

test("a packet goes forth on its destination's lane and back on its source's", () => {
  const way = routes.wayFrom("x:1", packet("client-0", "client-7"));
  expect([way?.forth.id, way?.back.id]).toEqual(["x:2/client-7", "x:1/client-0"]);
  expect(routes.wayTo("x:2", packet("client-0", "client-7"))).toEqual(way);
});

test.each([
  ["another chain", "x:3", packet("client-0", "client-7")],
  ["another source client", "x:1", packet("client-1", "client-7")],
  ["a destination client that is not the registered one", "x:1", packet("client-0", "client-8")],
])("a packet from %s has no way", (_, chain, sent) => {
  expect(routes.wayFrom(chain, sent)).toBeUndefined();
});

test.each([
  ["another chain", "x:1", packet("client-0", "client-7")],
  ["a source client that is not the registered one", "x:2", packet("client-1", "client-7")],
])("a packet received with %s has no way", (_, chain, received) => {
  expect(routes.wayTo(chain, received)).toBeUndefined();
});

// Which light clients belong together.
import { expect, test } from "vitest";
import { createRoutes } from "#relayer/routes.ts";

const routes = createRoutes([
  [
    { chain: "x:1", client: "client-0" },
    { chain: "x:2", client: "client-7" },
  ],
]);

test("a route is two lanes", () => {
  expect(routes.lanes.map(({ id }) => id).sort()).toEqual(["x:1/client-0", "x:2/client-7"]);
  expect(routes.lane("x:2/client-7")?.source).toEqual({ chain: "x:1", client: "client-0" });
});

test("a packet goes forth on its destination's lane and back on its source's", () => {
  const way = routes.wayFrom({ chain: "x:1", client: "client-0" });
  expect([way?.forth.id, way?.back.id]).toEqual(["x:2/client-7", "x:1/client-0"]);
  expect(routes.wayTo({ chain: "x:2", client: "client-7" })).toEqual(way);
  const opposite = routes.wayFrom({ chain: "x:2", client: "client-7" });
  expect([opposite?.forth.id, opposite?.back.id]).toEqual(["x:1/client-0", "x:2/client-7"]);
});

test.each([
  ["another chain", { chain: "x:3", client: "client-0" }],
  ["another client", { chain: "x:1", client: "client-1" }],
  ["the other end's client", { chain: "x:1", client: "client-7" }],
])("nothing comes from or goes to %s", (_, end) => {
  expect(routes.wayFrom(end)).toBeUndefined();
  expect(routes.wayTo(end)).toBeUndefined();
});

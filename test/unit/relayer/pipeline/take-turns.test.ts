// Whose turn it is: one turn at a time for a lane, a bound for lanes between the same two chains, none across them.
import { expect, test } from "vitest";
import { takeTurns } from "#relayer/pipeline/take-turns.ts";
import { createRoutes } from "#relayer/routes.ts";
import type { Route } from "#relayer/routes.ts";

const route = (a: string, b: string, index: number): Route => [
  { chain: a, client: `client-${index}` },
  { chain: b, client: `client-${index}` },
];
const routes = createRoutes([
  ...Array.from({ length: 5 }, (_, index) => route("a", "b", index)),
  ...Array.from({ length: 5 }, (_, index) => route("b", "c", 10 + index)),
]);

/** Turns that last until they are ended. */
function world(most: number) {
  const stopping = new AbortController();
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const asked: string[] = [];
  const turn = takeTurns({ routes, most, signal: stopping.signal }, (lane, own) => {
    begun.push(lane);
    void own.asked().then(() => asked.push(lane));
    const end = Promise.withResolvers<void>();
    ends.set(lane, end);
    return end.promise;
  });
  return {
    begun,
    asked,
    turn: (lane: string) => turn(lane),
    stop: () => stopping.abort(),
    end: async (lane: string, failure?: Error): Promise<void> => {
      if (failure === undefined) ends.get(lane)?.resolve();
      else ends.get(lane)?.reject(failure);
      await settled();
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("so many lanes between two chains at a time, in the order in which they asked", async () => {
  const { begun, turn, end } = world(2);
  for (const index of [0, 1, 2, 3]) void turn(`b/client-${index}`);
  await settled();
  expect(begun).toEqual(["b/client-0", "b/client-1"]);
  await end("b/client-1");
  await end("b/client-0");
  expect(begun).toEqual(["b/client-0", "b/client-1", "b/client-2", "b/client-3"]);
});

test("both directions between two chains count together, and other chains do not", async () => {
  const { begun, turn } = world(2);
  for (const lane of ["b/client-0", "a/client-0", "a/client-1", "c/client-10", "b/client-11", "b/client-12"])
    void turn(lane);
  await settled();
  expect(begun).toEqual(["b/client-0", "a/client-0", "c/client-10", "b/client-11"]);
});

test("a lane that is asked for while it waits has one turn", async () => {
  const { begun, turn, end } = world(1);
  void turn("b/client-0");
  for (let times = 0; times < 5; times += 1) void turn("b/client-1");
  await settled();
  await end("b/client-0");
  await end("b/client-1");
  expect(begun).toEqual(["b/client-0", "b/client-1"]);
});

test("a lane that is asked for while it is worked on has one more turn, after those who wait", async () => {
  const { begun, turn, end } = world(1);
  const first = turn("b/client-0");
  for (let times = 0; times < 5; times += 1) await Promise.race([turn("b/client-0"), settled()]);
  void turn("b/client-1");
  await settled();
  expect(begun).toEqual(["b/client-0"]);
  await end("b/client-0");
  expect(begun).toEqual(["b/client-0", "b/client-1"]);
  await end("b/client-1");
  expect(begun).toEqual(["b/client-0", "b/client-1", "b/client-0"]);
  await end("b/client-0");
  await first;
  expect(begun).toHaveLength(3);
});

test("whoever works on a lane is told that it is asked for", async () => {
  const { asked, turn } = world(2);
  void turn("b/client-0");
  void turn("b/client-1");
  await settled();
  expect(asked).toEqual([]);
  await turn("b/client-0");
  expect(asked).toEqual(["b/client-0"]);
});

test("a turn that fails tells whoever asked, and gives its place on", async () => {
  const { begun, turn, end } = world(1);
  const failing = expect(turn("b/client-0")).rejects.toThrow("no database");
  void turn("b/client-1");
  await settled();
  await end("b/client-0", new Error("no database"));
  await failing;
  expect(begun).toEqual(["b/client-0", "b/client-1"]);
});

test("nobody has a turn after the end, and nobody who waits for one waits for ever", async () => {
  const { begun, turn, stop, end } = world(1);
  const all = Promise.all([turn("b/client-0"), turn("b/client-0"), turn("b/client-1"), turn("b/client-2")]);
  await settled();
  stop();
  await end("b/client-0");
  await all;
  await turn("b/client-3");
  expect(begun).toEqual(["b/client-0"]);
});

test("a lane that is in no route has no turn", async () => {
  const { begun, turn } = world(1);
  await turn("nobody/client-0");
  expect(begun).toEqual([]);
});

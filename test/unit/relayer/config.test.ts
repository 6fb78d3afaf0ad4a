// The configuration: every problem at once, nothing guessed.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { families } from "#adapters/families.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import { loadConfig } from "#relayer/config.ts";
import { FakeChain } from "#test/support/fake-chain.ts";
import { fakeFamily } from "#test/support/fake-family.ts";

const surroundings = { families: [fakeFamily(() => new FakeChain("fake:a"))], environment: {} };

const valid = () => ({
  chains: [
    { family: "fake", chainId: "fake:a" },
    { family: "fake", chainId: "fake:b" },
  ],
  routes: [
    [
      { chain: "fake:a", client: "fake-client-0" },
      { chain: "fake:b", client: "fake-client-1" },
    ],
  ],
});

function problems(value: unknown): string {
  try {
    parseConfig(value, "relayer.yaml", surroundings);
  } catch (error) {
    if (isCausewayError(error) && error.code === "INVALID_CONFIG") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

test("what is not said has a default", () => {
  const config = parseConfig(valid(), "relayer.yaml", surroundings);
  expect(config.http).toEqual({
    host: "127.0.0.1",
    port: 7420,
    explorer: true,
    public: true,
    tokens: [],
    origins: ["*"],
    requestsPerMinute: 600,
    listeners: 200,
  });
  expect(config.timers.clear).toBe(60_000);
  expect(config.databaseUrl).toBeUndefined();
});

test("the environment variables that the file names are read", () => {
  const value = { ...valid(), database: { urlFrom: "PG" }, queue: { redisFrom: "CACHE" } };
  const environment = { PG: "postgres://x", CACHE: "redis://y", DATABASE_URL: "not this" };
  const config = parseConfig(value, "relayer.yaml", { ...surroundings, environment });
  expect(config.databaseUrl).toBe("postgres://x");
  expect(config.redisUrl).toBe("redis://y");
});

test("every problem is said at once, with its place", () => {
  const value = {
    ...valid(),
    chains: [
      { family: "fake", chainId: "nonsense" },
      { family: "unknown", chainId: "fake:b" },
    ],
    batch: { messages: 0 },
    timers: { clear: "often" },
    surplus: 1,
  };
  const message = problems(value);
  for (const part of [
    "relayer.yaml",
    "surplus",
    "batch.messages",
    "timers.clear",
    "chains[0].chainId",
    "chains[1].family",
  ])
    expect(message).toContain(part);
});

test.each([
  ["no chains", { chains: [] }, "chains"],
  ["an unknown key in a chain", { chains: [{ family: "fake", chainId: "fake:a", typo: 1 }] }, "typo"],
  ["a chain that is no object", { chains: [7] }, "chains[0].family"],
  ["a port out of range", { http: { port: 70_000 } }, "http.port"],
  ["a fraction of a message", { batch: { messages: 1.5 } }, "batch.messages"],
  ["a URL where a variable's name belongs", { database: { urlFrom: "postgres://x" } }, "database.urlFrom"],
  ["a queue name with spaces", { queue: { name: "a b" } }, "queue.name"],
  ["a retry that never waits", { timers: { firstRetry: 0 } }, "timers.firstRetry"],
])("%s is refused", (_, change, place) => {
  expect(problems({ ...valid(), ...change })).toContain(place);
});

test("a route to a chain that is not configured is refused", () => {
  const value = valid();
  value.routes[0]?.splice(1, 1, { chain: "fake:c", client: "fake-client-1" });
  expect(problems(value)).toContain("chain fake:c is not configured");
});

test("a route from a chain to itself is refused", () => {
  const value = valid();
  value.routes[0]?.splice(1, 1, { chain: "fake:a", client: "fake-client-1" });
  expect(problems(value)).toContain("both ends are on the same chain");
});

test("a light client in two routes is refused", () => {
  const value = valid();
  expect(problems({ ...value, routes: [...value.routes, ...value.routes] })).toContain("is in another route already");
});

test("a chain that is configured twice is refused", () => {
  const value = valid();
  expect(problems({ ...value, chains: [...value.chains, { family: "fake", chainId: "fake:a" }] })).toContain(
    "configured twice",
  );
});

test("a file that is not there is named", async () => {
  await expect(loadConfig("/nonexistent/relayer.yaml", surroundings)).rejects.toMatchObject({
    code: "INVALID_CONFIG",
    message: expect.stringContaining("/nonexistent/relayer.yaml"),
  });
});

test("the example file is valid and names every key", async () => {
  const file = new URL("../../../relayer/relayer.example.yaml", import.meta.url);
  const value = parse(await readFile(file, "utf8")) as Record<string, Record<string, unknown>>;
  const config = parseConfig(value, "relayer.example.yaml", { families, environment: {} });
  const defaults = parseConfig(valid(), "relayer.yaml", surroundings);
  for (const section of ["http", "timers", "batch"] as const) {
    expect(Object.keys(value[section] ?? {}).sort()).toEqual(Object.keys(defaults[section]).sort());
    expect(config[section]).toEqual(defaults[section]);
  }
  expect(z.array(z.object({ chainId: z.string() })).parse(config.chains)).toHaveLength(2);
});

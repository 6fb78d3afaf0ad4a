// A relayer that is not public, over HTTP: what each role gets, what other origins may do, and how often anybody may ask.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { CLIENT_ON_B, fakeConfiguration, familyOf, makeFakePair, testLogger } from "#test/support/fake-relay.ts";
import type { FakePair } from "#test/support/fake-relay.ts";
import { listenTo } from "#test/support/listen-to.ts";
import { bearer, writeTokens } from "#test/support/tokens.ts";

const LIMIT = 60;
const ORIGIN = "https://explorer.example";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let pair: FakePair;
let relayer: Relayer;

beforeAll(async () => {
  dir = await makeDataDir();
  pair = makeFakePair();
  const http = {
    public: false,
    tokens: await writeTokens(dir.path),
    origins: [ORIGIN],
    requestsPerMinute: LIMIT,
    listeners: 1,
  };
  relayer = await startEngine(fakeConfiguration({ data: dir.path, http }), [familyOf(pair)], { logger: testLogger });
});

afterAll(async () => {
  pair.stop();
  await relayer.stop();
  await dir.remove();
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${relayer.url}${path}`, init);
const status = async (path: string, role?: "viewer" | "auditor" | "operator"): Promise<number> =>
  (await ask(path, role === undefined ? {} : { headers: bearer(role) })).status;

test.each<[string, number, number, number]>([
  ["/healthz", 200, 200, 200],
  ["/v1/openapi.json", 200, 200, 200],
  ["/v1/packets", 401, 200, 200],
  ["/v1/log", 401, 200, 200],
  ["/metrics", 401, 200, 200],
  ["/v1/log/entries", 401, 403, 200],
  [`/v1/log/blobs/${"0".repeat(64)}`, 401, 403, 404],
  ["/v1/packets/fake:a/fake-client-0/1/bundle", 401, 403, 404],
  ["/v1/nothing", 404, 404, 404],
])("%s answers nobody %i, a viewer %i, an auditor %i", async (path, nobody, viewer, auditor) => {
  expect([await status(path), await status(path, "viewer"), await status(path, "auditor")]).toEqual([
    nobody,
    viewer,
    auditor,
  ]);
});

test("a refusal says what to send, and nothing else", async () => {
  const response = await ask("/v1/packets/fake:a/fake-client-0/1");
  expect(response.headers.get("www-authenticate")).toBe('Bearer realm="causeway"');
  expect(await response.json()).toEqual({
    code: "NOT_AUTHORIZED",
    message: "this takes the token of a viewer",
    hint: expect.stringContaining("Authorization: Bearer"),
  });
});

test("operators act, auditors do not", async () => {
  const pause = (role: "auditor" | "operator") =>
    ask(`/v1/lanes/fake:b/${CLIENT_ON_B}/pause`, {
      method: "POST",
      headers: { ...bearer(role), "content-type": "application/json" },
      body: JSON.stringify({ because: "test" }),
    });
  const refused = await pause("auditor");
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { message: "a-auditor is a auditor; this takes operators" },
  ]);
  expect((await pause("operator")).status).toBe(200);
});

test("one listener more than may is told so, and may come when another has left", async () => {
  const url = `${relayer.url}/v1/changes`;
  const first = await listenTo(url, undefined, bearer("viewer"));
  const second = await ask("/v1/changes", { headers: bearer("viewer") });
  expect([second.status, await second.json()]).toMatchObject([503, { code: "TOO_MANY_LISTENERS" }]);
  first.cut();
  await expect
    .poll(() =>
      listenTo(url, undefined, bearer("viewer")).then(
        (one) => one.cut(),
        () => "refused",
      ),
    )
    .toBeUndefined();
});

test("pages of the origins that are named may read, and nothing else", async () => {
  const preflight = (origin: string, method: string) =>
    ask("/v1/packets", { method: "OPTIONS", headers: { origin, "access-control-request-method": method } });
  const own = await preflight(ORIGIN, "GET");
  expect(own.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  expect(own.headers.get("access-control-allow-methods")).toBe("GET");
  expect(own.headers.get("access-control-allow-headers")).toContain("authorization");
  expect((await preflight("https://evil.example", "GET")).headers.get("access-control-allow-origin")).toBeNull();
});

test("a port that somebody has already is said to be so, and nothing stays open", async () => {
  const port = Number(new URL(relayer.url).port);
  const config = fakeConfiguration({ data: `${dir.path}/second`, http: { port } });
  const starting = startEngine(config, [familyOf(pair)], { logger: testLogger });
  await expect(starting).rejects.toMatchObject({ code: "INVALID_CONFIG", hint: expect.stringContaining("http.port") });
});

test("answers are not kept, guessed at, or told where they led from", async () => {
  const { headers } = await ask("/v1/packets", { headers: bearer("viewer") });
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});

// Last: afterwards this address has nothing left to ask.
test("an address that asks too often is told to wait, tokens guessed or not, and health is told all the same", async () => {
  const answers: number[] = [];
  for (let count = 0; count <= LIMIT; count += 1)
    answers.push((await ask("/v1/packets", { headers: { authorization: `Bearer guess-${count}` } })).status);
  expect(new Set(answers)).toEqual(new Set([401, 429]));
  expect(answers.at(-1)).toBe(429);
  const response = await ask("/v1/packets", { headers: bearer("operator") });
  expect([response.status, await response.json()]).toMatchObject([429, { code: "TOO_MANY_REQUESTS" }]);
  expect(response.headers.get("retry-after")).not.toBeNull();
  expect((await ask("/v1/anything")).status).toBe(429);
  expect((await ask("/healthz")).status).toBe(200);
});

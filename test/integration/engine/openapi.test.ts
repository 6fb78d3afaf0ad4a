// The API's description against real answers: every route is described, and answers what its description says.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
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
import { bearer, writeTokens } from "#test/support/tokens.ts";

interface Operation {
  readonly summary: string;
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Description {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let pair: FakePair;
let relayer: Relayer;
let description: Description;

beforeAll(async () => {
  dir = await makeDataDir();
  pair = makeFakePair();
  const http = { tokens: await writeTokens(dir.path) };
  relayer = await startEngine(fakeConfiguration({ data: dir.path, http }), [familyOf(pair)], { logger: testLogger });
  pair.startMining(20);
  for (let index = 0; index < 3; index += 1) pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
  await until("all acknowledged", () => carriedOut(pair.a, "acknowledge").once === 3);
  const settled = async (): Promise<number> =>
    ((await (await fetch(`${relayer.url}/v1/packets?pending=false`)).json()) as { packets: unknown[] }).packets.length;
  await until("the table says so", async () => (await settled()) === 3);
  description = (await (await fetch(`${relayer.url}/v1/openapi.json`)).json()) as Description;
});

afterAll(async () => {
  pair.stop();
  await relayer.stop();
  await dir.remove();
});

const [LANE, PACKET] = [`fake:b/${CLIENT_ON_B}`, `fake:a/${CLIENT_ON_A}/1`];

/** What is asked for as each route; the first is answered with 200. */
const asked: Record<string, readonly string[]> = {
  "get /v1/openapi.json": ["/v1/openapi.json"],
  "get /healthz": ["/healthz"],
  "get /readyz": ["/readyz"],
  "get /metrics": ["/metrics"],
  "get /v1/packets": ["/v1/packets?limit=2", "/v1/packets?account=nobody", "/v1/packets?limit=0"],
  "get /v1/packets/{sourceChain}/{sourceClient}/{sequence}": [`/v1/packets/${PACKET}`, "/v1/packets/fake:a/x/1"],
  "get /v1/packets/{sourceChain}/{sourceClient}/{sequence}/bundle": [
    `/v1/packets/${PACKET}/bundle`,
    "/v1/packets/fake:a/fake-client-0/99/bundle",
  ],
  "get /v1/trace/{id}": ["/v1/trace/0x00"],
  "get /v1/trace/{sourceChain}/{sourceClient}/{sequence}": [
    `/v1/trace/${PACKET}`,
    "/v1/trace/fake:a/fake-client-0/99",
    "/v1/trace/fake:a/x/y",
  ],
  "get /v1/lanes": ["/v1/lanes"],
  "get /v1/lanes/{chain}/{client}": [`/v1/lanes/${LANE}`, "/v1/lanes/fake:c/x"],
  "get /v1/lanes/{chain}/{client}/history": [`/v1/lanes/${LANE}/history`, `/v1/lanes/${LANE}/history?stepSeconds=1`],
  "get /v1/clients": ["/v1/clients"],
  "get /v1/clients/{chain}/{client}": [`/v1/clients/${LANE}`, "/v1/clients/fake:c/x"],
  "get /v1/chains": ["/v1/chains"],
  "get /v1/chains/{chain}": ["/v1/chains/fake:a", "/v1/chains/fake:c"],
  "get /v1/search": [`/v1/search?q=${PACKET}`, "/v1/search?q=nothing", "/v1/search"],
  "get /v1/changes": ["/v1/changes", "/v1/changes?after=x"],
  "get /v1/log": ["/v1/log"],
  "get /v1/log/checkpoint": ["/v1/log/checkpoint"],
  "get /v1/log/key": ["/v1/log/key"],
  "get /v1/log/entries": ["/v1/log/entries?limit=3", "/v1/log/entries?before=2", "/v1/log/entries?before=-1"],
  "get /v1/log/entries/{index}": ["/v1/log/entries/0", "/v1/log/entries/999999"],
  "get /v1/log/packets/{sourceChain}/{sourceClient}/{sequence}": [`/v1/log/packets/${PACKET}`],
  "get /v1/log/inclusion/{index}": ["/v1/log/inclusion/0?size=2", "/v1/log/inclusion/2?size=2"],
  "get /v1/log/consistency": ["/v1/log/consistency?from=1&to=2", "/v1/log/consistency?from=2&to=1"],
  "get /v1/log/blobs/{hash}": [`/v1/log/blobs/${"0".repeat(64)}`],
  "post /v1/lanes/{chain}/{client}/pause": [`/v1/lanes/${LANE}/pause`, "/v1/lanes/fake:c/x/pause"],
  "post /v1/lanes/{chain}/{client}/resume": [`/v1/lanes/${LANE}/resume`],
  "post /v1/lanes/{chain}/{client}/clear": [`/v1/lanes/${LANE}/clear`],
  "post /v1/packets/{sourceChain}/{sourceClient}/{sequence}/retry": [`/v1/packets/${PACKET}/retry`],
};

const operations = (): [string, Operation][] =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );

test("it is OpenAPI 3.1, and every route is in it with a summary", () => {
  expect(description.openapi).toBe("3.1.0");
  expect(
    operations()
      .map(([name]) => name)
      .sort(),
  ).toEqual(Object.keys(asked).sort());
  for (const [name, { summary }] of operations()) expect(summary, name).toMatch(/^[A-Z].{5,}$/);
});

test("answers are what the description says, good ones and refusals", async () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  for (const [name, operation] of operations())
    for (const [index, path] of (asked[name] ?? []).entries()) {
      const post = name.startsWith("post ");
      const connection = new AbortController();
      const response = await fetch(`${relayer.url}${path}`, {
        method: post ? "POST" : "GET",
        signal: connection.signal,
        headers: { ...bearer("operator"), ...(post ? { "content-type": "application/json" } : {}) },
        body: post ? JSON.stringify({ because: "test" }) : null,
      });
      const { status } = response;
      const where = `${name} as ${path}: ${status}`;
      if (index === 0 && !path.includes("blobs")) expect(status, where).toBe(200);
      else expect([200, 400, 404], where).toContain(status);
      const described = operation.responses[status] ?? operation.responses[`${Math.floor(status / 100)}XX`];
      const type = response.headers.get("content-type")?.split(";")[0] ?? "";
      const content = described?.content;
      if (content === undefined) expect(["/v1/openapi.json", "/metrics"], where).toContain(path);
      else {
        expect(Object.keys(content), where).toContain(type);
        if (type === "application/json") {
          const validate = ajv.compile(content[type]?.schema ?? false);
          const answer = await response.json();
          expect(validate(answer) ? [] : validate.errors, where).toEqual([]);
        }
      }
      connection.abort();
    }
});

test("evidence comes as its bytes, and may be kept for ever", async () => {
  const { entries } = (await (await fetch(`${relayer.url}/v1/log/packets/${PACKET}`)).json()) as {
    entries: { entry: { envelope: string } }[];
  };
  const response = await fetch(`${relayer.url}/v1/log/blobs/${entries[0]?.entry.envelope}`);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  expect(response.headers.get("cache-control")).toContain("immutable");
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
});

test("the log's entries come newest first, page by page, each once", async () => {
  const indices: number[] = [];
  let before = "";
  for (;;) {
    const response = await fetch(`${relayer.url}/v1/log/entries?limit=4${before}`);
    const { entries, next } = (await response.json()) as { entries: { index: string }[]; next: string | null };
    indices.push(...entries.map(({ index }) => Number(index)));
    if (next === null) break;
    before = `&before=${next}`;
  }
  expect(indices).toEqual(indices.map((_, place) => indices.length - 1 - place));
  expect(indices.length).toBeGreaterThan(4);
});

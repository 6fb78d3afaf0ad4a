// The API's client over real HTTP: what it sends, and which error it makes of each way in which an answer can be none.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { createApi } from "#sdk/api/client.ts";
import type { ApiOptions } from "#sdk/api/client.ts";
import { explainPacket, listPackets, readPacket, search } from "#sdk/api/reads.ts";
import { json, packetView, startApiServer } from "#test/support/api-server.ts";
import type { ApiServer, Handler } from "#test/support/api-server.ts";

let server: ApiServer;
beforeAll(async () => (server = await startApiServer()));
beforeEach(() => {
  server.routes.clear();
  server.asked.length = 0;
});
afterAll(() => server.close());

const api = (options: Partial<ApiOptions> = {}) => createApi({ url: server.url, ...options });
const id = "test:src/light-11/7";
const path = `/v1/packets/${id}`;

it("reads a packet, with its token, wherever the API's URL ends", async () => {
  server.routes.set(path, json(packetView()));
  expect(await readPacket(api({ url: `${server.url}/`, token: "hush" }), { id })).toEqual(packetView());
  expect(server.asked).toEqual([
    { path: "/v1/packets/test%3Asrc/light-11/7", lastEventId: undefined, token: "Bearer hush" },
  ]);
});

it("asks only for what was asked", async () => {
  server.routes.set("/v1/packets", json({ packets: [], next: null }));
  server.routes.set("/v1/search", json({ query: "a&b", hits: [] }));
  await listPackets(api());
  await listPackets(api(), { chain: "test:src", limit: 5, before: "12" });
  await search(api(), "a&b=c");
  expect(server.asked.map((one) => one.path)).toEqual([
    "/v1/packets?",
    "/v1/packets?chain=test%3Asrc&limit=5&before=12",
    "/v1/search?q=a%26b%3Dc",
  ]);
});

it.each<[string, Handler, object]>([
  ["nothing is there", json({ code: "NOT_FOUND", message: "no packet" }, 404), { code: "NOT_FOUND", retry: "later" }],
  ["the token is refused", json({ code: "UNAUTHORIZED", message: "no" }, 401), { code: "NOT_AUTHORIZED" }],
  [
    "the relayer has a code of ours",
    json({ code: "STORE_UNAVAILABLE", message: "the database is down", hint: "start it" }, 503),
    { code: "STORE_UNAVAILABLE", message: "the database is down", hint: "start it", retry: "later" },
  ],
  ["it asks too often", json({ code: "SLOW_DOWN", message: "slower" }, 429), { code: "API_UNREACHABLE" }],
  ["it asks nonsense", json({ code: "ODD", message: "what?" }, 400), { code: "INVALID_ARGUMENT", message: "what?" }],
  ["a proxy answers", (_, response) => response.writeHead(502).end("<html>"), { code: "API_UNREACHABLE" }],
  ["the answer is no JSON", (_, response) => response.end("<html>"), { code: "API_BAD_ANSWER" }],
  ["the answer is another", json({ ...packetView(), status: "fine" }), { code: "API_BAD_ANSWER" }],
  ["a number is none", json({ ...packetView(), sequence: "7n" }), { code: "API_BAD_ANSWER" }],
  ["it hangs up", (_, response) => response.destroy(), { code: "API_UNREACHABLE", retry: "later" }],
  [
    "it hangs up half way",
    (_, response) => response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy()),
    { code: "API_UNREACHABLE" },
  ],
])("when %s", async (_, handler, expected) => {
  server.routes.set(path, handler);
  await expect(readPacket(api(), { id })).rejects.toMatchObject({ name: "CausewayError", ...expected });
});

it("does not take in more than it has to", async () => {
  server.routes.set("/huge", (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 20)));
      response.once("drain", more);
    };
    more();
  });
  await expect(api().readBytes("/huge")).rejects.toMatchObject({ code: "API_BAD_ANSWER" });
});

it("stops when it is told to, before and while asking", async () => {
  server.routes.set("/never", () => undefined);
  await expect(api().read("/never", z.any(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "CANCELLED",
  });
  await expect(api().read("/never", z.any(), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    code: "CANCELLED",
  });
});

it("refuses what names no packet, and what is no URL, without asking", async () => {
  for (const odd of ["", "7", "test:src/light-11", "test:src/light-11/7/8", "test:src/../7", "test:src/light-11/7?x"])
    await expect(async () => readPacket(api(), { id: odd })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  for (const url of ["", "relayer.example", "ftp://relayer.example", "javascript:alert(1)"])
    expect(() => createApi({ url })).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }));
  expect(server.asked).toEqual([]);
});

it("reads an explanation, and nothing that only looks like one", async () => {
  const explanation = {
    state: "sent",
    standing: "underway",
    sentence: "It waits.",
    next: null,
    expectedAt: null,
    advice: [],
    timeline: [],
  };
  server.routes.set(`/v1/trace/${id}`, json({ facts: {}, explanation }));
  expect(await explainPacket(api(), { id })).toEqual(explanation);
  server.routes.set(`/v1/trace/${id}`, json({ facts: {}, explanation: { ...explanation, standing: "pending" } }));
  await expect(explainPacket(api(), { id })).rejects.toMatchObject({ code: "API_BAD_ANSWER" });
});

// The explorer's routes in a relayer: who gets pages, who does not, and what a page costs of its visitor's allowance.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEngine } from "#relayer/start-engine.ts";
import type { Relayer } from "#relayer/start-engine.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import {
  CLIENT_ON_A,
  CLIENT_ON_B,
  fakeConfiguration,
  familyOf,
  makeFakePair,
  testLogger,
  until,
} from "#test/support/fake-relay.ts";
import type { FakePair } from "#test/support/fake-relay.ts";

const TOKENS = { viewer: "viewer-0123456789abcdef", operator: "operator-0123456789abcdef" };
const LANE = `fake:a/${CLIENT_ON_A}`;

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let pair: FakePair;
let relayer: Relayer;

async function start(http: object): Promise<Relayer> {
  for (const [role, token] of Object.entries(TOKENS)) process.env[`TEST_${role.toUpperCase()}_TOKEN`] = token;
  const tokens = Object.keys(TOKENS).map((role) => ({
    name: `test-${role}`,
    role,
    token: { env: `TEST_${role.toUpperCase()}_TOKEN` },
  }));
  const config = fakeConfiguration({ data: dir.path, http: { tokens, ...http } });
  return startEngine(config, [familyOf(pair)], { logger: testLogger });
}

beforeAll(async () => {
  dir = await makeDataDir();
  pair = makeFakePair();
  pair.startMining(20);
});

afterAll(async () => {
  pair.stop();
  await dir.remove();
});

const page = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${relayer.url}${path}`, { headers: { accept: "text/html", ...headers }, redirect: "manual" });
const basic = (token: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`anybody:${token}`).toString("base64")}`,
});
const form = (fields: Record<string, string>): Promise<Response> =>
  fetch(`${relayer.url}/operate`, { method: "POST", body: new URLSearchParams(fields) });

describe("a relayer that anybody may read", () => {
  beforeAll(async () => {
    relayer = await start({ requestsPerMinute: 10_000 });
    pair.a.send(CLIENT_ON_A, CLIENT_ON_B);
    await until("the packet is known", async () => (await fetch(`${relayer.url}/v1/packets/${LANE}/1`)).ok);
  });
  afterAll(() => relayer.stop());

  test("a page counts as one request, whatever it asks the API for", async () => {
    const left = async (path: string): Promise<number> =>
      Number((await page(path)).headers.get("x-ratelimit-remaining"));
    const before = await left("/lanes");
    expect(await left(`/packets/${LANE}/1`)).toBe(before - 1);
  });

  test("nobody from outside can ask as a page does", async () => {
    const [one, other] = [await page("/v1/lanes"), await page("/v1/lanes", { "x-causeway-page": "anything" })];
    expect(Number(other.headers.get("x-ratelimit-remaining"))).toBe(
      Number(one.headers.get("x-ratelimit-remaining")) - 1,
    );
  });

  test("people are told of a wrong path on a page, programs in JSON", async () => {
    const answer = await page("/nope");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    const told = await fetch(`${relayer.url}/nope`);
    expect([told.status, ((await told.json()) as { code: string }).code]).toEqual([404, "NOT_FOUND"]);
    expect((await page("/v1/nope")).headers.get("content-type")).toMatch(/json/);
    expect((await page("/assets/nope.js")).status).toBe(404);
  });

  test("an id with one meaning leads to its page", async () => {
    const { status, headers } = await page(`/search?q=${encodeURIComponent(`${LANE}/1`)}`);
    expect([status, headers.get("location")]).toEqual([303, `/packets/${LANE}/1`]);
  });

  test.each([
    [{}, 400],
    [{ act: "explode", id: LANE, token: TOKENS.operator }, 400],
    [{ act: "pause", id: LANE, token: TOKENS.operator }, 400],
    [{ act: "pause", id: LANE, token: "not-a-token-of-this-relayer", because: "x" }, 403],
    [{ act: "pause", id: LANE, token: TOKENS.viewer, because: "x" }, 403],
    [{ act: "pause", id: "fake:a/none-0", token: TOKENS.operator, because: "x" }, 404],
    [{ act: "pause", id: "../../etc", token: TOKENS.operator, because: "x" }, 404],
  ])("a form with %j is refused with %i, on a page", async (fields, status) => {
    const answer = await form(fields);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
    expect(answer.headers.get("www-authenticate")).toBeNull();
  });

  test("an operator pauses and resumes a lane by a form", async () => {
    const paused = async (): Promise<unknown> =>
      ((await (await fetch(`${relayer.url}/v1/lanes/${LANE}`)).json()) as { paused: unknown }).paused;
    expect((await form({ act: "pause", id: LANE, token: TOKENS.operator, because: "looking" })).status).toBe(200);
    expect(await paused()).toMatchObject({ by: "test-operator", because: "looking" });
    const again = await (await form({ act: "pause", id: LANE, token: TOKENS.operator, because: "looking" })).text();
    expect(again).toContain("nothing had to be changed");
    await form({ act: "resume", id: LANE, token: TOKENS.operator });
    expect(await paused()).toBeNull();
  });
});

describe("a relayer that takes tokens for reading", () => {
  beforeAll(async () => {
    relayer = await start({ public: false });
  });
  afterAll(() => relayer.stop());

  test("a browser is asked for a password, which is the token", async () => {
    const { status, headers } = await page("/");
    expect([status, headers.get("www-authenticate")?.split(" ")[0]]).toEqual([401, "Basic"]);
    expect((await page("/", basic("not-a-token-of-this-relayer"))).status).toBe(401);
    const shown = await page("/", basic(TOKENS.viewer));
    expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining("<h1>Packets</h1>")]);
  });

  test("a viewer's pages say that evidence is for others", async () => {
    const text = await (await page("/log", basic(TOKENS.viewer))).text();
    expect(text).toContain("auditors only");
    expect(await (await page("/log", basic(TOKENS.operator))).text()).not.toContain("auditors only");
  });

  test("what a browser sends by itself never acts", async () => {
    const act = (authorization: string): Promise<Response> =>
      fetch(`${relayer.url}/v1/lanes/${LANE}/clear`, { method: "POST", headers: { authorization } });
    expect((await act(basic(TOKENS.operator).authorization)).status).toBe(401);
    expect((await act(`Bearer ${TOKENS.operator}`)).status).toBe(200);
  });

  test("the files that pages need are for anybody", async () => {
    const text = await (await page("/")).text();
    for (const [, path = ""] of text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g))
      expect((await page(path)).status).toBe(200);
  });
});

test("a relayer can do without", async () => {
  relayer = await start({ explorer: false });
  expect((await page("/")).headers.get("content-type")).toMatch(/json/);
  expect((await page("/lanes")).status).toBe(404);
  expect((await fetch(`${relayer.url}/v1/lanes`)).status).toBe(200);
  await relayer.stop();
});

// Tokens by role: who may ask for what, and that a token which is none is never taken for nobody.
import { describe, expect, test } from "vitest";
import type { SecretReference } from "#adapters/secret.ts";
import { parseConfig } from "#relayer/config-schema.ts";
import { openAccess } from "#relayer/http/access.ts";
import { FakeChain } from "#test/support/fake-chain.ts";
import { fakeFamily } from "#test/support/fake-family.ts";

const secrets: Record<string, string> = {
  V: "viewer-viewer-viewer",
  A: "auditor-auditor-auditor",
  O: "operator-operator-operator",
  SHORT: "fifteen-letters",
};
const readSecret = async (reference: SecretReference): Promise<string> =>
  ("env" in reference ? secrets[reference.env] : undefined) ?? "";

const token = (name: string, role: string, env: string) => ({ name, role, token: { env } });
const all = [token("vera", "viewer", "V"), token("ada", "auditor", "A"), token("olga", "operator", "O")];

const http = (given: object) =>
  parseConfig({ chains: [{ family: "fake", chainId: "fake:a" }], http: given }, "x.yaml", {
    families: [fakeFamily(() => new FakeChain("fake:a"))],
    environment: {},
  }).http;
const open = (given: object) => openAccess(http(given), readSecret);

const send = (authorization?: string) => ({ headers: authorization === undefined ? {} : { authorization } });
const needs = ["anybody", undefined, "viewer", "auditor", "operator"] as const;

/** For each of `needs`: who was let in, or the status it was refused with. */
async function answers(access: Awaited<ReturnType<typeof open>>, authorization?: string): Promise<unknown[]> {
  return needs.map((needed) => {
    try {
      return access.require(send(authorization), needed)?.name ?? "nobody";
    } catch (error) {
      return (error as { statusCode: number }).statusCode;
    }
  });
}

const bearer = (name: string): string => `Bearer ${secrets[name]}`;

describe("a public relayer", () => {
  test.each<[string, string | undefined, unknown[]]>([
    ["nobody", undefined, ["nobody", "nobody", "nobody", "nobody", 401]],
    ["a viewer", bearer("V"), ["vera", "vera", "vera", "vera", 403]],
    ["an auditor", bearer("A"), ["ada", "ada", "ada", "ada", 403]],
    ["an operator", bearer("O"), ["olga", "olga", "olga", "olga", "olga"]],
  ])("lets %s in to read", async (_, authorization, expected) => {
    expect(await answers(await open({ tokens: all }), authorization)).toEqual(expected);
  });
});

describe("a private relayer", () => {
  test.each<[string, string | undefined, unknown[]]>([
    ["nobody", undefined, ["nobody", 401, 401, 401, 401]],
    ["a viewer", bearer("V"), ["vera", "vera", "vera", 403, 403]],
    ["an auditor", bearer("A"), ["ada", "ada", "ada", "ada", 403]],
    ["an operator", bearer("O"), ["olga", "olga", "olga", "olga", "olga"]],
    ["an operator who writes the scheme otherwise", bearer("O").replace("Bearer ", "bearer  "), Array(5).fill("olga")],
  ])("lets %s in by role", async (_, authorization, expected) => {
    expect(await answers(await open({ public: false, tokens: all }), authorization)).toEqual(expected);
  });
});

test.each([
  "",
  "Bearer",
  "Bearer ",
  "Basic b2xnYTp4",
  "Bearer wrong-wrong-wrong-wrong",
  `${secrets["O"]}`,
  `${bearer("O")}x`,
  `${bearer("O")} ${secrets["O"]}`,
])("%j is nobody's token, and nothing is answered to it", async (authorization) => {
  expect(await answers(await open({ tokens: all }), authorization)).toEqual(Array(5).fill(401));
});

test("without tokens nobody operates", async () => {
  expect(await answers(await open({}))).toEqual(["nobody", "nobody", "nobody", "nobody", 401]);
  expect(await answers(await open({}), "Bearer ")).toEqual(Array(5).fill(401));
});

test.each<[string, object[], string]>([
  ["too short", [token("x", "viewer", "SHORT")], "fewer than 16"],
  ["given twice", [token("x", "viewer", "V"), token("y", "operator", "V")], "y has somebody else's token"],
])("a token that is %s is refused at the start", async (_, tokens, problem) => {
  await expect(open({ tokens })).rejects.toMatchObject({
    code: "INVALID_CONFIG",
    message: expect.stringContaining(problem),
  });
});

test.each<[string, unknown, string]>([
  ["a token in the file itself", [{ name: "x", role: "viewer", token: "secret" }], "token"],
  ["an unknown role", [token("x", "admin", "V")], "role"],
  ["a name with spaces", [token("a b", "viewer", "V")], "letters"],
  ["two of one name", [token("x", "viewer", "V"), token("x", "operator", "O")], "two tokens have one name"],
])("%s is refused in the configuration", (_, tokens, problem) => {
  expect(() => http({ tokens })).toThrow(problem);
});

test.each(["example.org", "https://example.org/path", "ftp://example.org"])("%s is no origin", (origin) => {
  expect(() => http({ origins: [origin] })).toThrow("origin");
});

// Who is believed about a block below the finalized head: hashes where they reach, and beyond that only what everybody says.
import { describe, expect, test } from "vitest";
import { blockAt } from "#adapters/evm/compare/block-at.ts";
import type { ChainContext } from "#adapters/evm/context.ts";
import { getHeader } from "#adapters/evm/rpc/block-header.ts";
import { createPool } from "#adapters/rpc/pool.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { makeChain, servingBlocks } from "#test/support/linked-blocks.ts";
import type { Serve } from "#test/support/linked-blocks.ts";

/** Reaches beyond what is walked. */
const LENGTH = 8_300;
const honest = makeChain(LENGTH, `0x${"a".repeat(64)}`);
const forged = makeChain(LENGTH, `0x${"b".repeat(64)}`);

const honestly: Serve = (number) => honest[number] ?? null;
const lying: Serve = (number) => forged[number] ?? null;
const silently: Serve = () => null;
const unreachable: Serve = () => {
  throw new CausewayError("RPC_UNREACHABLE", "down");
};

const NEAR = 8_000;
const FAR = 5;

async function ask(believes: "honest" | "forged", height: number, ...serving: readonly Serve[]) {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const endpoints = serving.map((serve, index) => servingBlocks(`node ${index}`, serve));
  const execution = createPool(endpoints, { what: "test", logger, now: () => 0 });
  const head = await getHeader(servingBlocks("proof", honestly), BigInt(LENGTH - 1));
  const believed = (believes === "honest" ? honest : forged)[height]?.["hash"];
  const answer = await blockAt(
    { execution } as ChainContext,
    { height: BigInt(height), head, isBelieved: ({ hash }) => hash === believed },
    new AbortController().signal,
  );
  const named = execution.status().flatMap(({ name, problem }) => (problem === undefined ? [] : [name]));
  return { answer, named };
}

describe("a light client that is right", () => {
  test.each([[NEAR], [FAR]])("is agreed with at height %s", async (height) => {
    const { answer, named } = await ask("honest", height, honestly, honestly);
    expect(answer).toEqual({ kind: "agreed", firmly: true });
    expect(named).toEqual([]);
  });

  test("is agreed with for a while only, when somebody was silent", async () => {
    expect((await ask("honest", NEAR, honestly, silently)).answer).toEqual({ kind: "agreed", firmly: false });
  });

  test("is agreed with although one endpoint lies, which is named", async () => {
    for (const [serving, liar] of [
      [[lying, honestly], "node 0"],
      [[honestly, lying], "node 1"],
    ] as const) {
      const { answer, named } = await ask("honest", NEAR, ...serving);
      expect(answer).toEqual({ kind: "agreed", firmly: true });
      expect(named).toEqual([liar]);
    }
  });

  test("is not contradicted by endpoints that all lie, near enough for hashes", async () => {
    const { answer, named } = await ask("honest", NEAR, lying, lying);
    expect(answer).toMatchObject({ kind: "unknown" });
    expect(named).toEqual(["node 0", "node 1"]);
  });

  test("is not contradicted where endpoints disagree too far below for hashes: both are told", async () => {
    const { answer } = await ask("honest", FAR, lying, honestly);
    expect(answer).toMatchObject({
      kind: "unknown",
      why: expect.stringMatching(/not everybody agrees: node 0 has.*node 1 has/),
    });
  });
});

describe("a light client that is wrong", () => {
  test("is contradicted by proof, although an endpoint lies along with it and is named", async () => {
    const { answer, named } = await ask("forged", NEAR, lying, honestly);
    expect(answer).toMatchObject({ kind: "contradicted", basis: "proven", header: { number: BigInt(NEAR) } });
    expect(named).toEqual(["node 0"]);
  });

  test("is contradicted by everybody's word, where hashes do not reach", async () => {
    const { answer } = await ask("forged", FAR, honestly, honestly);
    expect(answer).toMatchObject({ kind: "contradicted", basis: "told" });
  });

  test("is not contradicted by some, where hashes do not reach and others are silent", async () => {
    const { answer } = await ask("forged", FAR, honestly, silently);
    expect(answer).toMatchObject({ kind: "unknown", why: expect.stringContaining("node 1 does not have block") });
  });

  test("is not agreed with, where an endpoint that lies along with it is contradicted out of reach of hashes", async () => {
    expect((await ask("forged", FAR, lying, honestly)).answer).toMatchObject({ kind: "unknown" });
  });
});

describe("nobody who knows", () => {
  test("is no contradiction, and nobody's fault when history is not kept", async () => {
    const { answer, named } = await ask("forged", NEAR, silently, silently);
    expect(answer).toMatchObject({ kind: "unknown", why: expect.stringContaining("no endpoint serves block 8000") });
    expect(named).toEqual([]);
  });

  test("is no contradiction, but named, when an endpoint is down", async () => {
    const { answer, named } = await ask("forged", NEAR, unreachable);
    expect(answer).toMatchObject({ kind: "unknown" });
    expect(named).toEqual(["node 0"]);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { cosmosConfig } from "#adapters/cosmos/config.ts";

const least = {
  family: "cosmos",
  chainId: "cosmos:simd-1",
  endpoints: [{ name: "local", url: "http://127.0.0.1:26657" }],
  accountPrefix: "cosmos",
};
const gasPrice = { denom: "stake", amount: "0.025", max: "0.1" };

const problems = (value: unknown): string[] =>
  cosmosConfig.safeParse(value).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("cosmos config", () => {
  test("a chain that is only read needs neither signer nor gas price", () => {
    expect(cosmosConfig.parse(least)).toMatchObject({ fromHeight: 1, pollMilliseconds: 1_000, blocksPerFetch: 100 });
  });

  test.each(["cosmos:cosmoshub-4", "cosmos:hashed-0204c92a0388779d"])("takes the chain id %s", (chainId) => {
    expect(problems({ ...least, chainId })).toEqual([]);
  });

  test.each([
    ["an id without namespace", { chainId: "simd-1" }],
    ["an id that has to be hashed", { chainId: "cosmos:evmos_9001-2" }],
    ["an id of another namespace", { chainId: "eip155:1" }],
    ["no endpoint", { endpoints: [] }],
    ["two endpoints of one name", { endpoints: [least.endpoints[0], least.endpoints[0]] }],
    ["an endpoint that is no web address", { endpoints: [{ name: "a", url: "tcp://127.0.0.1:26657" }] }],
    ["an unknown key", { gasprice: "1stake" }],
    ["a prefix in capitals", { accountPrefix: "Cosmos" }],
    ["block zero", { fromHeight: 0 }],
    ["a price that is a number", { gasPrice: { ...gasPrice, amount: 0.025 } }],
    ["a negative price", { gasPrice: { ...gasPrice, amount: "-1" } }],
    ["a highest price below the price", { gasPrice: { ...gasPrice, max: "0.0249" } }],
    ["a denomination of one letter", { gasPrice: { ...gasPrice, denom: "a" } }],
  ])("refuses %s", (_, change) => {
    expect(problems({ ...least, ...change })).not.toEqual([]);
  });

  test("a signer needs a gas price", () => {
    const signer = { env: "KEY" };
    expect(problems({ ...least, signer })).toEqual(["gasPrice: a signer needs a gas price"]);
    expect(problems({ ...least, signer, gasPrice })).toEqual([]);
  });

  test("the relayer's example shows every key, and is one", () => {
    const text = readFileSync(new URL("../../../relayer/relayer.example.yaml", import.meta.url), "utf8");
    const lines = text.split("\n");
    const first = lines.indexOf("  # - family: cosmos");
    const last = lines.findIndex((line, index) => index > first && !line.startsWith("  # "));
    const block = lines.slice(first, last).map((line) => line.slice("  # ".length));
    const [example] = parse(block.join("\n")) as [Record<string, unknown>];
    expect(problems(example)).toEqual([]);
    expect(Object.keys(example).toSorted()).toEqual(Object.keys(cosmosConfig.shape).toSorted());
  });

  test("prices are compared as decimals, not as text", () => {
    expect(problems({ ...least, gasPrice: { denom: "stake", amount: "9", max: "10" } })).toEqual([]);
  });
});

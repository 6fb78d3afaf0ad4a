import { describe, expect, test } from "vitest";
import { gasLimit } from "#adapters/evm/submit/gas-limit.ts";

describe("gas limit", () => {
  test.each([
    ["a margin is added", 100_000n, 1.25, 125_000n],
    ["no margin is none", 100_001n, 1, 100_001n],
    ["the margin stops at the protocol's cap", 16_000_000n, 1.25, 16_777_216n],
    ["an estimate at the cap stays", 16_777_216n, 4, 16_777_216n],
  ])("%s", (_, estimate, multiplier, limit) => {
    expect(gasLimit(estimate, multiplier)).toBe(limit);
  });

  test("there is none for what is above the cap by itself", () => {
    expect(() => gasLimit(16_777_217n, 1)).toThrow(/16777217 gas/);
  });
});

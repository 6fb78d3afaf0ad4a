import { afterEach, describe, expect, test } from "vitest";
import { blockGas, countFitting } from "#adapters/cosmos/submit/block-room.ts";
import { gasLimit, gasWithin } from "#adapters/cosmos/submit/gas-limit.ts";
import { startCometNode } from "#test/support/comet-node.ts";
import type { CometNode } from "#test/support/comet-node.ts";

let node: CometNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

async function gasOf(max_gas: unknown): Promise<bigint> {
  const result = { consensus_params: { block: { max_bytes: "1", max_gas } } };
  node = await startCometNode("simd-1", {
    abci_info: () => ({ result: { response: { last_block_height: "41" } } }),
    // What holds for the block that is being made is not known yet.
    consensus_params: ({ height }) =>
      height === "41"
        ? { result }
        : { error: "could not find consensus params for height #42: value retrieved from db is empty" },
  });
  return blockGas(node.endpoint);
}

describe("a block's gas", () => {
  test("is what the chain says, or without a limit", async () => {
    expect(await gasOf("75000000")).toBe(75_000_000n);
    await node?.close();
    expect(await gasOf("-1")).toBe((1n << 63n) - 1n);
  });

  test.each(["", "-2", "1e9", "0x10", 75_000_000, null])("is not %j", async (max_gas) => {
    await expect(gasOf(max_gas)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("is enough for the limit of what is simulated within it", () => {
    for (const multiplier of [1, 1.1, 1.3, 4])
      expect(gasLimit(gasWithin(75_000_000n, multiplier), multiplier)).toBeLessThanOrEqual(75_000_000n);
  });
});

describe("a request", () => {
  test("has room for so many messages, from the first one on", () => {
    expect(countFitting([], 0)).toBe(0);
    expect(countFitting([100, 100, 100], 0)).toBe(3);
    expect(countFitting([200_000, 200_000, 200_000], 0)).toBe(2);
    expect(countFitting([200_000, 200_000], 200_000)).toBe(1);
  });

  test("tries one message whatever its size is: the chain refuses what is too large", () => {
    expect(countFitting([900_000, 1], 0)).toBe(1);
    expect(countFitting([1, 1], 900_000)).toBe(1);
  });
});

// A block below a finalized one is proven by hashes, or not at all.
import { describe, expect, test } from "vitest";
import { ancestor } from "#adapters/evm/rpc/ancestor.ts";
import { getHeader } from "#adapters/evm/rpc/block-header.ts";
import { makeBlock, makeChain, servingBlocks } from "#test/support/linked-blocks.ts";
import type { JsonBlock } from "#test/support/linked-blocks.ts";

const root = (digit: string): string => `0x${digit.repeat(64)}`;
const serving = (blocks: readonly (JsonBlock | undefined)[]) =>
  servingBlocks("node", (number) => blocks[number] ?? null);
const honest = makeChain(400, root("4"));
const headOf = (blocks: readonly JsonBlock[]) => getHeader(serving(blocks), BigInt(blocks.length - 1));

describe("ancestor", () => {
  test.each([[398n], [271n], [200n], [0n]])("finds block %s under the head", async (height) => {
    const found = await ancestor(serving(honest), await headOf(honest), height);
    expect(found.hash).toBe(honest[Number(height)]?.["hash"]);
  });

  test("is the head itself, and asks nobody, at the head's height", async () => {
    const nobody = servingBlocks("nobody", () => {
      throw new Error("asked");
    });
    expect((await ancestor(nobody, await headOf(honest), 399n)).number).toBe(399n);
  });

  test("refuses another chain's blocks, the whole of it or one", async () => {
    const head = await headOf(honest);
    await expect(ancestor(serving(makeChain(400, root("9"))), head, 100n)).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
    });
    const one = honest.with(250, makeBlock(250, honest[249]?.["hash"] ?? "", root("9")));
    await expect(ancestor(serving(one), head, 250n)).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
      message: expect.stringContaining("the finalized chain's is"),
    });
    // What lies above it is fine.
    expect((await ancestor(serving(one), head, 251n)).number).toBe(251n);
  });

  test("says that a block on the way is not kept", async () => {
    const pruned: (JsonBlock | undefined)[] = [...honest];
    pruned[300] = undefined;
    await expect(ancestor(serving(pruned), await headOf(honest), 10n)).rejects.toMatchObject({ code: "RPC_STALE" });
  });
});

// A block below a finalized one is proven by hashes, or not at all.
import { keccak256, toRlp } from "viem";
import { describe, expect, test } from "vitest";
import { ancestor } from "#adapters/evm/rpc/ancestor.ts";
import { getHeader } from "#adapters/evm/rpc/block-header.ts";
import type { RpcEndpoint } from "#adapters/evm/rpc/rpc-endpoint.ts";

const word = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
const quantity = (value: number): `0x${string}` => `0x${value.toString(16)}`;

type Block = Readonly<Record<string, string>>;

function block(number: number, parentHash: string, stateRoot = word("4")): Block {
  const fields = {
    parentHash,
    sha3Uncles: word("2"),
    miner: `0x${"3".repeat(40)}`,
    stateRoot,
    transactionsRoot: word("5"),
    receiptsRoot: word("6"),
    logsBloom: `0x${"0".repeat(512)}`,
    difficulty: "0x0",
    number: quantity(number),
    gasLimit: "0x2255100",
    gasUsed: "0x0",
    timestamp: quantity(1_700_000_000 + number),
    extraData: "0x",
    mixHash: word("7"),
    nonce: "0x0000000000000000",
  };
  const integers = new Set(["difficulty", "number", "gasLimit", "gasUsed", "timestamp"]);
  const items = Object.entries(fields).map(([name, value]): `0x${string}` => {
    if (!integers.has(name)) return value as `0x${string}`;
    const digits = value.slice(2).replace(/^0+/, "");
    return `0x${digits.length % 2 === 1 ? "0" : ""}${digits}`;
  });
  return { ...fields, hash: keccak256(toRlp(items)) };
}

function chain(length: number, stateRoot?: `0x${string}`): Block[] {
  const blocks: Block[] = [];
  for (let number = 0; number < length; number += 1)
    blocks.push(block(number, blocks.at(-1)?.["hash"] ?? word("0"), stateRoot));
  return blocks;
}

/** Serves blocks by number; a missing one is null, as nodes say it. */
function serving(blocks: readonly (Block | undefined)[]): RpcEndpoint & { readonly asked: () => number } {
  let asked = 0;
  const find = (number: unknown): Block | null => {
    asked += 1;
    return blocks[Number(number)] ?? null;
  };
  return {
    name: "node",
    asked: () => asked,
    ask: async ({ params }) => ({ ok: true, result: find(params[0]) }),
    call: async ({ params }, schema) => schema.parse(find(params[0])),
    callAll: async (calls, schema) => calls.map(({ params }) => schema.parse(find(params[0]))),
  };
}

const honest = chain(400);
const headOf = (blocks: readonly Block[]) => getHeader(serving(blocks), BigInt(blocks.length - 1));

describe("ancestor", () => {
  test.each([[398n], [271n], [200n], [0n]])("finds block %s under the head", async (height) => {
    const found = await ancestor(serving(honest), await headOf(honest), height);
    expect(found.hash).toBe(honest[Number(height)]?.["hash"]);
  });

  test("is the head itself, and asks nobody, at the head's height", async () => {
    const endpoint = serving(honest);
    expect((await ancestor(endpoint, await headOf(honest), 399n)).number).toBe(399n);
    expect(endpoint.asked()).toBe(0);
  });

  test("refuses another chain's blocks, the whole of it or one", async () => {
    const head = await headOf(honest);
    await expect(ancestor(serving(chain(400, word("9"))), head, 100n)).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
    });
    const one = honest.with(250, block(250, honest[249]?.["hash"] ?? "", word("9")));
    await expect(ancestor(serving(one), head, 250n)).rejects.toMatchObject({
      code: "RPC_BAD_ANSWER",
      message: expect.stringContaining("the finalized chain's is"),
    });
    // What lies above it is fine.
    expect((await ancestor(serving(one), head, 251n)).number).toBe(251n);
  });

  test("says that a block on the way is not kept", async () => {
    const pruned: (Block | undefined)[] = [...honest];
    pruned[300] = undefined;
    await expect(ancestor(serving(pruned), await headOf(honest), 10n)).rejects.toMatchObject({ code: "RPC_STALE" });
  });
});

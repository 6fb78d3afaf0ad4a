// Block headers that hash to their hashes and name their parents', and endpoints that serve such as they please.
import { keccak256, toRlp } from "viem";
import type { RpcEndpoint } from "#adapters/evm/rpc/rpc-endpoint.ts";

/** As JSON-RPC gives it. */
export type JsonBlock = Readonly<Record<string, string>>;

const word = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
const quantity = (value: number): `0x${string}` => `0x${value.toString(16)}`;
const INTEGERS = new Set(["difficulty", "number", "gasLimit", "gasUsed", "timestamp"]);

export function makeBlock(number: number, parentHash: string, stateRoot: string): JsonBlock {
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
    gasLimit: "0x1",
    gasUsed: "0x0",
    timestamp: quantity(1_700_000_000 + number),
    extraData: "0x",
    mixHash: word("7"),
    nonce: "0x0000000000000000",
  };
  const items = Object.entries(fields).map(([name, value]): `0x${string}` => {
    if (!INTEGERS.has(name)) return value as `0x${string}`;
    const digits = value.slice(2).replace(/^0+/, "");
    return `0x${digits.length % 2 === 1 ? "0" : ""}${digits}`;
  });
  return { ...fields, hash: keccak256(toRlp(items)) };
}

/** From height 0. Chains with other state roots are other chains. */
export function makeChain(length: number, stateRoot: string): JsonBlock[] {
  const blocks: JsonBlock[] = [];
  for (let number = 0; number < length; number += 1)
    blocks.push(makeBlock(number, blocks.at(-1)?.["hash"] ?? word("0"), stateRoot));
  return blocks;
}

/** Null: it does not have the block. */
export type Serve = (number: number) => JsonBlock | null;

export function servingBlocks(name: string, serve: Serve): RpcEndpoint {
  const find = (params: readonly unknown[]): JsonBlock | null => serve(Number(params[0]));
  return {
    name,
    ask: async ({ params }) => ({ ok: true, result: find(params) }),
    askAll: async (calls) => calls.map(({ params }) => ({ ok: true, result: find(params) })),
    call: async ({ params }, schema) => schema.parse(find(params)),
    callAll: async (calls, schema) => calls.map(({ params }) => schema.parse(find(params))),
  };
}

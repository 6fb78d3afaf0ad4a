import { toRlp, keccak256 } from "viem";
import { describe, expect, test } from "vitest";
import { getHeader } from "#adapters/evm/rpc/block-header.ts";
import type { RpcEndpoint } from "#adapters/evm/rpc/rpc-endpoint.ts";

/** An endpoint that answers every call with this, parsed by the caller's schema. */
const answering = (answer: unknown): RpcEndpoint => ({
  name: "node",
  ask: async () => ({ ok: true, result: answer }),
  askAll: async (calls) => calls.map(() => ({ ok: true, result: answer })),
  call: async (_, schema) => schema.parse(answer),
  callAll: async (calls, schema) => calls.map(() => schema.parse(answer)),
});

const word = (digit: string): `0x${string}` => `0x${digit.repeat(64)}`;
const PRAGUE = {
  parentHash: word("1"),
  sha3Uncles: word("2"),
  miner: `0x${"3".repeat(40)}`,
  stateRoot: word("4"),
  transactionsRoot: word("5"),
  receiptsRoot: word("6"),
  logsBloom: `0x${"0".repeat(512)}`,
  difficulty: "0x0",
  number: "0x10",
  gasLimit: "0x2255100",
  gasUsed: "0x0",
  timestamp: "0x6553f100",
  extraData: "0x",
  mixHash: word("7"),
  nonce: "0x0000000000000000",
  baseFeePerGas: "0x7",
  withdrawalsRoot: word("8"),
  blobGasUsed: "0x0",
  excessBlobGas: "0x20000",
  parentBeaconBlockRoot: word("9"),
  requestsHash: word("a"),
} as const;

const INTEGERS = new Set(
  "difficulty number gasLimit gasUsed timestamp baseFeePerGas blobGasUsed excessBlobGas slotNumber".split(" "),
);

/** RLP and hash, written a second time: integers without leading zeros, in the order of the literal. */
function sealed(fields: Readonly<Record<string, string>>): Record<string, string> {
  const items = Object.entries(fields).map(([name, value]): `0x${string}` => {
    if (!INTEGERS.has(name)) return value as `0x${string}`;
    const digits = value.slice(2).replace(/^0+/, "");
    return `0x${digits.length % 2 === 1 ? "0" : ""}${digits}`;
  });
  return { ...fields, hash: keccak256(toRlp(items)) };
}

const { requestsHash: _, ...CANCUN } = PRAGUE;

describe("block header", () => {
  test.each([
    ["Cancun", CANCUN],
    ["Prague", PRAGUE],
    ["Amsterdam", { ...PRAGUE, blockAccessListHash: word("b"), slotNumber: "0x123" }],
  ])("rebuilds the header of a %s block", async (_name, fields) => {
    const block = sealed(fields);
    const header = await getHeader(answering(block), 16n);
    expect(keccak256(header.rlp)).toBe(block["hash"]);
    expect(header).toMatchObject({ number: 16n, timestamp: 0x6553f100n, stateRoot: word("4"), baseFeePerGas: 7n });
  });

  test.each(Object.keys(PRAGUE))("refuses a changed %s", async (name) => {
    const block = sealed(PRAGUE);
    const value = block[name] ?? "";
    const altered = value === "0x" ? "0x01" : `${value.slice(0, -1)}${value.endsWith("1") ? "2" : "1"}`;
    const reading = getHeader(answering({ ...block, [name]: altered }), { hash: block["hash"] as `0x${string}` });
    await expect(reading).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("refuses another block than asked for", async () => {
    const block = sealed(PRAGUE);
    await expect(getHeader(answering(block), 17n)).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
    await expect(getHeader(answering(block), { hash: word("f") })).rejects.toMatchObject({ code: "RPC_BAD_ANSWER" });
  });

  test("a block the node does not have makes it stale", async () => {
    await expect(getHeader(answering(null), 17n)).rejects.toMatchObject({ code: "RPC_STALE" });
  });
});

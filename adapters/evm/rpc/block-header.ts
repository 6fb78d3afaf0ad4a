// An execution block header as JSON-RPC gives it, believed only when its rebuilt RLP hashes to its block hash.
import { keccak256, toRlp } from "viem/utils";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { fromHex, hexData, quantity } from "./hex.ts";
import type { Hex } from "./hex.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

export interface BlockHeader {
  readonly number: bigint;
  readonly hash: Hex;
  readonly parentHash: Hex;
  /** Unix seconds. */
  readonly timestamp: bigint;
  readonly stateRoot: Hex;
  readonly baseFeePerGas: bigint;
  /** The header's own bytes: keccak256 of them is `hash`. */
  readonly rlp: Uint8Array;
}

/** Header fields in RLP order; those after `nonce` were added by forks and end where the fork of the block does. */
const fields = {
  parentHash: hexData(32),
  sha3Uncles: hexData(32),
  miner: hexData(20),
  stateRoot: hexData(32),
  transactionsRoot: hexData(32),
  receiptsRoot: hexData(32),
  logsBloom: hexData(256),
  difficulty: quantity,
  number: quantity,
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: quantity,
  extraData: hexData(),
  mixHash: hexData(32),
  nonce: hexData(8),
  baseFeePerGas: quantity.optional(),
  withdrawalsRoot: hexData(32).optional(),
  blobGasUsed: quantity.optional(),
  excessBlobGas: quantity.optional(),
  parentBeaconBlockRoot: hexData(32).optional(),
  requestsHash: hexData(32).optional(),
  blockAccessListHash: hexData(32).optional(),
  slotNumber: quantity.optional(),
};
const order = Object.keys(fields) as (keyof typeof fields)[];

const block = z.object({ ...fields, hash: hexData(32) }).nullable();

function integerHex(value: bigint): Hex {
  if (value === 0n) return "0x";
  const digits = value.toString(16);
  return digits.length % 2 === 0 ? `0x${digits}` : `0x0${digits}`;
}

export type BlockTag = bigint | "latest" | { readonly hash: Hex };

const request = (tag: BlockTag) =>
  typeof tag === "object"
    ? { method: "eth_getBlockByHash", params: [tag.hash, false] }
    : { method: "eth_getBlockByNumber", params: [tag === "latest" ? tag : `0x${tag.toString(16)}`, false] };

function checkedHeader(endpoint: RpcEndpoint, tag: BlockTag, answer: z.infer<typeof block>): BlockHeader {
  if (answer === null)
    throw new CausewayError("RPC_STALE", `${endpoint.name} does not have block ${describe(tag)}`, {
      context: { endpoint: endpoint.name },
    });
  const rlp = toRlp(
    order
      .map((name) => answer[name])
      .filter((value) => value !== undefined)
      .map((value) => (typeof value === "bigint" ? integerHex(value) : value)),
  );
  const wanted = typeof tag === "object" ? answer.hash === tag.hash : tag === "latest" || answer.number === tag;
  if (keccak256(rlp) !== answer.hash || !wanted)
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${endpoint.name} gave a block header that does not hash to block ${describe(tag)}`,
      {
        context: { endpoint: endpoint.name, hash: answer.hash },
      },
    );
  const { number, hash, parentHash, timestamp, stateRoot, baseFeePerGas } = answer;
  return { number, hash, parentHash, timestamp, stateRoot, baseFeePerGas: baseFeePerGas ?? 0n, rlp: fromHex(rlp) };
}

const describe = (tag: BlockTag): string => (typeof tag === "object" ? tag.hash : String(tag));

/** Throws RPC_STALE when the endpoint does not have the block, RPC_BAD_ANSWER when the header contradicts its hash. */
export async function getHeader(endpoint: RpcEndpoint, tag: BlockTag, signal?: AbortSignal): Promise<BlockHeader> {
  return checkedHeader(endpoint, tag, await endpoint.call(request(tag), block, signal));
}

const pending = z.object({ timestamp: quantity }).nullable();

/** The newest block, and the time of the one that is being made, where the node tells it (Unix seconds). Throws what `getHeader` throws. */
export async function getHead(
  endpoint: RpcEndpoint,
  signal?: AbortSignal,
): Promise<{ readonly head: BlockHeader; readonly nextTimestamp: bigint | undefined }> {
  const asked = [request("latest"), { method: "eth_getBlockByNumber", params: ["pending", false] }];
  const [newest, next] = await endpoint.askAll(asked, signal);
  const parsed = newest?.ok === true ? block.safeParse(newest.result) : undefined;
  if (parsed?.success !== true)
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} does not give its newest block`, {
      context: { endpoint: endpoint.name },
      cause: parsed?.error,
    });
  const told = next?.ok === true ? pending.safeParse(next.result) : undefined;
  return { head: checkedHeader(endpoint, "latest", parsed.data), nextTimestamp: told?.data?.timestamp };
}

/** Headers in the order asked. */
export async function getHeaders(
  endpoint: RpcEndpoint,
  tags: readonly BlockTag[],
  signal?: AbortSignal,
): Promise<BlockHeader[]> {
  const answers = await endpoint.callAll(tags.map(request), block, signal);
  return answers.map((answer, index) => checkedHeader(endpoint, tags[index] ?? "latest", answer));
}

// An execution block header: read from the node, checked against its own hash, and as the beacon chain's payload header.
import { hexToBytes } from "@noble/hashes/utils.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { toRlp } from "viem";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { bytesRoot, chunk, uintChunk } from "./ssz-roots.ts";

export type Hex = `0x${string}`;

const hex = z.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-f]{2})*$/.test(value), "hex bytes");
const quantity = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform((value) => BigInt(value));

/** The 21 fields of a Prague header, in the order of its RLP. */
const fields = {
  parentHash: hex,
  sha3Uncles: hex,
  miner: hex,
  stateRoot: hex,
  transactionsRoot: hex,
  receiptsRoot: hex,
  logsBloom: hex,
  difficulty: quantity,
  number: quantity,
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: quantity,
  extraData: hex,
  mixHash: hex,
  nonce: hex,
  baseFeePerGas: quantity,
  withdrawalsRoot: hex,
  blobGasUsed: quantity,
  excessBlobGas: quantity,
  parentBeaconBlockRoot: hex,
  requestsHash: hex,
} as const;

const schema = z.object({ ...fields, hash: hex });

export type ExecutionHeader = z.infer<typeof schema>;

const bytes = (value: Hex): Uint8Array => hexToBytes(value.slice(2));

const rlpInteger = (value: bigint): Hex => {
  if (value === 0n) return "0x";
  const digits = value.toString(16);
  return `0x${digits.length % 2 === 0 ? "" : "0"}${digits}`;
};

/** RLP bytes whose keccak-256 is the block hash. */
export function executionHeaderRlp(header: ExecutionHeader): Uint8Array {
  const names = Object.keys(fields) as (keyof typeof fields)[];
  const items = names.map((name) => {
    const value = header[name];
    return typeof value === "bigint" ? rlpInteger(value) : value;
  });
  return toRlp(items, "bytes");
}

export const executionBlockHash = (header: ExecutionHeader): Uint8Array => keccak_256(executionHeaderRlp(header));

/** Refuses a block (as eth_getBlockByNumber gives it) whose fields do not hash to what it says. */
export function parseExecutionHeader(block: unknown): ExecutionHeader {
  const parsed = schema.safeParse(block);
  if (!parsed.success)
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `the execution node's block is not understood: ${z.prettifyError(parsed.error)}`,
    );
  const header = parsed.data;
  if (Buffer.compare(executionBlockHash(header), bytes(header.hash)) !== 0)
    throw new CausewayError("RPC_BAD_ANSWER", "the execution block's fields do not hash to its hash", {
      context: { height: header.number, hash: header.hash },
    });
  return header;
}

/**
 * The leaves of deneb ExecutionPayloadHeader, padded to 32. One thing stands in for another: the two list roots are those
 * of the execution header (MPT), not SSZ list roots; a light client cannot tell, and none reads them.
 */
export function payloadHeaderLeaves(header: ExecutionHeader): Uint8Array[] {
  const extraData = bytes(header.extraData);
  const leaves = [
    chunk(bytes(header.parentHash)),
    chunk(bytes(header.miner)),
    bytes(header.stateRoot),
    bytes(header.receiptsRoot),
    bytesRoot(bytes(header.logsBloom)),
    bytes(header.mixHash),
    uintChunk(header.number),
    uintChunk(header.gasLimit),
    uintChunk(header.gasUsed),
    uintChunk(header.timestamp),
    sha256(concatBytes(chunk(extraData), uintChunk(extraData.length))),
    uintChunk(header.baseFeePerGas),
    bytes(header.hash),
    bytes(header.transactionsRoot),
    bytes(header.withdrawalsRoot),
    uintChunk(header.blobGasUsed),
    uintChunk(header.excessBlobGas),
  ];
  while (leaves.length < 32) leaves.push(new Uint8Array(32));
  return leaves;
}

/** Beacon API JSON of the payload header. */
export const payloadHeaderJson = (header: ExecutionHeader): Record<string, string> => ({
  parent_hash: header.parentHash,
  fee_recipient: header.miner,
  state_root: header.stateRoot,
  receipts_root: header.receiptsRoot,
  logs_bloom: header.logsBloom,
  prev_randao: header.mixHash,
  block_number: header.number.toString(),
  gas_limit: header.gasLimit.toString(),
  gas_used: header.gasUsed.toString(),
  timestamp: header.timestamp.toString(),
  extra_data: header.extraData,
  base_fee_per_gas: header.baseFeePerGas.toString(),
  block_hash: header.hash,
  transactions_root: header.transactionsRoot,
  withdrawals_root: header.withdrawalsRoot,
  blob_gas_used: header.blobGasUsed.toString(),
  excess_blob_gas: header.excessBlobGas.toString(),
});

// The execution block hash of a light-client header, with its branch under the block body in the form of the evidence:
// up to Fulu the branch of the payload header is lengthened to the hash inside it, from Gloas it is there already.
import { hashPair, merkleize, uint64Chunk } from "../verify/merkle.ts";
import type { ExecutionPayloadHeader, LightClientHeader } from "./beacon-api.ts";

export interface ExecutionAnchor {
  readonly blockHash: Uint8Array;
  readonly branch: Uint8Array[];
}

const ZERO = new Uint8Array(32);
/** Position of block_hash among the fields of ExecutionPayloadHeader (consensus-specs deneb/beacon-chain.md). */
const BLOCK_HASH_INDEX = 12;

function padded(bytes: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(32);
  chunk.set(bytes);
  return chunk;
}

function uint256Chunk(value: bigint): Uint8Array {
  const chunk = new Uint8Array(32);
  for (let index = 0, rest = value; rest > 0n; index += 1, rest >>= 8n) chunk[index] = Number(rest & 0xffn);
  return chunk;
}

function bloomRoot(bloom: Uint8Array): Uint8Array {
  return merkleize(Array.from({ length: 8 }, (_, index) => bloom.subarray(index * 32, index * 32 + 32)));
}

/** hash_tree_root of each field, in order. */
function fieldRoots(header: ExecutionPayloadHeader): Uint8Array[] {
  return [
    header.parent_hash,
    padded(header.fee_recipient),
    header.state_root,
    header.receipts_root,
    bloomRoot(header.logs_bloom),
    header.prev_randao,
    uint64Chunk(header.block_number),
    uint64Chunk(header.gas_limit),
    uint64Chunk(header.gas_used),
    uint64Chunk(header.timestamp),
    hashPair(padded(header.extra_data), uint64Chunk(BigInt(header.extra_data.length))),
    uint256Chunk(header.base_fee_per_gas),
    header.block_hash,
    header.transactions_root,
    header.withdrawals_root,
    uint64Chunk(header.blob_gas_used),
    uint64Chunk(header.excess_blob_gas),
  ];
}

/** Siblings of one leaf, lowest first, in a tree of depth 5: 17 fields. */
function fieldBranch(leaves: readonly Uint8Array[], position: number): Uint8Array[] {
  const branch: Uint8Array[] = [];
  let level = [...leaves, ...Array.from({ length: 32 - leaves.length }, () => ZERO)];
  for (let index = position; level.length > 1; index >>= 1) {
    branch.push(level[index ^ 1] ?? ZERO);
    level = Array.from({ length: level.length / 2 }, (_, at) =>
      hashPair(level[2 * at] ?? ZERO, level[2 * at + 1] ?? ZERO),
    );
  }
  return branch;
}

/**
 * Branches of older headers arrive padded with leading zeros once a network's forms moved on (normalize_merkle_branch);
 * the evidence has exactly one node per level of the generalized index.
 */
export function normalizedBranch(branch: readonly Uint8Array[], generalizedIndex: number): Uint8Array[] {
  const depth = 31 - Math.clz32(generalizedIndex);
  const extra = branch.length - depth;
  const removable = extra > 0 && branch.slice(0, extra).every((node) => node.every((byte) => byte === 0));
  return removable ? branch.slice(extra) : [...branch];
}

/** Generalized index of the block hash under the body at the header's slot, from the fork table. */
export function executionAnchor(header: LightClientHeader, generalizedIndex: number): ExecutionAnchor {
  if ("execution_block_hash" in header)
    return {
      blockHash: header.execution_block_hash,
      branch: normalizedBranch(header.execution_branch, generalizedIndex),
    };
  const inside = fieldBranch(fieldRoots(header.execution), BLOCK_HASH_INDEX);
  return { blockHash: header.execution.block_hash, branch: [...inside, ...header.execution_branch] };
}

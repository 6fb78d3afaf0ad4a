// What the specification's light-client header leaves out and our evidence needs: the execution block's RLP and its hash's branch.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { toRlp } from "viem/utils";
import type { Hex } from "viem";
import { executionPayloadHeader } from "./consensus-spec-types.ts";
import type { SpecExecution, SpecHeader } from "./consensus-spec-types.ts";
import { sparseTree } from "./sparse-tree.ts";

const PAYLOAD_WIDTH = 32;
const BLOCK_HASH_FIELD = 12;

const hex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;
const EMPTY_TRIE = hex(keccak_256(Uint8Array.of(0x80)));
const NO_UNCLES = hex(keccak_256(Uint8Array.of(0xc0)));
const NO_REQUESTS = hex(sha256(new Uint8Array()));

function integer(value: bigint): Hex {
  const digits = value === 0n ? "" : value.toString(16);
  return `0x${digits.length % 2 ? "0" : ""}${digits}`;
}

/**
 * RLP of the block the payload header describes, if it has no transactions, withdrawals or requests: their roots are SSZ in the
 * payload header and Merkle Patricia in the block. Undefined when the hash says that it is another block.
 */
export function executionHeaderRlp({ beacon, execution }: SpecHeader): Uint8Array | undefined {
  const rlp = toRlp(
    [
      hex(execution.parentHash),
      NO_UNCLES,
      hex(execution.feeRecipient),
      hex(execution.stateRoot),
      EMPTY_TRIE,
      hex(execution.receiptsRoot),
      hex(execution.logsBloom),
      "0x",
      integer(execution.blockNumber),
      integer(execution.gasLimit),
      integer(execution.gasUsed),
      integer(execution.timestamp),
      hex(execution.extraData),
      hex(execution.prevRandao),
      "0x0000000000000000",
      integer(execution.baseFeePerGas),
      EMPTY_TRIE,
      integer(execution.blobGasUsed),
      integer(execution.excessBlobGas),
      hex(beacon.parentRoot),
      NO_REQUESTS,
    ],
    "bytes",
  );
  return hex(keccak_256(rlp)) === hex(execution.blockHash) ? rlp : undefined;
}

/** From the block hash up to the payload header's root. */
function blockHashBranch(execution: SpecExecution): Uint8Array[] {
  const roots = Object.entries(executionPayloadHeader.fields).map(([name, type]) =>
    type.hashTreeRoot(execution[name as keyof SpecExecution] as never),
  );
  const leaves = Array.from({ length: PAYLOAD_WIDTH }, (_, index) => roots[index] ?? new Uint8Array(32));
  const tree = sparseTree(new Map(leaves.map((leaf, index) => [PAYLOAD_WIDTH + index, leaf])));
  return tree.branch(PAYLOAD_WIDTH + BLOCK_HASH_FIELD);
}

/** Branch of the block hash under the beacon block's body root: generalized index 812. */
export const executionBranch = ({ execution, executionBranch: payloadBranch }: SpecHeader): Uint8Array[] => [
  ...blockHashBranch(execution),
  ...payloadBranch,
];

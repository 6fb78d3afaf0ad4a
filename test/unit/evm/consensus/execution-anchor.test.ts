import { ssz } from "@lodestar/types";
import { describe, expect, test } from "vitest";
import { executionAnchor, normalizedBranch } from "#adapters/evm/consensus/execution-anchor.ts";
import { isValidBranch } from "#adapters/evm/verify/merkle.ts";

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const branch = [21, 22, 23, 24].map((value) => bytes(32, value));
const beacon = {
  slot: 1n,
  proposerIndex: 2n,
  parentRoot: bytes(32, 1),
  stateRoot: bytes(32, 2),
  bodyRoot: bytes(32, 3),
};
const execution = {
  parent_hash: bytes(32, 4),
  fee_recipient: bytes(20, 5),
  state_root: bytes(32, 6),
  receipts_root: bytes(32, 7),
  logs_bloom: bytes(256, 8),
  prev_randao: bytes(32, 9),
  block_number: 10n,
  gas_limit: 11n,
  gas_used: 12n,
  timestamp: 13n,
  extra_data: bytes(7, 14),
  base_fee_per_gas: (1n << 200n) + 15n,
  block_hash: bytes(32, 16),
  transactions_root: bytes(32, 17),
  withdrawals_root: bytes(32, 18),
  blob_gas_used: 19n,
  excess_blob_gas: 20n,
};

/** The payload header's root by another implementation. */
const payloadRoot = (header: typeof execution): Uint8Array =>
  ssz.deneb.ExecutionPayloadHeader.hashTreeRoot({
    parentHash: header.parent_hash,
    feeRecipient: header.fee_recipient,
    stateRoot: header.state_root,
    receiptsRoot: header.receipts_root,
    logsBloom: header.logs_bloom,
    prevRandao: header.prev_randao,
    blockNumber: Number(header.block_number),
    gasLimit: Number(header.gas_limit),
    gasUsed: Number(header.gas_used),
    timestamp: Number(header.timestamp),
    extraData: header.extra_data,
    baseFeePerGas: header.base_fee_per_gas,
    blockHash: header.block_hash,
    transactionsRoot: header.transactions_root,
    withdrawalsRoot: header.withdrawals_root,
    blobGasUsed: header.blob_gas_used,
    excessBlobGas: header.excess_blob_gas,
  });

describe("execution anchor", () => {
  test.each([[execution], [{ ...execution, extra_data: new Uint8Array() }], [{ ...execution, base_fee_per_gas: 0n }]])(
    "lengthens the payload header's branch to the block hash",
    (header) => {
      const anchor = executionAnchor({ beacon, execution: header, execution_branch: branch }, 812);
      expect(anchor.blockHash).toEqual(header.block_hash);
      expect(anchor.branch).toHaveLength(9);
      // Block hash is at 44 within the payload header, which is at 25 within the body.
      expect(isValidBranch(header.block_hash, anchor.branch.slice(0, 5), 44, payloadRoot(header))).toBe(true);
      expect(anchor.branch.slice(5)).toEqual(branch);
    },
  );

  test("takes a Gloas header's branch as it is", () => {
    const long = Array.from({ length: 11 }, (_, index) => bytes(32, index + 1));
    const anchor = executionAnchor({ beacon, execution_block_hash: bytes(32, 5), execution_branch: long }, 2856);
    expect(anchor).toEqual({ blockHash: bytes(32, 5), branch: long });
  });

  test("takes the padding off an older header's branch, and nothing else", () => {
    const nine = Array.from({ length: 9 }, (_, index) => bytes(32, index + 1));
    const zero = bytes(32, 0);
    expect(normalizedBranch([zero, zero, ...nine], 812)).toEqual(nine);
    expect(normalizedBranch([zero, bytes(32, 1), ...nine], 812)).toHaveLength(11);
    expect(normalizedBranch(nine, 812)).toEqual(nine);
    expect(normalizedBranch(nine.slice(1), 812)).toHaveLength(8);
  });
});

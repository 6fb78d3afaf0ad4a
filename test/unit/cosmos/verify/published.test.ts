// Bytes and hashes that CometBFT's own tests assert.
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { merkleRoot } from "#adapters/cosmos/verify/merkle.ts";
import { ZERO_TIME } from "#adapters/cosmos/verify/time.ts";
import { signBytes } from "#adapters/cosmos/verify/vote.ts";
import { readSharedJson } from "#test/support/shared-vectors.ts";

interface Published {
  readonly vote_sign_bytes: {
    readonly vectors: readonly {
      readonly chain_id: string;
      readonly type: number;
      readonly height: number;
      readonly round: number;
      readonly hex: string;
    }[];
  };
  readonly header_hash: { readonly header: Record<string, string>; readonly hash: string };
  readonly simple_merkle: {
    readonly vectors: readonly {
      readonly name: string;
      readonly leaves_hex: readonly string[];
      readonly root: string;
    }[];
  };
}

const published = readSharedJson<Published>("tendermint/published.json");

describe.skipIf(published === undefined)("published values", () => {
  test.each(published?.vote_sign_bytes.vectors ?? [])(
    "sign bytes $hex",
    ({ chain_id: chainId, type, height, round, hex }) => {
      const content = { type: BigInt(type), height: BigInt(height), round: BigInt(round), blockId: undefined, chainId };
      expect(bytesToHex(signBytes(content)(ZERO_TIME))).toBe(hex);
    },
  );

  test("header hash", () => {
    const bytes = (name: string): Uint8Array => hexToBytes(published?.header_hash.header[name] ?? "");
    const zeros = new Uint8Array(32);
    const hash = headerHash({
      version: { block: 1n, app: 2n },
      chainId: utf8ToBytes("chainId"),
      height: 3n,
      time: { seconds: BigInt(Date.UTC(2019, 9, 13, 16, 14, 44) / 1000), nanos: 0n },
      lastBlockId: { hash: zeros, partSetHeader: { total: 6n, hash: zeros } },
      lastCommitHash: bytes("last_commit_hash"),
      dataHash: bytes("data_hash"),
      validatorsHash: bytes("validators_hash"),
      nextValidatorsHash: bytes("next_validators_hash"),
      consensusHash: bytes("consensus_hash"),
      appHash: bytes("app_hash"),
      lastResultsHash: bytes("last_results_hash"),
      evidenceHash: bytes("evidence_hash"),
      proposerAddress: bytes("proposer_address"),
    });
    expect(bytesToHex(hash)).toBe(published?.header_hash.hash.toLowerCase());
  });

  test.each(published?.simple_merkle.vectors ?? [])("tree: $name", ({ leaves_hex: leaves, root }) => {
    expect(bytesToHex(merkleRoot(leaves.map((leaf) => hexToBytes(leaf))))).toBe(root);
  });
});

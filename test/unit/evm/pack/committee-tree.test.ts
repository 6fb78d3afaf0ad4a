// The packer's committee tree is SSZ's, and its shared proofs are as short as they can be.
import { ByteVectorType, VectorCompositeType } from "@chainsafe/ssz";
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { committeeTree } from "#adapters/evm/pack/committee-tree.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const { pubkeys } = makeBeaconFixture({ committeeSize: 32 }).committee(3n);
const tree = committeeTree(pubkeys);

test("the root is hash_tree_root of the keys", () => {
  const type = new VectorCompositeType(new ByteVectorType(48), 32);
  expect(bytesToHex(tree.root)).toBe(bytesToHex(type.hashTreeRoot(pubkeys)));
});

test.each([
  ["nobody", [], 0],
  ["one member", [5], 5],
  ["two siblings", [4, 5], 4],
  ["two members that share the upper half of their paths", [4, 7], 5],
  ["one half of the tree", Array.from({ length: 16 }, (_, index) => index), 1],
  ["everybody", Array.from({ length: 32 }, (_, index) => index), 0],
])("a shared proof for %s has no node too many", (_, members, nodes) => {
  expect(tree.sharedProof(members)).toHaveLength(nodes);
});

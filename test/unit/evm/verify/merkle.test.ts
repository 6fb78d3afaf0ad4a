// Roots and branches agree with an SSZ library that the verifier does not use.
import { ByteVectorType, ContainerType, VectorCompositeType } from "@chainsafe/ssz";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { absentees, committeeRoot, participants } from "#adapters/evm/verify/committee.ts";
import { headerRoot, isValidBranch } from "#adapters/evm/verify/merkle.ts";
import { beaconHeader } from "#test/support/consensus-spec-types.ts";
import { sparseTree } from "#test/support/sparse-tree.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const header = fc.record({
  slot: uint64,
  proposerIndex: uint64,
  parentRoot: bytes32,
  stateRoot: bytes32,
  bodyRoot: bytes32,
});

test("hash_tree_root(BeaconBlockHeader)", () => {
  const property = fc.property(header, (value) => {
    expect(headerRoot(value)).toEqual(beaconHeader.hashTreeRoot(value));
  });
  fc.assert(property);
});

test.each([8, 32, 512])("hash_tree_root(SyncCommittee) with %i keys", (size) => {
  const key = new ByteVectorType(48);
  const type = new ContainerType({ pubkeys: new VectorCompositeType(key, size), aggregatePubkey: key });
  const keyBytes = (seed: number): Uint8Array =>
    Uint8Array.from({ length: 48 }, (_, at) => (seed * 31 + at * 7) & 0xff);
  const committee = {
    pubkeys: Array.from({ length: size }, (_, index) => keyBytes(index)),
    aggregatePubkey: keyBytes(999),
  };
  expect(committeeRoot(committee)).toEqual(type.hashTreeRoot(committee));
});

describe("branches", () => {
  const place = fc.record({ gindex: fc.integer({ min: 2, max: 4095 }), leaf: bytes32 });

  test("one node per level leads from the leaf to the root", () => {
    const property = fc.property(place, ({ gindex, leaf }) => {
      const tree = sparseTree(new Map([[gindex, leaf]]));
      expect(isValidBranch(leaf, tree.branch(gindex), gindex, tree.root)).toBe(true);
    });
    fc.assert(property);
  });

  test("another leaf, place, length or node does not", () => {
    const property = fc.property(place, fc.nat(), ({ gindex, leaf }, turn) => {
      const tree = sparseTree(new Map([[gindex, leaf]]));
      const branch = tree.branch(gindex);
      const at = turn % branch.length;
      const flipped = branch.with(
        at,
        (branch[at] ?? leaf).map((byte, index) => (index === 31 ? byte ^ 1 : byte)),
      );
      const otherLeaf = leaf.map((byte, index) => (index === 0 ? byte ^ 0x80 : byte));
      expect(isValidBranch(otherLeaf, branch, gindex, tree.root)).toBe(false);
      expect(isValidBranch(leaf, branch, gindex ^ 1, tree.root)).toBe(false);
      expect(isValidBranch(leaf, branch.slice(1), gindex, tree.root)).toBe(false);
      expect(isValidBranch(leaf, [...branch, leaf], gindex, tree.root)).toBe(false);
      expect(isValidBranch(leaf, flipped, gindex, tree.root)).toBe(false);
      expect(isValidBranch(leaf, branch, gindex, otherLeaf)).toBe(false);
    });
    fc.assert(property);
  });
});

test("bits name members from the lowest bit of the first byte", () => {
  const pubkeys = Array.from({ length: 16 }, (_, index) => new Uint8Array(48).fill(index));
  const bits = Uint8Array.of(0b1111_1110, 0b0111_1111);
  const absent = absentees({ pubkeys, aggregatePubkey: new Uint8Array(48) }, bits);
  expect(absent.map(([first]) => first)).toEqual([0, 15]);
  expect(participants(bits)).toBe(14);
});

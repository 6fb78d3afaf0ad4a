// SSZ Merkleization of the few containers evidence is made of (consensus-specs ssz/simple-serialize.md, ssz/merkle-proofs.md).
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import type { BeaconBlockHeader } from "./evidence.ts";

const ZERO = new Uint8Array(32);

export function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(64);
  both.set(left, 0);
  both.set(right, 32);
  return sha256(both);
}

/** Root of the smallest full tree over the chunks, the missing ones being zero. */
export function merkleize(chunks: readonly Uint8Array[]): Uint8Array {
  let width = 1;
  while (width < chunks.length) width *= 2;
  let level = [...chunks, ...Array.from({ length: width - chunks.length }, () => ZERO)];
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let index = 0; index < level.length; index += 2)
      above.push(hashPair(level[index] ?? ZERO, level[index + 1] ?? ZERO));
    level = above;
  }
  return level[0] ?? ZERO;
}

/** hash_tree_root(uint64). */
export function uint64Chunk(value: bigint): Uint8Array {
  const chunk = new Uint8Array(32);
  new DataView(chunk.buffer).setBigUint64(0, value, true);
  return chunk;
}

/** hash_tree_root(BeaconBlockHeader). */
export const headerRoot = (header: BeaconBlockHeader): Uint8Array =>
  merkleize([
    uint64Chunk(header.slot),
    uint64Chunk(header.proposerIndex),
    header.parentRoot,
    header.stateRoot,
    header.bodyRoot,
  ]);

/** is_valid_merkle_branch by generalized index; the branch has exactly one node per level. */
export function isValidBranch(
  leaf: Uint8Array,
  branch: readonly Uint8Array[],
  generalizedIndex: number,
  root: Uint8Array,
): boolean {
  if (branch.length !== 31 - Math.clz32(generalizedIndex)) return false;
  let index = generalizedIndex;
  let node = leaf;
  for (const sibling of branch) {
    node = index % 2 === 1 ? hashPair(sibling, node) : hashPair(node, sibling);
    index = Math.floor(index / 2);
  }
  return equalBytes(node, root);
}

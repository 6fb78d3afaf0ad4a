// A Merkle tree of which only the leaves that matter are known; every other subtree is a pseudo-random node of its own.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

export interface SparseTree {
  readonly root: Uint8Array;
  /** Siblings from the node at generalized index `gindex` up to the root (consensus-specs ssz/merkle-proofs.md). */
  branch(gindex: number): Uint8Array[];
}

export const hashPair = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(left, right));

/**
 * `leaves` maps generalized indices to nodes, none of them an ancestor of another. `fill` gives the nodes outside: they
 * differ everywhere, so that a branch folded in the wrong order or from the wrong place never fits by accident.
 */
export function sparseTree(leaves: ReadonlyMap<number, Uint8Array>, fill: (gindex: number) => Uint8Array): SparseTree {
  const ancestors = new Set<number>();
  for (const leaf of leaves.keys()) for (let gindex = leaf >>> 1; gindex > 0; gindex >>>= 1) ancestors.add(gindex);
  const node = (gindex: number): Uint8Array =>
    leaves.get(gindex) ?? (ancestors.has(gindex) ? hashPair(node(2 * gindex), node(2 * gindex + 1)) : fill(gindex));
  const branch = (gindex: number): Uint8Array[] => {
    const siblings: Uint8Array[] = [];
    for (let index = gindex; index > 1; index >>>= 1) siblings.push(node(index ^ 1));
    return siblings;
  };
  return { root: node(1), branch };
}

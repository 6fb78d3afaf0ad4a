// A binary SHA-256 tree of which only some leaves matter: everything else is filler derived from its generalized index.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export interface SparseTree {
  readonly root: Uint8Array;
  /** Siblings from the leaf upwards. */
  branch(gindex: number): Uint8Array[];
}

/** `leaves` maps generalized indices, none above another, to their 32-byte nodes. */
export function sparseTree(leaves: ReadonlyMap<number, Uint8Array>, filler = ""): SparseTree {
  const above = new Set<number>();
  for (const leaf of leaves.keys()) for (let index = leaf >> 1; index > 0; index >>= 1) above.add(index);
  const node = (gindex: number): Uint8Array =>
    leaves.get(gindex) ??
    (above.has(gindex)
      ? sha256(concatBytes(node(2 * gindex), node(2 * gindex + 1)))
      : sha256(utf8ToBytes(`${filler}${gindex}`)));
  return {
    root: node(1),
    branch(gindex) {
      const siblings: Uint8Array[] = [];
      for (let index = gindex; index > 1; index >>= 1) siblings.push(node(index ^ 1));
      return siblings;
    },
  };
}

// The SSZ tree of a sync committee's public keys, and the nodes that prove some of them at once.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

const zeros = new Uint8Array(16);

export interface CommitteeTree {
  readonly root: Uint8Array;
  /** Nodes that do not follow from these members' keys, in the order in which the Solidity client consumes them. */
  sharedProof(members: readonly number[]): Uint8Array[];
}

/** `pubkeys` must be a power of two of 48-byte keys. */
export function committeeTree(pubkeys: readonly Uint8Array[]): CommitteeTree {
  const size = pubkeys.length;
  /** By generalized index. */
  const nodes: Uint8Array[] = [];
  for (const [member, key] of pubkeys.entries()) nodes[size + member] = sha256(concatBytes(key, zeros));
  const node = (gindex: number): Uint8Array => nodes[gindex] ?? zeros;
  for (let gindex = size - 1; gindex > 0; gindex--)
    nodes[gindex] = sha256(concatBytes(node(2 * gindex), node(2 * gindex + 1)));
  return {
    root: node(1),
    sharedProof(members) {
      const helpers: Uint8Array[] = [];
      let level = members.map((member) => size + member);
      while (level[0] !== undefined && level[0] > 1) {
        const known = new Set(level);
        for (const gindex of level) if (!known.has(gindex ^ 1)) helpers.push(node(gindex ^ 1));
        level = [...new Set(level.map((gindex) => gindex >> 1))];
      }
      return helpers;
    },
  };
}

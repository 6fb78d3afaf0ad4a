// CometBFT's simple Merkle tree (crypto/merkle), which is RFC 6962 with SHA-256.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const [first, ...others] = hashes;
  if (first === undefined) return sha256(new Uint8Array());
  if (others.length === 0) return first;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return sha256(concatBytes(INNER, rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split))));
}

export const merkleRoot = (leaves: readonly Uint8Array[]): Uint8Array =>
  rootOf(leaves.map((leaf) => sha256(concatBytes(LEAF, leaf))));

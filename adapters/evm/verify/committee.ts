// Sync committees: their hash_tree_root, which is all a light client stores, and who of them signed.
import { hashPair, merkleize } from "./merkle.ts";
import type { SyncCommittee } from "./evidence.ts";
import { sha256 } from "@noble/hashes/sha2.js";

/** hash_tree_root(BLSPubkey): 48 bytes in two chunks. */
function publicKeyRoot(publicKey: Uint8Array): Uint8Array {
  const chunks = new Uint8Array(64);
  chunks.set(publicKey);
  return sha256(chunks);
}

/** hash_tree_root(SyncCommittee); the number of keys, a power of two, must have been checked. */
export const committeeRoot = (committee: SyncCommittee): Uint8Array =>
  hashPair(merkleize(committee.pubkeys.map(publicKeyRoot)), publicKeyRoot(committee.aggregatePubkey));

const isSet = (bits: Uint8Array, index: number): boolean =>
  (((bits[Math.floor(index / 8)] ?? 0) >> (index % 8)) & 1) === 1;

/** Keys of the members whose bit is not set. */
export const absentees = (committee: SyncCommittee, bits: Uint8Array): Uint8Array[] =>
  committee.pubkeys.filter((_, index) => !isSet(bits, index));

export function participants(bits: Uint8Array): number {
  let count = 0;
  for (let index = 0; index < bits.length * 8; index += 1) if (isSet(bits, index)) count += 1;
  return count;
}

// hash_tree_root of the few SSZ shapes a light client sees (consensus-specs ssz/simple-serialize.md, Merkleization).
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { hashPair } from "./sparse-tree.ts";

const CHUNK = 32;

/** Right-padded with zeros to one chunk. */
export function chunk(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(CHUNK);
  padded.set(bytes);
  return padded;
}

/** An unsigned integer of at most 256 bits, little-endian in one chunk. */
export function uintChunk(value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(CHUNK);
  let rest = BigInt(value);
  for (let index = 0; rest > 0n; index += 1, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}

/** Root of a power-of-two number of chunks; absent ones are zero. */
export function merkleize(chunks: readonly Uint8Array[], width: number): Uint8Array {
  let zero: Uint8Array = new Uint8Array(CHUNK);
  let level = [...chunks];
  for (let size = width; size > 1; size /= 2) {
    const next: Uint8Array[] = [];
    for (let index = 0; index < level.length; index += 2)
      next.push(hashPair(level[index] ?? zero, level[index + 1] ?? zero));
    level = next;
    zero = hashPair(zero, zero);
  }
  return level[0] ?? zero;
}

/** A byte vector's root, its chunk count being a power of two. */
export function bytesRoot(bytes: Uint8Array): Uint8Array {
  const count = bytes.length / CHUNK;
  return merkleize(
    Array.from({ length: count }, (_, index) => bytes.subarray(index * CHUNK, (index + 1) * CHUNK)),
    count,
  );
}

/** A BLS public key (48 bytes) is two chunks. */
export const pubkeyRoot = (pubkey: Uint8Array): Uint8Array => sha256(concatBytes(pubkey, new Uint8Array(16)));

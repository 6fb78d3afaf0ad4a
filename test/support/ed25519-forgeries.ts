// Batches with signatures that are wrong, and would make up for each other if their multipliers were known beforehand.
import { ed25519 } from "@noble/curves/ed25519.js";
import {
  bytesToNumberBE,
  bytesToNumberLE,
  concatBytes,
  numberToBytesBE,
  numberToBytesLE,
} from "@noble/curves/utils.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { packEd25519Batch } from "#adapters/evm/pack/ed25519-batch.ts";
import type { Ed25519Signature } from "#adapters/evm/pack/ed25519-batch.ts";

const L = ed25519.Point.Fn.ORDER;
const mod = (value: bigint): bigint => ((value % L) + L) % L;

/** As Ed25519Verifier.sol makes them of a seed. */
function multiplier(seed: Uint8Array, index: number): bigint {
  const drawn = keccak_256(concatBytes(seed, numberToBytesBE(index, 32)));
  return mod(bytesToNumberBE(drawn.slice(0, 16)) - BigInt(`0x${"8".repeat(32)}`));
}

const shifted = (one: Ed25519Signature, by: bigint): Ed25519Signature => {
  const s = mod(bytesToNumberLE(one.signature.slice(32)) + by);
  return { ...one, signature: concatBytes(one.signature.slice(0, 32), numberToBytesLE(s, 32)) };
};

/** @param valid At least two. */
export function forgedBatches(valid: readonly Ed25519Signature[]): Uint8Array[] {
  const [first, second, ...rest] = valid;
  if (first === undefined || second === undefined) throw new Error("two signatures");
  const batch = packEd25519Batch(valid);
  const seeds = [
    keccak_256(batch),
    numberToBytesBE(valid.length, 32),
    keccak_256(batch.slice(0, 2)),
    new Uint8Array(32),
  ];
  const pairs = [[1n, 1n] as const, ...seeds.map((seed) => [multiplier(seed, 0), multiplier(seed, 1)] as const)];
  return pairs.map(([z1, z2]) => packEd25519Batch([shifted(first, 5n * z2), shifted(second, -5n * z1), ...rest]));
}

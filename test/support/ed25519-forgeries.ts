// Batches that are wrong, and would be right without one check: signatures that make up for each other if their multipliers were
// known beforehand, and one under a key whose sign is another than its x says.
import { ed25519 } from "@noble/curves/ed25519.js";
import {
  bytesToNumberBE,
  bytesToNumberLE,
  concatBytes,
  numberToBytesBE,
  numberToBytesLE,
} from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
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

/** The equation holds for the key that x belongs to, and what was hashed is the key with the other sign. */
function ofTheOtherSign(): Uint8Array[] {
  const { BASE, Fp } = ed25519.Point;
  const [secret, nonce, message] = [7n, 11n, new Uint8Array(20)];
  const [key, r] = [BASE.multiply(secret), BASE.multiply(nonce)];
  const encoded = key.toBytes().map((byte, index) => (index === 31 ? byte ^ 0x80 : byte));
  const k = mod(bytesToNumberLE(sha512(concatBytes(r.toBytes(), encoded, message))));
  const signature = concatBytes(r.toBytes(), numberToBytesLE(mod(nonce + k * secret), 32));
  // The second x is the same in the field, and has the parity that the sign asks for.
  return [key.x, key.x + Fp.ORDER].map((x) =>
    concatBytes(
      Uint8Array.of(0, 1),
      concatBytes(encoded, signature, numberToBytesBE(x, 32), numberToBytesBE(r.x, 32)),
      concatBytes(Uint8Array.of(0, message.length), message),
    ),
  );
}

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
  const thatCancelOut = pairs.map(([z1, z2]) =>
    packEd25519Batch([shifted(first, 5n * z2), shifted(second, -5n * z1), ...rest]),
  );
  return [...thatCancelOut, ...ofTheOtherSign()];
}

// Ed25519 by ZIP-215, many signatures at once: the cofactored equation of each, multiplied by a number that nobody can choose.
import { pippenger } from "@noble/curves/abstract/curve.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;

export interface Signed {
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  /** R and s, 64 bytes. */
  readonly signature: Uint8Array;
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}

/** Any 32 bytes whose y, reduced, belongs to a point of the curve: not canonical, of small order, or with the sign of a zero. */
const decompress = (bytes: Uint8Array): InstanceType<typeof Point> => Point.fromBytes(bytes, true);

/**
 * Multipliers of 128 bits that depend on every key, signature and message and on their number. Messages enter by their challenge:
 * SHA-512 of R, key and message.
 */
function multipliers(signed: readonly Signed[], challenges: readonly Uint8Array[]): bigint[] {
  const bound = signed.flatMap(({ key, signature }, index) => [key, signature, challenges[index] ?? new Uint8Array()]);
  const seed = sha512(concatBytes(uint64BigEndian(BigInt(signed.length)), ...bound));
  return signed.map((_, index) =>
    littleEndian(sha512(concatBytes(seed, uint64BigEndian(BigInt(index)))).subarray(0, 16)),
  );
}

function judge(signed: readonly Signed[]): boolean {
  const challenges = signed.map(({ key, message, signature }) =>
    sha512(concatBytes(signature.subarray(0, 32), key, message)),
  );
  const factors = multipliers(signed, challenges);
  const points: InstanceType<typeof Point>[] = [];
  const scalars: bigint[] = [];
  let base = 0n;
  for (const [index, { key, signature }] of signed.entries()) {
    const s = littleEndian(signature.subarray(32));
    if (key.length !== 32 || signature.length !== 64 || s >= ORDER) return false;
    const factor = factors[index] ?? 0n;
    const challenge = littleEndian(challenges[index] ?? new Uint8Array()) % ORDER;
    points.push(decompress(signature.subarray(0, 32)), decompress(key));
    scalars.push(factor, (factor * challenge) % ORDER);
    base = (base + factor * s) % ORDER;
  }
  points.push(Point.BASE);
  scalars.push((ORDER - base) % ORDER);
  return pippenger(Point, points, scalars).clearCofactor().is0();
}

/** Whether there are any and all of them verify: `s < L` and `[8][s]B = [8]R + [8][k]A` for each. */
export function areValidSignatures(signed: readonly Signed[]): boolean {
  try {
    return signed.length > 0 && judge(signed);
  } catch {
    // Bytes that are no point.
    return false;
  }
}

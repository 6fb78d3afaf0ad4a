// The 48 compressed bytes of many BLS public keys at once.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { WeierstrassPoint } from "@noble/curves/abstract/weierstrass.js";

const { Fp } = bls12_381.fields;
const [COMPRESSED, LARGER_Y] = [0x80, 0x20];

/** With one inversion for all, and without the library's subgroup check of each: for multiples of the generator, and not of zero. */
export function compressKeys(points: readonly WeierstrassPoint<bigint>[]): Uint8Array[] {
  const inverses = Fp.invertBatch(points.map((point) => point.Z));
  return points.map((point, index) => {
    const { x, y } = point.toAffine(inverses[index]);
    const bytes = Fp.toBytes(x);
    const flags = y > (Fp.ORDER - 1n) / 2n ? COMPRESSED | LARGER_Y : COMPRESSED;
    bytes[0] = (bytes[0] ?? 0) | flags;
    return bytes;
  });
}

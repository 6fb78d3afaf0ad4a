// What the EVM's BLS precompiles need beside a compressed point; zeros where there is no such point, for the contract to refuse.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";

const { Fp } = bls12_381.fields;
const FIELD_SIZE = 48;
const COMPRESSED = 0x80;
const INFINITY = 0x40;
const LARGER_Y = 0x20;

const fieldElement = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(2 * FIELD_SIZE, "0"));

/** The 48 bytes of y, with the sign that the key's flags ask for. The subgroup is not checked. */
export function publicKeyY(key: Uint8Array): Uint8Array {
  const none = new Uint8Array(FIELD_SIZE);
  const flags = key[0] ?? 0;
  if ((flags & COMPRESSED) === 0 || (flags & INFINITY) !== 0) return none;
  const digits = key.slice();
  digits[0] = flags & 0x1f;
  const x = digits.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  if (x >= Fp.ORDER) return none;
  const square = Fp.add(Fp.mul(Fp.sqr(x), x), 4n);
  const root = Fp.pow(square, (Fp.ORDER + 1n) / 4n);
  if (Fp.sqr(root) !== square) return none;
  const isLarger = root > (Fp.ORDER - 1n) / 2n;
  return fieldElement(isLarger === ((flags & LARGER_Y) !== 0) ? root : Fp.neg(root));
}

/** x.c0, x.c1, y.c0, y.c1 of a compressed signature, 48 bytes each. */
export function signaturePoint(signature: Uint8Array): Uint8Array {
  try {
    const { x, y } = bls12_381.G2.Point.fromBytes(signature).toAffine();
    return concatBytes(fieldElement(x.c0), fieldElement(x.c1), fieldElement(y.c0), fieldElement(y.c1));
  } catch {
    return new Uint8Array(4 * FIELD_SIZE);
  }
}

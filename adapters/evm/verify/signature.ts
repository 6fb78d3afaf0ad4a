// The committee's aggregate BLS signature (consensus-specs phase0/beacon-chain.md compute_signing_root, bls fast_aggregate_verify).
import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { WeierstrassPoint } from "@noble/curves/abstract/weierstrass.js";
import { hashPair } from "./merkle.ts";

export type PublicKey = WeierstrassPoint<bigint>;

const { Fp } = bls12_381.fields;
const { longSignatures } = bls12_381;
const DOMAIN_SYNC_COMMITTEE = new Uint8Array([7, 0, 0, 0]);
const SUITE = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

const COMPRESSED = 0x80;
const INFINITY = 0x40;
const LARGER_Y = 0x20;

/**
 * A finite point on the curve from its 48 compressed bytes. The subgroup is not checked here: only the sum of the signers'
 * keys enters the pairing, and there it is.
 */
export function decompressPublicKey(bytes: Uint8Array): PublicKey | undefined {
  const [flags] = bytes;
  if (bytes.length !== 48 || flags === undefined || (flags & COMPRESSED) === 0 || (flags & INFINITY) !== 0)
    return undefined;
  const payload = bytes.slice();
  payload[0] = flags & ~(COMPRESSED | INFINITY | LARGER_Y);
  const x = payload.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  if (x >= Fp.ORDER) return undefined;
  const square = Fp.add(Fp.mul(Fp.sqr(x), x), 4n);
  // p = 3 mod 4.
  const root = Fp.pow(square, (Fp.ORDER + 1n) / 4n);
  if (Fp.sqr(root) !== square) return undefined;
  const isLarger = root > (Fp.ORDER - 1n) / 2n;
  const y = isLarger === ((flags & LARGER_Y) !== 0) ? root : Fp.neg(root);
  return bls12_381.G1.Point.fromAffine({ x, y });
}

/**
 * Sum of the signers' keys: the committee's aggregate minus the absentees, which is a handful of additions where adding up
 * a large committee would be hundreds. Undefined when a key is not a point or the sum is infinity.
 */
export function signersKey(aggregatePubkey: Uint8Array, absent: readonly Uint8Array[]): PublicKey | undefined {
  let sum = decompressPublicKey(aggregatePubkey);
  for (const bytes of absent) {
    const key = decompressPublicKey(bytes);
    if (sum === undefined || key === undefined) return undefined;
    sum = sum.subtract(key);
  }
  return sum?.is0() === true ? undefined : sum;
}

/** compute_signing_root(header, compute_domain(DOMAIN_SYNC_COMMITTEE, forkVersion, genesisValidatorsRoot)). */
export function signingRoot(
  objectRoot: Uint8Array,
  forkVersion: Uint8Array,
  genesisValidatorsRoot: Uint8Array,
): Uint8Array {
  const version = new Uint8Array(32);
  version.set(forkVersion);
  const domain = new Uint8Array(32);
  domain.set(DOMAIN_SYNC_COMMITTEE);
  domain.set(hashPair(version, genesisValidatorsRoot).subarray(0, 28), 4);
  return hashPair(objectRoot, domain);
}

/** Whether `signature` is a canonical point of the subgroup that verifies; the key's subgroup is checked too. */
export function isValidSignature(signature: Uint8Array, root: Uint8Array, key: PublicKey): boolean {
  try {
    return longSignatures.verify(longSignatures.Signature.fromBytes(signature), longSignatures.hash(root, SUITE), key);
  } catch {
    return false;
  }
}

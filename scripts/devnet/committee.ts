// Sync committees of a development network: consecutive secret keys from a seed, so that deriving 512 of them costs
// 512 point additions. Throw-away development keys: whoever reads this file can compute them.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { compressKeys } from "./compress-keys.ts";
import { derive } from "./network.ts";
import type { Network } from "./network.ts";
import { hashPair } from "./sparse-tree.ts";
import { bytesRoot, pubkeyRoot } from "./ssz-roots.ts";
import { sha256 } from "@noble/hashes/sha2.js";

const { Fr } = bls12_381.fields;
const G1 = bls12_381.G1.Point;
/** Ciphersuite of consensus-specs phase0 (BLS signatures). */
const DOMAIN_SEPARATION_TAG = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

export interface Committee {
  readonly period: number;
  /** Compressed, 48 bytes each. */
  readonly pubkeys: readonly Uint8Array[];
  readonly aggregatePubkey: Uint8Array;
  /** hash_tree_root(SyncCommittee). */
  readonly root: Uint8Array;
  /** 96 bytes: the aggregate of the participants' signatures over `signingRoot`. */
  sign(signingRoot: Uint8Array, participates: (index: number) => boolean): Uint8Array;
}

/** The committee of a period; the member at index i holds the secret key `first + i`. */
export function makeCommittee(network: Network, period: number): Committee {
  const size = network.committeeSize;
  const seed = sha256(concatBytes(derive(network, "sync committee keys"), uint64BigEndian(BigInt(period))));
  const first = Fr.create(BigInt(`0x${bytesToHex(seed)}`));
  const points: InstanceType<typeof G1>[] = [];
  for (let point = G1.BASE.multiply(first); points.length < size; point = point.add(G1.BASE)) points.push(point);
  const everybody = Fr.create(BigInt(size) * first + BigInt((size * (size - 1)) / 2));
  const [aggregatePubkey = new Uint8Array(48), ...pubkeys] = compressKeys([G1.BASE.multiply(everybody), ...points]);
  return {
    period,
    pubkeys,
    aggregatePubkey,
    root: hashPair(bytesRoot(concatBytes(...pubkeys.map(pubkeyRoot))), pubkeyRoot(aggregatePubkey)),
    sign(signingRoot, participates) {
      // A signature by the sum of secret keys is, byte for byte, the aggregate of the single signatures.
      let sum = 0n;
      for (let index = 0; index < size; index += 1) if (participates(index)) sum += first + BigInt(index);
      const message = bls12_381.longSignatures.hash(signingRoot, DOMAIN_SEPARATION_TAG);
      const key = Fr.create(sum);
      // Nobody signed: the specification's empty aggregate, which no light client accepts.
      if (key === 0n) return new Uint8Array(96).fill(0xc0, 0, 1);
      return bls12_381.longSignatures.Signature.toBytes(message.multiply(key));
    },
  };
}

// The keys of a development committee, and what it signs, held against the library's own encoding of the same secret keys.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, it } from "vitest";
import { uint64BigEndian } from "#adapters/protocol/uint64.ts";
import { makeCommittee } from "#scripts/devnet/committee.ts";
import { derive } from "#scripts/devnet/network.ts";
import type { Network } from "#scripts/devnet/network.ts";

const network = { chainId: 5, seed: 6, committeeSize: 32 } as Network;
const PERIOD = 7;
const { longSignatures } = bls12_381;
const { Fr } = bls12_381.fields;

const seed = sha256(concatBytes(derive(network, "sync committee keys"), uint64BigEndian(BigInt(PERIOD))));
const first = Fr.create(BigInt(`0x${bytesToHex(seed)}`));
const keys = Array.from({ length: network.committeeSize }, (_, index) => Fr.toBytes(Fr.create(first + BigInt(index))));

it("has the public keys of consecutive secret keys, of either sign, and their sum", () => {
  const { pubkeys, aggregatePubkey } = makeCommittee(network, PERIOD);
  const points = keys.map((key) => longSignatures.getPublicKey(key));
  expect(pubkeys.map(bytesToHex)).toEqual(points.map((point) => point.toHex(true)));
  expect(new Set(pubkeys.map(([flags = 0]) => flags & 0x20)).size).toBe(2);
  expect(bytesToHex(aggregatePubkey)).toBe(longSignatures.aggregatePublicKeys(points).toHex(true));
});

it("signs as those who take part would one by one", () => {
  const root = new Uint8Array(32).fill(9);
  const takesPart = (index: number): boolean => index % 3 === 1;
  const message = longSignatures.hash(root, "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_");
  const signatures = keys.filter((_, index) => takesPart(index)).map((key) => longSignatures.sign(message, key));
  expect(bytesToHex(makeCommittee(network, PERIOD).sign(root, takesPart))).toBe(
    longSignatures.aggregateSignatures(signatures).toHex(true),
  );
});

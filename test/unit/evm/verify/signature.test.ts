// Keys are canonical finite points of the curve; signatures verify by the Ethereum suite or not at all.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { describe, expect, test } from "vitest";
import { decompressPublicKey, isValidSignature, signersKey, signingRoot } from "#adapters/evm/verify/signature.ts";

const { Point } = bls12_381.G1;
const { longSignatures } = bls12_381;
const SUITE = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

const points = [3n, 5n, 7n, 11n].map((secret) => Point.BASE.multiply(secret));
const [first, second, third, fourth] = points.map((point) => point.toBytes(true)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const aggregate = points.reduce((sum, point) => sum.add(point)).toBytes(true);
const root = new Uint8Array(32).fill(9);
const message = bls12_381.G2.hashToCurve(root, { DST: SUITE });

const withFlags = (bytes: Uint8Array, flags: number): Uint8Array =>
  bytes.map((byte, index) => (index === 0 ? (byte & 0x1f) | flags : byte));

describe("public keys", () => {
  test("decompress to the point they encode, either sign", () => {
    for (let secret = 1n; secret < 20n; secret += 1n) {
      const point = Point.BASE.multiply(secret);
      expect(decompressPublicKey(point.toBytes(true))?.equals(point)).toBe(true);
      expect(decompressPublicKey(point.negate().toBytes(true))?.equals(point.negate())).toBe(true);
    }
  });

  test.each([
    ["too short", first.slice(1)],
    ["not compressed", withFlags(first, 0)],
    ["infinity", withFlags(new Uint8Array(48), 0xc0)],
    ["infinity with a point", withFlags(first, 0xc0)],
    ["an abscissa of no point", withFlags(new Uint8Array(48).fill(1, 47), 0x80)],
    ["an abscissa of p, which is 0", withFlags(Buffer.from(bls12_381.fields.Fp.ORDER.toString(16), "hex"), 0x80)],
    ["an abscissa above p", withFlags(new Uint8Array(48).fill(0xff), 0x80)],
  ])("refused: %s", (_, bytes) => {
    expect(decompressPublicKey(bytes)).toBeUndefined();
  });
});

describe("the signers' key", () => {
  test("is the aggregate without the absentees", () => {
    expect(signersKey(aggregate, [second, fourth])?.equals(Point.BASE.multiply(10n))).toBe(true);
    expect(signersKey(aggregate, [])?.equals(Point.BASE.multiply(26n))).toBe(true);
  });

  test.each([
    ["a broken aggregate", new Uint8Array(48), []],
    ["a broken absentee", aggregate, [first, new Uint8Array(48)]],
    ["nobody left", aggregate, [first, second, third, fourth]],
  ])("does not exist with %s", (_, sum, absent) => {
    expect(signersKey(sum, absent)).toBeUndefined();
  });
});

describe("signatures", () => {
  const signature = message.multiply(26n).toBytes(true);
  const key = Point.BASE.multiply(26n);

  test("verify under the proof-of-possession suite", () => {
    expect(isValidSignature(signature, root, key)).toBe(true);
  });

  test.each([
    ["another root", signature, new Uint8Array(32), key],
    ["another key", signature, root, Point.BASE.multiply(25n)],
    ["another signature", message.multiply(25n).toBytes(true), root, key],
    ["its negative", message.multiply(26n).negate().toBytes(true), root, key],
    ["infinity", withFlags(new Uint8Array(96), 0xc0), root, key],
    ["bytes that are no point", new Uint8Array(96).fill(7), root, key],
    ["too few bytes", signature.slice(1), root, key],
    ["the suite without proof of possession", longSignatures.hash(root).multiply(26n).toBytes(true), root, key],
  ])("do not verify: %s", (_, bytes, signed, by) => {
    expect(isValidSignature(bytes, signed, by)).toBe(false);
  });

  test("a key outside the subgroup signs nothing", () => {
    let x = 2n;
    let outside = decompressPublicKey(withFlags(Buffer.from(x.toString(16).padStart(96, "0"), "hex"), 0x80));
    while (outside === undefined || outside.isTorsionFree()) {
      x += 1n;
      outside = decompressPublicKey(withFlags(Buffer.from(x.toString(16).padStart(96, "0"), "hex"), 0x80));
    }
    expect(isValidSignature(signature, root, outside)).toBe(false);
  });
});

test("the signing root depends on object, fork version and chain", () => {
  const version = Uint8Array.of(5, 0, 0, 0);
  const chain = new Uint8Array(32).fill(1);
  const roots = [
    signingRoot(root, version, chain),
    signingRoot(chain, version, chain),
    signingRoot(root, Uint8Array.of(6, 0, 0, 0), chain),
    signingRoot(root, version, root),
  ].map((bytes) => Buffer.from(bytes).toString("hex"));
  expect(new Set(roots).size).toBe(4);
});

// Hints for the EVM: the y of a key, the whole of a signature, or zeros.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { publicKeyY, signaturePoint } from "#adapters/evm/pack/decompress.ts";
import { makeBeaconFixture } from "#test/support/beacon-evidence.ts";

const fixture = makeBeaconFixture({ committeeSize: 8 });
const { pubkeys } = fixture.committee(3n);
const [key = new Uint8Array(48)] = pubkeys;
const { trusted } = fixture;
const { syncCommitteeSignature } = fixture.makeUpdate({ signatureSlot: trusted.latestSlot + 100n });
const ORDER = bls12_381.fields.Fp.ORDER;

const number = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

describe("publicKeyY", () => {
  test("has the sign the key asks for", () => {
    for (const one of pubkeys) {
      const { y } = bls12_381.G1.Point.fromBytes(one).toAffine();
      expect(number(publicKeyY(one))).toBe(y);
      const other = one.with(0, (one[0] ?? 0) ^ 0x20);
      expect(number(publicKeyY(other))).toBe(ORDER - y);
    }
  });

  test("is given for points outside the subgroup: the contract's pairing judges those", () => {
    expect(number(publicKeyY(new Uint8Array(48).with(0, 0x80)))).toBe(2n);
  });

  test.each([
    ["not compressed", key.with(0, (key[0] ?? 0) & 0x7f)],
    ["infinity", new Uint8Array(48).with(0, 0xc0)],
    ["infinity flag over a point", key.with(0, (key[0] ?? 0) | 0x40)],
    ["x beyond the field", new Uint8Array(48).fill(0xff).with(0, 0x9f)],
    ["x without a point", new Uint8Array(48).with(0, 0x80).with(47, 1)],
  ])("is zero: %s", (_, broken) => {
    expect(isZero(publicKeyY(broken))).toBe(true);
  });
});

describe("signaturePoint", () => {
  test("is the uncompressed point", () => {
    const { x, y } = bls12_381.G2.Point.fromBytes(syncCommitteeSignature).toAffine();
    const point = signaturePoint(syncCommitteeSignature);
    expect([0, 48, 96, 144].map((at) => number(point.slice(at, at + 48)))).toEqual([x.c0, x.c1, y.c0, y.c1]);
  });

  test.each([
    ["no point", new Uint8Array(96)],
    ["infinity", new Uint8Array(96).with(0, 0xc0)],
    ["too short", syncCommitteeSignature.slice(1)],
    ["x beyond the field", new Uint8Array(96).fill(0xff).with(0, 0x9f)],
  ])("is zero: %s", (_, broken) => {
    expect(isZero(signaturePoint(broken))).toBe(true);
  });
});

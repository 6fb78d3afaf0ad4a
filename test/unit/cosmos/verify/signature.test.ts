// Ed25519 by ZIP-215: the collected edge cases, one by one and many at once, and beside a library that verifies one by one.
import { ed25519 } from "@noble/curves/ed25519.js";
import { hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { areValidSignatures } from "#adapters/cosmos/verify/signature.ts";
import type { Signed } from "#adapters/cosmos/verify/signature.ts";
import { readSharedJson } from "#test/support/shared-vectors.ts";

interface EdgeCase {
  readonly number: number;
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
  readonly flags: readonly string[] | null;
}

const secret = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1);

function signed(index: number, text = `message ${index}`): Signed {
  const message = utf8ToBytes(text);
  return { key: ed25519.getPublicKey(secret(index)), message, signature: ed25519.sign(message, secret(index)) };
}

const edgeCases = readSharedJson<EdgeCase[]>("ed25519/cctv.json");

describe.skipIf(edgeCases === undefined)("edge cases made by others", () => {
  const cases = (edgeCases ?? []).map(({ number, key, sig, msg, flags }) => ({
    number,
    flags: flags ?? [],
    evidence: { key: hexToBytes(key), message: utf8ToBytes(msg), signature: hexToBytes(sig) },
    // Those were made with R and A written anew before they are hashed. The cofactor takes a key of small order out of the
    // equation, and the hash with it.
    isValid: !(flags ?? []).includes("reencoded_k") || (flags ?? []).includes("low_order_A"),
  }));

  test("there are some of every kind", () => {
    expect(new Set(cases.flatMap(({ flags }) => flags))).toEqual(
      new Set([
        "low_order_A",
        "low_order_R",
        "low_order_component_A",
        "low_order_component_R",
        "low_order_residue",
        "non_canonical_A",
        "non_canonical_R",
        "reencoded_k",
      ]),
    );
    expect(cases.length).toBeGreaterThan(900);
  });

  test("each has its verdict", () => {
    for (const { number, evidence, isValid } of cases)
      expect(areValidSignatures([evidence]), `number ${number}`).toBe(isValid);
  });

  test("which is the library's too", () => {
    for (const { number, evidence, isValid } of cases.filter((_, index) => index % 7 === 0)) {
      const { key, message, signature } = evidence;
      expect(ed25519.verify(signature, message, key, { zip215: true }), `number ${number}`).toBe(isValid);
    }
  });

  test("all valid ones verify at once, and none hides an invalid one", () => {
    const valid = cases.filter(({ isValid }) => isValid).map(({ evidence }) => evidence);
    expect(areValidSignatures(valid)).toBe(true);
    const invalid = cases.filter(({ isValid }) => !isValid);
    for (const { number, evidence } of invalid.filter((_, index) => index % 10 === 0)) {
      const many = [...valid.slice(number % 700, (number % 700) + 4), evidence, ...valid.slice(0, 3)];
      expect(areValidSignatures(many), `number ${number}`).toBe(false);
    }
  });
});

describe("many signatures", () => {
  const all = Array.from({ length: 5 }, (_, index) => signed(index));

  test("that are valid", () => {
    expect(areValidSignatures(all)).toBe(true);
    expect(areValidSignatures(all.toReversed())).toBe(true);
  });

  test("none are not valid", () => {
    expect(areValidSignatures([])).toBe(false);
  });

  const ORDER = ed25519.Point.Fn.ORDER;

  /** The same signature with s + L, which satisfies the equation. */
  function unreduced({ key, message, signature }: Signed): Signed {
    const bytes = signature.slice();
    let rest = ORDER;
    let carry = 0;
    for (let index = 32; index < 64; index += 1) {
      const sum = (bytes[index] ?? 0) + Number(rest & 0xffn) + carry;
      bytes[index] = sum & 0xff;
      carry = sum >> 8;
      rest >>= 8n;
    }
    return { key, message, signature: bytes };
  }

  const flip = (bytes: Uint8Array, at: number): Uint8Array =>
    bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

  test.each<readonly [string, (one: Signed) => Signed]>([
    ["an s that is not below L", unreduced],
    ["an s of ones", (one) => ({ ...one, signature: Uint8Array.from(one.signature).fill(0xff, 32) })],
    ["another s", (one) => ({ ...one, signature: flip(one.signature, 33) })],
    ["another R", (one) => ({ ...one, signature: flip(one.signature, 0) })],
    ["another message", (one) => ({ ...one, message: flip(one.message, 0) })],
    ["another key", (one) => ({ ...one, key: signed(9).key })],
    ["no key", (one) => ({ ...one, key: new Uint8Array() })],
    ["a key that is no point", (one) => ({ ...one, key: Uint8Array.of(2, ...new Uint8Array(31)) })],
    ["a short signature", (one) => ({ ...one, signature: one.signature.slice(1) })],
    ["a long signature", (one) => ({ ...one, signature: Uint8Array.of(...one.signature, 0) })],
    ["a signature of zeros", (one) => ({ ...one, signature: new Uint8Array(64) })],
  ])("are refused for one with %s, wherever it is", (_, damage) => {
    for (const place of [0, 2, 4])
      expect(areValidSignatures(all.map((one, index) => (index === place ? damage(one) : one)))).toBe(false);
  });

  test("of which one has an s of L, where 0 would do", () => {
    // The identity as key and as R verifies for any message with s = 0.
    const identity = Uint8Array.of(1, ...new Uint8Array(31));
    const order = Uint8Array.from({ length: 32 }, (_, at) => Number((ORDER >> BigInt(8 * at)) & 0xffn));
    const one = (s: Uint8Array): Signed => ({
      ...signed(0),
      key: identity,
      signature: Uint8Array.of(...identity, ...s),
    });
    expect(areValidSignatures([...all, one(new Uint8Array(32))])).toBe(true);
    expect(areValidSignatures([...all, one(order)])).toBe(false);
  });

  test("do not make up for each other", () => {
    const [one, two] = [signed(0, "the same"), signed(1, "the same")];
    const swapped = [
      { ...one, signature: two.signature },
      { ...two, signature: one.signature },
    ];
    expect(areValidSignatures(swapped)).toBe(false);
    // Errors that cancel in a plain sum: s + 1 here, s - 1 there.
    const shifted = (signature: Uint8Array, by: number): Uint8Array =>
      signature.map((byte, index) => (index === 40 ? (byte + by) & 0xff : byte));
    const cancelling = [
      { ...one, signature: shifted(one.signature, 1) },
      { ...two, signature: shifted(two.signature, -1) },
    ];
    expect(areValidSignatures(cancelling)).toBe(false);
  });
});

// The generated arithmetic and the batch verifier, against @noble/curves: an implementation by others, in another language.
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberBE, concatBytes, hexToBytes, numberToBytesBE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packEd25519Batch } from "#adapters/evm/pack/ed25519-batch.ts";
import type { Ed25519Signature } from "#adapters/evm/pack/ed25519-batch.ts";
import { edwardsSum } from "#scripts/bytecode/edwards-sum.ts";
import { sha512Pair } from "#scripts/bytecode/sha512-pair.ts";
import { forgedBatches } from "#test/support/ed25519-forgeries.ts";
import { runs } from "#test/support/property-runs.ts";
import { readSharedJson } from "#test/support/shared-vectors.ts";
import { deploySolidityEd25519 } from "#test/support/solidity-ed25519.ts";

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const word = (value: bigint): Uint8Array => numberToBytesBE(value, 32);
const solidity = await deploySolidityEd25519();

const verifiesAlone = ({ key, signature, message }: Ed25519Signature): boolean =>
  ed25519.verify(signature, message, key, { zip215: true });

function sign(seed: number, message: Uint8Array): Ed25519Signature {
  const secret = sha512(Uint8Array.of(seed >> 8, seed & 0xff)).slice(0, 32);
  return { key: ed25519.getPublicKey(secret), signature: ed25519.sign(message, secret), message };
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

/** FIPS 180-4, 5.1.2. */
function pad(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(128 * Math.ceil((message.length + 17) / 128));
  padded.set(message);
  padded[message.length] = 0x80;
  padded.set(word(8n * BigInt(message.length)).slice(16), padded.length - 16);
  return padded;
}

test("two digests", async () => {
  const code = sha512Pair();
  const property = fc.asyncProperty(bytes(400), bytes(400), async (first, second) => {
    const padded = [pad(first), pad(second)];
    const blocks = padded.map(({ length }) => word(BigInt(length / 128)));
    const returned = await solidity.run(code, concatBytes(...blocks, ...padded));
    expect(returned).toEqual(concatBytes(sha512(first), sha512(second)));
  });
  await fc.assert(property, runs(60));
});

/** All encodings of points whose order divides 8, canonical or not. */
const smallOrder = [
  ..."00 01 ec7f ed7f ee7f".split(" ").map((ends) => {
    const isShort = ends.length === 2;
    const encoded = new Uint8Array(32).fill(isShort ? 0 : 0xff);
    encoded.set(hexToBytes(ends.slice(0, 2)), 0);
    encoded[31] = isShort ? 0 : 0x7f;
    return encoded;
  }),
  hexToBytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
  hexToBytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
].flatMap((encoded) => {
  const negative = Uint8Array.from(encoded);
  negative[31] = (negative[31] ?? 0) | 0x80;
  return [encoded, negative];
});

const torsion = smallOrder.map((encoded) => Point.fromBytes(encoded, true));
const point = fc
  .tuple(fc.bigInt({ min: 0n, max: L - 1n }), fc.constantFrom(...torsion))
  .map(([scalar, small]) => (scalar === 0n ? Point.ZERO : Point.BASE.multiply(scalar)).add(small));

test("sums of points of any order", async () => {
  const code = edwardsSum();
  const term = fc.record({
    point,
    digits: fc.constantFrom(32, 64),
    word: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
  });
  const property = fc.asyncProperty(term, fc.array(term, { maxLength: 20 }), async (first, others) => {
    const terms = [{ ...first, digits: 64 }, ...others];
    const long = terms.filter(({ digits }) => digits === 64);
    const short = terms.filter(({ digits }) => digits === 32);
    let expected = Point.ZERO;
    const input = [...long, ...short].map(({ point: { x, y }, digits, word: drawn }) => {
      const scalar = digits === 64 ? drawn : drawn >> 128n;
      const eights = BigInt(`0x${"8".repeat(digits)}`);
      // Multiples beyond the order count: small orders do not divide it.
      const multiple = (((scalar - eights) % (8n * L)) + 8n * L) % (8n * L);
      expected = expected.add(times(Point.fromAffine({ x, y }), multiple));
      return concatBytes(word(x), word(y), word(scalar));
    });
    const counts = [long, short].map(({ length }) => word(BigInt(length)));
    const returned = await solidity.run(code, concatBytes(...counts, ...input));
    const [x, y, z] = [0, 32, 64].map((at) => bytesToNumberBE(returned.slice(at, at + 32)));
    expect(Point.fromAffine({ x: divide(x, z), y: divide(y, z) }).equals(expected)).toBe(true);
  });
  await fc.assert(property, runs(15));
});

const divide = (a = 0n, b = 0n): bigint => Point.Fp.div(a, b);

/** Double and add: noble multiplies by scalars below L only. */
function times(base: typeof Point.BASE, scalar: bigint): typeof Point.BASE {
  let [sum, power] = [Point.ZERO, base];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = sum.add(power);
    power = power.double();
  }
  return sum;
}

test("batches of valid signatures", async () => {
  const property = fc.asyncProperty(fc.array(bytes(300), { minLength: 1, maxLength: 12 }), async (messages) => {
    expect(await solidity.verify(packEd25519Batch(messages.map((message, index) => sign(index, message))))).toBe(true);
  });
  await fc.assert(property, runs(10));
});

test("one wrong signature anywhere fails the batch", async () => {
  const valid = Array.from({ length: 9 }, (_, index) => sign(index, new Uint8Array(110 + index).fill(index)));
  const part = fc.constantFrom("key", "signature", "message");
  const place = fc.tuple(fc.nat(valid.length - 1), part, fc.nat(8 * 32 - 1), fc.nat(1));
  const property = fc.asyncProperty(place, async ([which, name, bit, half]) => {
    const batch = valid.map((each) => ({ ...each }));
    const changed = batch[which];
    if (!changed) return;
    const altered = Uint8Array.from(changed[name]);
    const at = (bit >> 3) + (name === "signature" ? 32 * half : 0);
    altered[at] = (altered[at] ?? 0) ^ (1 << (bit & 7));
    changed[name] = altered;
    expect(await solidity.verify(packEd25519Batch(batch))).toBe(false);
    expect(await solidity.verify(packEd25519Batch(batch.filter((each) => each !== changed)))).toBe(true);
  });
  await fc.assert(property, runs(25));
});

test("wrong signatures do not make up for each other", async () => {
  const valid = Array.from({ length: 3 }, (_, index) => sign(index, Uint8Array.of(index)));
  expect(await solidity.verify(packEd25519Batch(valid))).toBe(true);
  for (const batch of forgedBatches(valid)) expect(await solidity.verify(batch)).toBe(false);
});

const edge = fc.constantFrom(0n, 1n, L - 1n, L, L + 1n, (1n << 256n) - 1n);

test("small orders, other encodings and scalars at the edge", async () => {
  const encoded = fc.oneof(
    fc.constantFrom(...smallOrder),
    point.map((each) => each.toBytes()),
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
  );
  const property = fc.asyncProperty(encoded, encoded, edge, async (key, r, scalar) => {
    const one = { key, signature: concatBytes(r, word(scalar).reverse()), message: r };
    expect(await solidity.verify(packEd25519Batch([one]))).toBe(verifiesAlone(one));
  });
  await fc.assert(property, runs(60));
});

// Those above hardly ever verify; these do, but for a scalar that is not below the order.
test("a key of small order and what fits it", async () => {
  const small = fc.constantFrom(...smallOrder);
  const property = fc.asyncProperty(small, small, edge, async (key, encoded, scalar) => {
    const multiple = times(Point.BASE, scalar);
    // An encoding that is not canonical stays as it is.
    const r = multiple.is0() ? encoded : multiple.add(Point.fromBytes(encoded, true)).toBytes();
    const one = { key, signature: concatBytes(r, word(scalar).reverse()), message: r };
    expect(verifiesAlone(one)).toBe(scalar < L);
    expect(await solidity.verify(packEd25519Batch([one]))).toBe(scalar < L);
  });
  const examples = smallOrder.flatMap((key, index) =>
    [0n, L - 1n, L].map((scalar): [Uint8Array, Uint8Array, bigint] => [key, smallOrder.at(-index) ?? key, scalar]),
  );
  await fc.assert(property, runs(40, examples));
});

test("keys and commitments that are not in the subgroup of prime order", async () => {
  const scalar = fc.bigInt({ min: 1n, max: L - 1n });
  const small = fc.constantFrom(...torsion);
  const property = fc.asyncProperty(scalar, small, scalar, small, bytes(100), async (a, keyPart, b, rPart, message) => {
    const key = Point.BASE.multiply(a).add(keyPart).toBytes();
    const r = Point.BASE.multiply(b).add(rPart).toBytes();
    const challenge = bytesToNumberBE(sha512(concatBytes(r, key, message)).reverse());
    const fitting = (b + challenge * a) % L;
    for (const [s, expected] of [
      [fitting, true],
      [fitting + L, false],
      [(fitting + 1n) % L, false],
    ] as const) {
      const one = { key, signature: concatBytes(r, word(s).reverse()), message };
      expect(verifiesAlone(one)).toBe(expected);
      expect(await solidity.verify(packEd25519Batch([one]))).toBe(expected);
    }
  });
  await fc.assert(property, runs(15));
});

interface Cctv {
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
  readonly flags: readonly string[] | null;
}

const vectors = readSharedJson<readonly Cctv[]>("ed25519/cctv.json");

test.skipIf(!vectors)("published edge cases", async () => {
  const cases = (vectors ?? []).map(({ key, sig, msg, flags }) => {
    const one = { key: hexToBytes(key), signature: hexToBytes(sig), message: new TextEncoder().encode(msg) };
    const flagged = flags ?? [];
    // Only a challenge over points encoded anew makes a vector wrong, and not where the key's order is small.
    return { one, flagged, expected: !flagged.includes("reencoded_k") || flagged.includes("low_order_A") };
  });
  for (const { one, expected } of cases) expect(verifiesAlone(one)).toBe(expected);
  const wrong = cases.filter(({ expected }) => !expected);
  const right = cases.filter(({ expected }) => expected);
  expect([wrong.length, right.length]).toEqual([88, 826]);
  // Of every kind there is one that verifies, but of that.
  const flags = new Set(cases.flatMap(({ flagged }) => flagged));
  expect(flags.size).toBe(8);
  for (const flag of flags)
    expect(
      right.some(({ flagged }) => flagged.includes(flag)),
      flag,
    ).toBe(true);
  // The wrong ones one by one, the others many at a time: these pass only when each does.
  for (const { one } of wrong) expect(await solidity.verify(packEd25519Batch([one]))).toBe(false);
  for (let from = 0; from < right.length; from += 100) {
    const batch = packEd25519Batch(right.slice(from, from + 100).map(({ one }) => one));
    expect(await solidity.verify(batch), `from ${from} on`).toBe(true);
  }
});

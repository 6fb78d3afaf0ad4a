// Execution headers: strict RLP of 15 to 64 strings, three of which have a form.
import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExecutionHeader } from "#adapters/evm/verify/execution-header.ts";
import { rlpBytes, rlpOf } from "#test/support/trie.ts";

const stateRoot = new Uint8Array(32).fill(7);

function items(change: Record<number, Uint8Array> = {}, count = 21): Uint8Array[] {
  const plain: Record<number, Uint8Array> = {
    3: stateRoot,
    8: Uint8Array.of(1, 0),
    11: Uint8Array.of(0x65, 0, 0, 1),
    ...change,
  };
  return Array.from({ length: count }, (_, index) => rlpBytes(plain[index] ?? Uint8Array.of(index + 1)));
}

test("height, time, state root and hash are read", () => {
  const bytes = rlpOf(...items());
  expect(parseExecutionHeader(bytes)).toEqual({
    hash: keccak_256(bytes),
    height: 256n,
    timestamp: 0x65000001n,
    stateRoot,
  });
});

test.each([15, 21, 64])("%i items are a header", (count) => {
  expect(parseExecutionHeader(rlpOf(...items({}, count)))).toBeDefined();
});

test("zero is the empty string, and the largest number has eight bytes", () => {
  const header = parseExecutionHeader(rlpOf(...items({ 8: new Uint8Array(), 11: new Uint8Array(8).fill(0xff) })));
  expect(header).toMatchObject({ height: 0n, timestamp: (1n << 64n) - 1n });
});

describe("refused", () => {
  test.each([
    ["14 items", rlpOf(...items({}, 14))],
    ["65 items", rlpOf(...items({}, 65))],
    ["a string", rlpBytes(new Uint8Array(600))],
    ["a nested list", rlpOf(...items().with(14, rlpOf()))],
    ["a state root of 33 bytes", rlpOf(...items({ 3: new Uint8Array(33) }))],
    ["a number of zero in one byte", rlpOf(...items({ 8: Uint8Array.of(0) }))],
    ["a number with a leading zero", rlpOf(...items({ 8: Uint8Array.of(0, 1, 2) }))],
    ["a number of nine bytes", rlpOf(...items({ 8: new Uint8Array(9).fill(1) }))],
    ["a time with a leading zero", rlpOf(...items({ 11: Uint8Array.of(0, 0xff) }))],
    ["a byte in long form", rlpOf(...items().with(0, Uint8Array.of(0x81, 5)))],
    ["a byte over", Uint8Array.of(...rlpOf(...items()), 0)],
    ["nothing", new Uint8Array()],
  ])("%s", (_, bytes) => {
    expect(parseExecutionHeader(bytes)).toBeUndefined();
  });

  test("every prefix of a header", () => {
    const bytes = rlpOf(...items());
    const property = fc.property(fc.nat(bytes.length - 1), (length) => {
      expect(parseExecutionHeader(bytes.subarray(0, length))).toBeUndefined();
    });
    fc.assert(property);
  });
});

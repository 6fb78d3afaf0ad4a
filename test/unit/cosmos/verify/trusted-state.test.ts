// The trusted state's bytes: those of Solidity's abi.encode, and no others.
import { concatBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTrustedState, encodeTrustedState } from "#adapters/cosmos/verify/trusted-state.ts";
import { makeMembers, makeState } from "#test/support/comet-evidence.ts";

const members = makeMembers("", [2n, 1n]);
const state = makeState([
  { height: 7n, members },
  { height: 9n, members },
]);
const bytes = encodeTrustedState(state);

const word = (index: number): bigint =>
  BigInt(`0x${Buffer.from(bytes.subarray(index * 32, index * 32 + 32)).toString("hex")}`);

describe("the bytes", () => {
  test("are one tuple, its eight fields and what the two of variable size point to", () => {
    // Offsets are from the beginning of the tuple, which is at the second word.
    expect([0, 1, 2, 3, 7, 8].map(word)).toEqual([32n, 256n, 1n, 3n, 0n, 320n]);
    expect(word(4)).toBe(14n * 86_400n * 1_000_000_000n);
    expect(word(9)).toBe(10n);
    expect(Buffer.from(bytes.subarray(320, 330)).toString()).toBe("causeway-1");
    expect([11, 12, 16].map(word)).toEqual([2n, 7n, 9n]);
    expect(bytes).toHaveLength(32 * 20);
  });

  test("decode to what they are of", () => {
    expect(decodeTrustedState(bytes)).toEqual(state);
  });
});

describe("refuses", () => {
  test("any other bytes for the same values", () => {
    const at = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (index, change) => {
        const changed = bytes.map((byte, each) => (each === index ? byte ^ change : byte));
        const decoded = decodeTrustedState(changed);
        if (decoded !== undefined) expect(decoded).not.toEqual(state);
      }),
    );
  });

  test.each([
    ["bytes after it", concatBytes(bytes, new Uint8Array(32))],
    ["one byte after it", concatBytes(bytes, Uint8Array.of(0))],
    ["a word too few", bytes.slice(0, -32)],
    ["nothing", new Uint8Array()],
    ["the tuple without its offset", bytes.slice(32)],
  ])("%s", (_, changed) => {
    expect(decodeTrustedState(changed)).toBeUndefined();
  });
});

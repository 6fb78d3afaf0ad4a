// Strict SSZ: what encodes decodes to itself, and bytes with gaps, overlaps or leftovers do not decode at all.
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENVELOPE_VERSION, envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { SszError, ascii, byteList, byteVector, container, list, uint64 } from "#adapters/protocol/ssz.ts";

const sample: Envelope = {
  version: ENVELOPE_VERSION,
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  updates: [new Uint8Array([1, 2]), new Uint8Array()],
  height: 5n,
  rootProof: new Uint8Array([9]),
  claims: [
    { membership: 1n, path: new Uint8Array([1]), value: new Uint8Array(32), proof: new Uint8Array([7, 7]) },
    { membership: 0n, path: new Uint8Array([2]), value: new Uint8Array(), proof: new Uint8Array() },
  ],
};

describe("ssz", () => {
  it("round-trips the envelope", () => {
    expect(envelope.decode(envelope.encode(sample))).toEqual(sample);
  });

  it("never decodes bytes that are not their own encoding", () => {
    const good = envelope.encode(sample);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const bytes = good.slice();
        bytes[index] = (bytes[index] ?? 0) ^ flip;
        try {
          expect(envelope.encode(envelope.decode(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SszError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("decodes any bytes to a value or an SszError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(envelope.encode(envelope.decode(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(SszError);
        }
      }),
    );
  });

  const pair = container({ a: byteList(4), b: byteList(4) });
  const bad: [string, () => unknown][] = [
    ["a first offset past the fixed part", () => pair.decode(hexToBytes("0900000009000000ff"))],
    ["offsets out of order", () => pair.decode(hexToBytes("0800000007000000"))],
    ["an offset beyond the end", () => pair.decode(hexToBytes("0800000009000000"))],
    ["a field above its limit", () => pair.decode(concatBytes(hexToBytes("0800000008000000"), new Uint8Array(5)))],
    ["less than the fixed part", () => pair.decode(hexToBytes("08000000"))],
    ["a partial element", () => list(uint64, 4).decode(new Uint8Array(12))],
    ["too many elements", () => list(uint64, 1).decode(new Uint8Array(16))],
    ["a zero first offset", () => list(byteList(4), 4).decode(new Uint8Array(4))],
    ["an odd first offset", () => list(byteList(4), 4).decode(hexToBytes("0500000000"))],
    ["a vector of the wrong length", () => byteVector(3).decode(new Uint8Array(2))],
    ["a control character", () => ascii(8).decode(new Uint8Array([10]))],
    ["a non-ASCII character", () => ascii(8).encode("é")],
    ["a negative integer", () => uint64.encode(-1n)],
    ["an integer of 65 bits", () => uint64.encode(1n << 64n)],
  ];
  it.each(bad)("refuses %s", (_, act) => expect(act).toThrow(SszError));
});

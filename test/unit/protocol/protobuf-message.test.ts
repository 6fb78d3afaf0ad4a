// Messages by their schema: what they write, and what they do not read.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytes,
  embedded,
  int64,
  message,
  oneOf,
  optional,
  repeated,
  uint64,
} from "#adapters/protocol/protobuf-message.ts";
import { int64Field, ProtobufError, sfixed64Field } from "#adapters/protocol/protobuf.ts";

const inner = message({ value: [1, int64] });
const outer = message({
  number: [1, uint64],
  signed: [2, int64],
  data: [3, bytes],
  always: [4, embedded(inner)],
  maybe: [5, optional(inner)],
  many: [16, repeated(inner)],
});

const empty = { number: 0n, signed: 0n, data: new Uint8Array(), always: { value: 0n }, maybe: undefined, many: [] };

describe("writes", () => {
  test("of an empty message only what Go always writes", () => {
    expect(outer.encode(empty)).toEqual(Uint8Array.of(0x22, 0));
  });

  test("an empty message that is there", () => {
    expect(outer.encode({ ...empty, maybe: { value: 0n }, many: [{ value: 0n }] })).toEqual(
      Uint8Array.of(0x22, 0, 0x2a, 0, 0x82, 0x01, 0),
    );
  });

  test("a negative number in ten bytes", () => {
    expect(inner.encode({ value: -1n })).toEqual(Uint8Array.of(0x08, ...new Uint8Array(9).fill(0xff), 1));
    expect(int64Field(1, -62_135_596_800n)).toEqual(
      Uint8Array.of(0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01),
    );
  });

  test("fixed numbers from their lowest byte on, and none when zero", () => {
    expect(sfixed64Field(2, 258n)).toEqual(Uint8Array.of(0x11, 2, 1, 0, 0, 0, 0, 0, 0));
    expect(sfixed64Field(2, -1n)).toEqual(Uint8Array.of(0x11, ...new Uint8Array(8).fill(0xff)));
    expect(sfixed64Field(2, 0n)).toEqual(new Uint8Array());
  });
});

test("reads and writes as many messages as there are bytes for", () => {
  const many = Array.from({ length: 300_000 }, () => ({ value: 0n }));
  expect(outer.decode(outer.encode({ ...empty, many })).many).toHaveLength(300_000);
});

test("reads what it writes", () => {
  const small = fc.record({ value: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }) });
  const any = fc.record({
    number: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    signed: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
    data: fc.uint8Array({ maxLength: 300 }),
    always: small,
    maybe: fc.option(small, { nil: undefined }),
    many: fc.array(small),
  });
  fc.assert(
    fc.property(any, (value) => {
      expect(outer.decode(outer.encode(value))).toEqual(value);
    }),
  );
});

test.each([
  ["a field it does not know", [0x22, 0, 0x38, 1]],
  ["a field twice", [0x08, 1, 0x08, 1, 0x22, 0]],
  ["a message twice", [0x22, 0, 0x22, 0]],
  ["bytes where a number belongs", [0x0a, 0, 0x22, 0]],
  ["a number where bytes belong", [0x18, 1, 0x22, 0]],
  ["a number where a message belongs", [0x20, 1]],
  ["nothing where Go always writes", []],
  ["an inner message that it does not know", [0x22, 2, 0x10, 1]],
  ["a length beyond the end", [0x22, 1]],
  ["a number that never ends", [0x08, ...new Uint8Array(11).fill(0x80)]],
  ["a number beyond 64 bits", [0x08, ...new Uint8Array(9).fill(0xff), 2]],
  ["field number 0", [0x00, 1, 0x22, 0]],
  ["a fixed field", [0x22, 0, 0x35, 0, 0, 0, 0]],
])("refuses %s", (_, encoded) => {
  expect(() => outer.decode(Uint8Array.from(encoded))).toThrow(ProtobufError);
});

describe("one of several", () => {
  test("is exactly one, even when empty", () => {
    const value = { number: 5, value: new Uint8Array() };
    expect(oneOf.encode(value)).toEqual(Uint8Array.of(0x2a, 0));
    expect(oneOf.decode(oneOf.encode(value))).toEqual(value);
  });

  test.each([
    ["none", []],
    ["two", [0x0a, 0, 0x12, 0]],
    ["a number", [0x08, 1]],
  ])("is not %s", (_, encoded) => {
    expect(() => oneOf.decode(Uint8Array.from(encoded))).toThrow(ProtobufError);
  });
});

// RLP is read only in its shortest form, and to the last byte.
import fc from "fast-check";
import { expect, test } from "vitest";
import { toRlp } from "viem/utils";
import { rlpItem, rlpList } from "#adapters/evm/verify/rlp.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

test("lists of strings are read back", () => {
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (strings) => {
    const items = rlpList(toRlp(strings, "bytes"));
    expect(items?.map((item) => [item.list, ...item.payload])).toEqual(strings.map((string) => [false, ...string]));
  });
  fc.assert(property, { numRuns: 200 });
});

test("nested lists are items of their own", () => {
  const items = rlpList(bytes("c4c2010205"));
  expect(items?.map((item) => [item.list, Buffer.from(item.payload).toString("hex")])).toEqual([
    [true, "0102"],
    [false, "05"],
  ]);
});

test.each([
  ["nothing", ""],
  ["a byte below 0x80 with a header", "c28105"],
  ["a length of 55 in long form", `f839b837${"11".repeat(55)}`],
  ["a length with a leading zero", `f90003010203`],
  ["a list longer than its bytes", "c401"],
  ["an item longer than its list", "c28301"],
  ["a byte after the list", "c10100"],
  ["a length of more than four bytes", `fc${"01".repeat(5)}`],
  ["a header without its length", "f9"],
  ["a string where a list is asked for", "83010203"],
])("refused: %s", (_, hex) => {
  expect(rlpList(bytes(hex))).toBeUndefined();
});

test("one item is all there is", () => {
  expect(rlpItem(bytes("83010203"))?.payload).toEqual(Uint8Array.of(1, 2, 3));
  expect(rlpItem(bytes("8301020304"))).toBeUndefined();
  expect(rlpItem(bytes(""))).toBeUndefined();
});

test("any bytes give items or nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
      const item = rlpItem(random);
      if (item !== undefined) expect([...item.raw]).toEqual([...random]);
      rlpList(random);
    }),
    { numRuns: 1000 },
  );
});

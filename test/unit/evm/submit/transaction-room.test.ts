import { describe, expect, test } from "vitest";
import { countFitting, withinBytes } from "#adapters/evm/submit/transaction-room.ts";

const items = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("a transaction", () => {
  test.each([
    [0, 10, 0],
    [1, 10, 1],
    [10, 10, 10],
    [11, 10, 10],
    [500, 139, 139],
    [500, 499, 499],
    [500, 1, 1],
  ])("of %s messages has room for %s", (count, most, expected) => {
    expect(countFitting(items(count), (some) => some.length <= most)).toBe(expected);
  });

  test("is tried with one message that seems to be too much", () => {
    expect(countFitting(items(5), () => false)).toBe(1);
    expect(countFitting([], () => false)).toBe(0);
  });

  test("is asked about few times", () => {
    let asked = 0;
    countFitting(items(500), (some) => {
      asked += 1;
      return some.length <= 139;
    });
    expect(asked).toBeLessThan(12);
  });
});

describe("what nodes take", () => {
  const bytes =
    (each: number, shared = 0) =>
    (some: readonly number[]): number =>
      shared + each * some.length;

  test.each([
    [500, 1_000, 0, 130],
    [500, 100, 0, 500],
    [500, 1_000, 100_000, 30],
    [5, 900_000, 0, 1],
    [5, 1, 900_000, 1],
    [0, 1, 0, 0],
  ])("of %s messages of %s bytes beside %s is %s at most, and not much less", (count, each, shared, most) => {
    const { length } = withinBytes(items(count), bytes(each, shared));
    expect(length).toBeLessThanOrEqual(most);
    expect(length).toBeGreaterThanOrEqual(Math.floor(most * 0.7));
  });

  test("is all of what fits, as it is", () => {
    const all = items(50);
    expect(withinBytes(all, bytes(10))).toBe(all);
  });
});

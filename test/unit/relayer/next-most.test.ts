// How large a lane's next batch may be, from what its target said of the last.
import { describe, expect, test } from "vitest";
import type { SubmitResult } from "#adapters/target-chain.ts";
import { nextMost } from "#relayer/packets/next-most.ts";

const LIMIT = 100;
const result = (delivered: number, left = 0, most?: number): SubmitResult => ({
  deliveries: [
    ...Array.from({ length: delivered }, () => ({ status: "delivered" }) as const),
    ...Array.from({ length: left }, () => ({ status: "left" }) as const),
  ],
  most,
});

describe("what is known after a batch", () => {
  test.each<[string, number | undefined, SubmitResult, number | undefined]>([
    ["nothing, as before, when all had room", undefined, result(LIMIT), undefined],
    ["what the target says", undefined, result(40, 60, 40), 40],
    ["what it says now, although it said another number before", 80, result(40, 40, 40), 40],
    ["a quarter more after a full batch", 40, result(40), 50],
    ["no more than the operator allows", 90, result(90), LIMIT],
    ["the same after one that was not full", 40, result(39), undefined],
    ["the same at the operator's limit", 400, result(LIMIT), LIMIT],
    ["one at least: a lane never stands still", 4, result(0, 4, 0), 1],
    ["one more at least", 1, result(1), 2],
  ])("%s", (_, known, answered, expected) => {
    expect(nextMost(known, LIMIT, answered)).toBe(expected);
  });
});

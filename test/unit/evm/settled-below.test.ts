// What is remembered about settled packets saves reading, and is never remembered for good.
import { expect, it } from "vitest";
import { createSettledBelow } from "#adapters/evm/settled-below.ts";

it("begins at the first sequence, and where it was told for each light client alone", () => {
  const settled = createSettledBelow(() => 0);
  settled.note("beacon-0", 40n);
  expect(settled.first("beacon-0")).toBe(40n);
  expect(settled.first("beacon-1")).toBe(1n);
});

it("forgets a false answer, however often it is repeated meanwhile", () => {
  let now = 0;
  const settled = createSettledBelow(() => now);
  for (; now < 600_000; now += 60_000) settled.note("beacon-0", 1_000_000n);
  expect(settled.first("beacon-0")).toBe(1n);
});

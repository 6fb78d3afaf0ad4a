// How long a comparison's finding counts.
import { expect, test } from "vitest";
import { createMemory } from "#adapters/comparison-memory.ts";

const HOUR = 3_600_000;

test("what everybody was heard about is agreed for good, what somebody was silent about only for a while", () => {
  let now = 0;
  const memory = createMemory(() => now);
  expect(memory.isAgreed("firm")).toBe(false);
  memory.agree("firm", true);
  memory.agree("soft", false);
  expect([memory.isAgreed("firm"), memory.isAgreed("soft")]).toEqual([true, true]);
  now = HOUR;
  expect([memory.isAgreed("firm"), memory.isAgreed("soft")]).toEqual([true, false]);
});

test("what nobody served is asked for again after a while, and forgotten once it is agreed", () => {
  let now = 0;
  const memory = createMemory(() => now);
  expect(memory.unserved("lost")).toBeUndefined();
  memory.miss("lost", "pruned");
  memory.miss("found", "pruned");
  memory.agree("found", true);
  expect([memory.unserved("lost"), memory.unserved("found")]).toEqual(["pruned", undefined]);
  now = HOUR;
  expect(memory.unserved("lost")).toBeUndefined();
});

test("it does not grow without bound, and forgets the oldest first", () => {
  const memory = createMemory(() => 0);
  for (let index = 0; index < 10_000; index += 1) memory.agree(`belief ${index}`, true);
  expect([memory.isAgreed("belief 0"), memory.isAgreed("belief 9999")]).toEqual([false, true]);
});

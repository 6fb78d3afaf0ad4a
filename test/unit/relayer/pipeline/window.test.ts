// How many batches of a lane wait for their blocks together: more when a block takes them together, fewer when it leaves one out.
import { describe, expect, test } from "vitest";
import { openWindow } from "#relayer/pipeline/window.ts";

/** So many that were signed before any of their blocks, taken by blocks of these heights. */
function together(window: ReturnType<typeof openWindow>, heights: readonly (bigint | undefined)[]): number {
  const waiting = heights.map(() => window.enter());
  for (const each of waiting) each.sent();
  for (const [index, each] of waiting.entries()) each.over(heights[index]);
  return window.size();
}

test("begins with two, and with one where no more are allowed", () => {
  expect(openWindow(4).size()).toBe(2);
  expect(openWindow(2).size()).toBe(2);
  expect(openWindow(1).size()).toBe(1);
});

describe("grows by one", () => {
  test("when a block took two", () => expect(together(openWindow(4), [7n, 7n])).toBe(3));
  test("for each that it took beside the first", () => expect(together(openWindow(16), [7n, 7n, 7n])).toBe(4));
  test("no further than is allowed", () => expect(together(openWindow(3), [7n, 7n, 7n, 7n])).toBe(3));
  test("and not at all where one is allowed", () => expect(together(openWindow(1), [7n, 7n])).toBe(1));
});

describe("shrinks by one", () => {
  test("when two blocks left one out", () => {
    const window = openWindow(4);
    expect(together(window, [7n, 7n, 7n])).toBe(4);
    expect(together(window, [8n, 10n])).toBe(3);
  });
  test("and no further than to two", () => expect(together(openWindow(4), [7n, 9n, 11n, 13n])).toBe(2));
});

describe("stays as it is", () => {
  test("when the next block took the second: it may have been signed after the first block was made", () =>
    expect(together(openWindow(4), [7n, 8n])).toBe(2));
  test("when the second was signed after the first was seen included", () => {
    const window = openWindow(4);
    const [first, second] = [window.enter(), window.enter()];
    first.sent();
    first.over(7n);
    second.sent();
    second.over(7n);
    expect(window.size()).toBe(2);
  });
  test("when none was included", () => expect(together(openWindow(4), [undefined, undefined])).toBe(2));
  test("when one was not", () => expect(together(openWindow(4), [undefined, 7n])).toBe(2));
  test("when the first was seen last", () => {
    const window = openWindow(4);
    const [first, second] = [window.enter(), window.enter()];
    first.sent();
    second.sent();
    second.over(8n);
    first.over(7n);
    expect(window.size()).toBe(2);
  });
});

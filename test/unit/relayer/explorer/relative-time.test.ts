import { expect, test } from "vitest";
import { absoluteTime, duration, relativeTime } from "#relayer/explorer/components/relative-time.ts";
import { when } from "#relayer/explorer/components/when.ts";
import { renderToString } from "preact-render-to-string";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const site = { href: (path: string) => path, api: "", now: NOW };

test.each([
  [0, "0 s"],
  [47, "47 s"],
  [60, "1 min"],
  [61, "1 min 1 s"],
  [3_600, "1 h"],
  [11_520, "3 h 12 min"],
  [90_061, "1 d 1 h"],
])("%i seconds are %s", (seconds, expected) => expect(duration(seconds)).toBe(expected));

test.each([
  [0, "now"],
  [-5_000, "5 s ago"],
  [3_600_000, "in 1 h"],
])("%i ms from now is %s", (offset, expected) => expect(relativeTime(NOW + offset, NOW)).toBe(expected));

test("a time is absolute to the second", () => expect(absoluteTime(NOW + 123)).toBe("2026-11-26 12:00:00 UTC"));

test.each([
  ["null", null, "unknown"],
  ["beyond dates", "18446744073709551615", "beyond any calendar"],
  ["no time", "yesterday", "beyond any calendar"],
])("%s is said, and not shown as a date", (_, at, expected) => {
  const shown = renderToString(when(at, site));
  expect(shown).toContain(expected);
  expect(shown).not.toContain("<time");
});

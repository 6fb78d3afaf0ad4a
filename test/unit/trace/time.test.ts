// Times in words, against the platform's own calendar.
import { expect, test } from "vitest";
import { clock, duration, expected, unixSeconds } from "#sdk/trace/time.ts";

test.each([
  [0, "0 s"],
  [40, "40 s"],
  [99.6, "100 s"],
  [100, "2 min"],
  [3_600, "60 min"],
  [10_800, "3 h"],
  [200_000, "2 days"],
])("%d seconds are %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("every day of eight centuries has its date", () => {
  for (let day = 0; day < 292_194; day += 17) {
    const at = day * 86_400 + 14 * 3_600 + 2 * 60;
    const iso = new Date(at * 1000).toISOString();
    expect(clock(at, 0)).toBe(
      day === 0 ? `${iso.slice(0, 10)} 14:02 UTC` : `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`,
    );
    expect(unixSeconds(iso)).toBe(at);
  }
});

test("today's times have no date, and no time lies past the year 9999", () => {
  expect(clock(1_795_701_730, 1_795_701_700)).toBe("14:02:10 UTC");
  for (const at of [Number.POSITIVE_INFINITY, Number.NaN, -1, 2 ** 64]) expect(clock(at, 0)).toBe("never");
});

test("what is expected comes soon, now, or late", () => {
  expect(expected(1_795_701_730, 1_795_701_690)).toBe("in about 40 s (14:02:10 UTC)");
  expect(expected(1_795_701_730, 1_795_701_728)).toBe("any moment now (14:02:10 UTC)");
  expect(expected(1_795_701_730, 1_795_701_760)).toBe("any moment now (14:02:10 UTC)");
  expect(expected(1_795_701_730, 1_795_701_820)).toBe("overdue by 90 s (since 14:02:10 UTC)");
});

test.each(["", "2026-11-26", "2026-11-26T12:00:00", "yesterday"])("%j is no time", (text) => {
  expect(unixSeconds(text)).toBeNaN();
});

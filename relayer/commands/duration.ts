// Durations as people write them: "90s", "15m", "1h", "14d".
import { CausewayError } from "#adapters/protocol/error.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds. Throws INVALID_ARGUMENT. */
export function parseDuration(value: string): number {
  const [, digits = "", unit = ""] = /^([1-9][0-9]{0,8})([smhd])$/.exec(value) ?? [];
  const seconds = Number(digits) * (UNITS[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new CausewayError("INVALID_ARGUMENT", `"${value}" is not a duration`, {
    hint: "write a number and a unit: 90s, 15m, 1h or 14d",
  });
}

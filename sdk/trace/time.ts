// Times as people read them: how long from now, and on which clock.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "40 s", "12 min", "3 h", "5 days". */
export function duration(seconds: number): string {
  const length = Math.abs(seconds);
  if (length < 100) return `${Math.round(length)} s`;
  if (length < 100 * MINUTE) return `${Math.round(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${Math.round(length / HOUR)} h`;
  return `${Math.round(length / DAY)} days`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Year, month and day of a number of days since 1970-01-01, in the Gregorian calendar. */
function civil(days: number): string {
  // Counted from 0000-03-01, so that the leap day is a year's last; eras of 400 years repeat.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** What lies beyond comes from somebody who says any number. */
const LAST = 253_402_300_799;

/** "14:02:10 UTC", with the date when it is not within half a day of now; "never" beyond the year 9999. */
export function clock(at: number, now: number): string {
  if (!(at >= 0 && at <= LAST)) return "never";
  const whole = Math.floor(at);
  const rest = whole % DAY;
  const time = `${two(Math.floor(rest / HOUR))}:${two(Math.floor((rest % HOUR) / MINUTE))}`;
  if (Math.abs(at - now) > DAY / 2) return `${civil(Math.floor(whole / DAY))} ${time} UTC`;
  return `${time}:${two(rest % MINUTE)} UTC`;
}

/** What is expected is no promise to the second: so soon, or so late, it may happen while somebody reads. */
const SOON = 3;
const LATE = 60;

/** "in about 40 s (14:02:10 UTC)"; what should have been a minute ago is overdue. */
export function expected(at: number, now: number): string {
  if (clock(at, now) === "never") return "never";
  const left = at - now;
  if (left < -LATE) return `overdue by ${duration(left)} (since ${clock(at, now)})`;
  if (left < SOON) return `any moment now (${clock(at, now)})`;
  return `in about ${duration(left)} (${clock(at, now)})`;
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;

/** Of an ISO 8601 time in UTC, as the views write it; NaN for anything else. */
export function unixSeconds(iso: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2}(?:\.\d+)?)Z$/.exec(iso);
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const days =
    (year - 1970) * 365 +
    leapDays +
    (DAYS_BEFORE_MONTH[month - 1] ?? Number.NaN) +
    (isLeap && month > 2 ? 1 : 0) +
    day -
    1;
  return days * 86_400 + hour * 3_600 + minute * 60 + second;
}

// Large whole numbers, in groups of three; never rounded.

/** `decimal` may have any length. */
export const grouped = (decimal: string): string => decimal.replaceAll(/\B(?=(\d{3})+$)/g, "\u202f");

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
/** For axes: rounded. */
export const rounded = (value: number): string => compact.format(value);

const SIZES = ["bytes", "KiB", "MiB", "GiB"] as const;

export function byteSize(bytes: number): string {
  const power = Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${SIZES[power]}`;
}

/** Seconds with as many digits as mean something. */
export const shortSeconds = (seconds: number): string =>
  seconds < 10 ? `${seconds.toFixed(2)} s` : seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;

// Points in time as people read them.

/** Where JavaScript's dates end: what lies beyond comes from a chain that says any number. */
const LAST_SECOND = 8_640_000_000_000n;

/** ISO 8601. */
export const isoTime = (unixSeconds: bigint): string =>
  unixSeconds > LAST_SECOND ? "never" : new Date(Number(unixSeconds) * 1000).toISOString();

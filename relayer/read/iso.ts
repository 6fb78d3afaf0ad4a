// How times leave the database: ISO 8601 in UTC, with milliseconds.

/** SQL for a timestamptz column. */
export const iso = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

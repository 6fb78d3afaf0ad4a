// Times as CometBFT's messages have them, and as nanoseconds since 1970.
import type { Timestamp } from "./evidence.ts";

const SECOND = 1_000_000_000n;

/** Go's zero time, the first second of the year 1: what a vote that is absent has. */
export const ZERO_TIME: Timestamp = { seconds: -62_135_596_800n, nanos: 0n };

/** The last second of the year 9999, up to which protobuf has times. */
const LAST_SECOND = 253_402_300_799n;

export const nanoseconds = ({ seconds, nanos }: Timestamp): bigint => seconds * SECOND + nanos;

/** Unix seconds to nanoseconds. */
export const fromSeconds = (seconds: bigint): bigint => seconds * SECOND;

/** Rounded down. */
export const toSeconds = (time: bigint): bigint => time / SECOND;

const isWithin = ({ seconds, nanos }: Timestamp, first: bigint, last: bigint): boolean =>
  seconds >= first && seconds <= last && nanos >= 0n && nanos < SECOND;

export const isVoteTime = (time: Timestamp): boolean => isWithin(time, ZERO_TIME.seconds, LAST_SECOND);

/** From 1970 on, and 64 bits of nanoseconds are enough for it. */
export const isHeaderTime = (time: Timestamp): boolean => isWithin(time, 0n, (1n << 64n) / SECOND - 1n);

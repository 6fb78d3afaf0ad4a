// The --timeout of commands that send packets.
import { MAX_TIMEOUT_SECONDS } from "#adapters/protocol/claim.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { parseDuration } from "./duration.ts";

export const TIMEOUT_OPTION = ["--timeout <duration>", "give up delivery after so long, at most 1d", "1h"] as const;

/** Unix seconds on this machine's clock. Throws INVALID_ARGUMENT. */
export function timeoutTimestamp(duration: string): bigint {
  const seconds = BigInt(parseDuration(duration));
  if (seconds <= MAX_TIMEOUT_SECONDS) return BigInt(Math.floor(Date.now() / 1000)) + seconds;
  throw new CausewayError("INVALID_ARGUMENT", `--timeout ${duration} is longer than the protocol allows`, {
    hint: "1d is the longest",
  });
}

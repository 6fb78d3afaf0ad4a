// Whether a light client may be relied on at all.
import type { Reason } from "#adapters/protocol/reason.ts";
import type { BeaconState } from "./trusted-state.ts";

/** Undefined when active. `now` in Unix seconds of the hosting chain. */
export function inactiveReason(state: BeaconState, now: bigint): Reason | undefined {
  if (state.frozen) return "CLIENT_FROZEN";
  return now > state.latestTimestamp + state.trustingPeriod ? "CLIENT_EXPIRED" : undefined;
}

// Whether a light client may be relied on at all, and what it holds.
import type { Reason } from "#adapters/protocol/reason.ts";
import type { CometState, ConsensusState } from "./trusted-state.ts";

/** A usable state has one. */
export function latestOf(state: CometState): ConsensusState {
  const latest = state.consensusStates.at(-1);
  if (latest === undefined) throw new RangeError("a usable trusted state holds a consensus state");
  return latest;
}

export const heldAt = (state: CometState, height: bigint): ConsensusState | undefined =>
  state.consensusStates.find((held) => held.height === height);

/** Whether what was trusted then is no longer. All in nanoseconds. */
export const isExpired = (state: CometState, timestamp: bigint, now: bigint): boolean =>
  now >= timestamp + state.trustingPeriod;

/** Undefined when active. `now` in nanoseconds. */
export function inactiveReason(state: CometState, now: bigint): Reason | undefined {
  if (state.frozen) return "CLIENT_FROZEN";
  return isExpired(state, latestOf(state).timestamp, now) ? "CLIENT_EXPIRED" : undefined;
}

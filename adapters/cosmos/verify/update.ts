// One light-client update judged against a trusted state, and the state it leads to (README.md, "One update").
import type { Reason } from "#adapters/protocol/reason.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { cometUpdate } from "./evidence.ts";
import type { CometUpdate } from "./evidence.ts";
import { revisionOf } from "./chain-id.ts";
import { hasKnownKeys, wellFormed } from "./form.ts";
import type { Update } from "./form.ts";
import { brokenHeaderRule } from "./header-rules.ts";
import { heldAt, inactiveReason, isExpired, latestOf } from "./status.ts";
import { nanoseconds } from "./time.ts";
import { MAX_CONSENSUS_STATES } from "./trusted-state.ts";
import type { CometState, ConsensusState } from "./trusted-state.ts";

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** What of a header a light client remembers. */
export const consensusStateOf = ({ header }: Update): ConsensusState => ({
  height: header.height,
  timestamp: nanoseconds(header.time),
  appHash: toHex(header.appHash),
  nextValidatorsHash: toHex(header.nextValidatorsHash),
});

const isSame = (left: ConsensusState, right: ConsensusState): boolean =>
  left.timestamp === right.timestamp &&
  left.appHash === right.appHash &&
  left.nextValidatorsHash === right.nextValidatorsHash;

/** Rules 1 to 5. `now` in nanoseconds. */
export function readUpdate(value: CometUpdate | undefined, state: CometState, now: bigint): Update | Reason {
  const update = value && wellFormed(value);
  if (update === undefined) return "MALFORMED";
  if (!hasKnownKeys(update)) return "UNKNOWN_KEY_TYPE";
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return inactive;
  return ascii(update.header.chainId) === state.chainId ? update : "WRONG_CHAIN";
}

/** Rules 7 to 9: what the update builds on. */
export function trustedBy({ header, trustedHeight }: Update, state: CometState, now: bigint): ConsensusState | Reason {
  const trusted =
    trustedHeight.revisionNumber === revisionOf(state.chainId)
      ? heldAt(state, trustedHeight.revisionHeight)
      : undefined;
  if (trusted === undefined) return "UNKNOWN_HEIGHT";
  if (header.height <= trusted.height) return "HEIGHT_ORDER";
  return isExpired(state, trusted.timestamp, now) ? "TRUSTED_HEADER_EXPIRED" : trusted;
}

/** Whether no consensus state that is held says that the header is misbehaviour. */
function agreesWith(state: CometState, { height, timestamp }: ConsensusState): boolean {
  const below = state.consensusStates.findLast((held) => held.height < height);
  const above = state.consensusStates.find((held) => held.height > height);
  return (
    heldAt(state, height) === undefined &&
    (below === undefined || below.timestamp < timestamp) &&
    (above === undefined || above.timestamp > timestamp)
  );
}

/** Rules 10 to 22. `now` in nanoseconds. */
export function brokenRule(
  update: Update,
  state: CometState,
  trusted: ConsensusState,
  now: bigint,
): Reason | undefined {
  const next = consensusStateOf(update);
  if (next.timestamp <= trusted.timestamp) return "NON_MONOTONIC_TIME";
  if (next.timestamp >= now + state.maxClockDrift) return "FUTURE_HEADER";
  const agrees = agreesWith(state, next);
  if (agrees && next.height < latestOf(state).height) return "STALE_HEADER";
  const broken = brokenHeaderRule(update, state, trusted, next.height === trusted.height + 1n);
  return broken ?? (agrees ? undefined : "CONFLICTING_HEADER");
}

/** The state after the update, or the first rule it breaks. A known header leaves the state as it is. `now` in nanoseconds. */
export function applyUpdate(state: CometState, bytes: Uint8Array, now: bigint): CometState | Reason {
  const update = readUpdate(decodeExactly(cometUpdate, bytes), state, now);
  if (typeof update === "string") return update;
  const next = consensusStateOf(update);
  const held = heldAt(state, next.height);
  if (held !== undefined && isSame(held, next)) return state;
  const trusted = trustedBy(update, state, now);
  if (typeof trusted === "string") return trusted;
  const broken = brokenRule(update, state, trusted, now);
  if (broken !== undefined) return broken;
  return { ...state, consensusStates: [...state.consensusStates, next].slice(-MAX_CONSENSUS_STATES) };
}

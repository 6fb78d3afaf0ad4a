// One light-client update judged against a trusted state, and the state it leads to (README.md, "One update").
import type { Reason } from "#adapters/protocol/reason.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import { committeeRoot } from "./committee.ts";
import { consensusWord, isKnown, ringPlace, storedWord, wordHeight } from "./consensus-state.ts";
import { beaconUpdate } from "./evidence.ts";
import type { BeaconUpdate } from "./evidence.ts";
import { parseExecutionHeader } from "./execution-header.ts";
import type { ExecutionHeader } from "./execution-header.ts";
import { brokenRule } from "./header-rules.ts";
import { decodeExactly } from "#adapters/protocol/decode-exactly.ts";
import { periodAtSlot } from "./schedule.ts";
import { inactiveReason } from "./status.ts";
import { NO_ROOT } from "./trusted-state.ts";
import type { BeaconState } from "./trusted-state.ts";

/** Rule 1. Undefined when the bytes are not an update in canonical form for this light client. */
function decodeUpdate(bytes: Uint8Array, state: BeaconState): BeaconUpdate | undefined {
  const update = decodeExactly(beaconUpdate, bytes);
  if (update === undefined || BigInt(update.syncCommitteeBits.length) * 8n !== state.committeeSize) return undefined;
  const hasBranch = update.nextSyncCommitteeBranch.length > 0;
  return hasBranch === update.nextSyncCommittee.length > 0 ? update : undefined;
}

/** Rules 1 to 4: an update that can be read, with its execution header, for a light client that is active. */
export function readUpdate(
  bytes: Uint8Array,
  state: BeaconState,
  now: bigint,
): { readonly update: BeaconUpdate; readonly header: ExecutionHeader } | Reason {
  const update = decodeUpdate(bytes, state);
  if (update === undefined) return "MALFORMED";
  const inactive = inactiveReason(state, now);
  if (inactive !== undefined) return inactive;
  const header = parseExecutionHeader(update.executionHeader);
  return header === undefined ? "INVALID_EXECUTION_HEADER" : { update, header };
}

const isMonotonic = (state: BeaconState, { height, timestamp }: ExecutionHeader): boolean =>
  height > state.latestHeight
    ? timestamp > state.latestTimestamp
    : height === state.latestHeight || timestamp < state.latestTimestamp;

function withConsensusState(state: BeaconState, header: ExecutionHeader, slot: bigint): BeaconState {
  const held = storedWord(state, header.height);
  if (held !== undefined && wordHeight(held) >= header.height) return state;
  const ring = state.ring.with(ringPlace(header.height), consensusWord(header));
  if (header.height <= state.latestHeight) return { ...state, ring };
  return { ...state, ring, latestHeight: header.height, latestTimestamp: header.timestamp, latestSlot: slot };
}

function withRotation(state: BeaconState, finalizedSlot: bigint): BeaconState {
  if (periodAtSlot(state, finalizedSlot) !== state.period + 1n || state.nextCommitteeRoot === NO_ROOT) return state;
  return { ...state, committeeRoot: state.nextCommitteeRoot, nextCommitteeRoot: NO_ROOT, period: state.period + 1n };
}

/** Only once the period's beginning is final: until then another of its first blocks could still decide about the committee. */
function withNextCommittee(state: BeaconState, update: BeaconUpdate): BeaconState {
  const [next] = update.nextSyncCommittee;
  const isDue =
    state.nextCommitteeRoot === NO_ROOT &&
    periodAtSlot(state, update.attestedHeader.slot) === state.period &&
    periodAtSlot(state, update.finalizedHeader.slot) === state.period;
  return next !== undefined && isDue ? { ...state, nextCommitteeRoot: toHex(committeeRoot(next)) } : state;
}

/** The state after the update, or the first rule it breaks. A known header leaves the state as it is. */
export function applyUpdate(state: BeaconState, bytes: Uint8Array, now: bigint): BeaconState | Reason {
  const read = readUpdate(bytes, state, now);
  if (typeof read === "string") return read;
  const { update, header } = read;
  if (update.nextSyncCommittee.length === 0 && isKnown(state, header)) return state;
  const broken = brokenRule({ state, update, header, now });
  if (broken !== undefined) return broken;
  const held = storedWord(state, header.height);
  if (held !== undefined && wordHeight(held) === header.height && held !== consensusWord(header))
    return "CONFLICTING_HEADER";
  if (!isMonotonic(state, header)) return "NON_MONOTONIC_TIME";
  const { slot } = update.finalizedHeader;
  const anchored = withConsensusState(state, header, slot);
  const next = withNextCommittee(withRotation(anchored, slot), update);
  return next === state ? "STALE_HEADER" : next;
}

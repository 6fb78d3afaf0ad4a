// Leaves out light-client updates that somebody else brought meanwhile: sending them again would revert or only cost.
import { decodeExactly } from "../verify/decode.ts";
import { isKnown, storedWord, wordHeight } from "../verify/consensus-state.ts";
import { beaconUpdate } from "../verify/evidence.ts";
import { parseExecutionHeader } from "../verify/execution-header.ts";
import { periodAtSlot } from "../verify/schedule.ts";
import type { BeaconState } from "../verify/trusted-state.ts";

function isApplied(state: BeaconState, bytes: Uint8Array): boolean {
  const update = decodeExactly(beaconUpdate, bytes);
  const header = update === undefined ? undefined : parseExecutionHeader(update.executionHeader);
  if (update === undefined || header === undefined) return false;
  const held = storedWord(state, header.height);
  const isHeaderSettled = isKnown(state, header) || (held !== undefined && wordHeight(held) > header.height);
  if (!isHeaderSettled) return false;
  if (update.nextSyncCommittee.length === 0) return true;
  const period = periodAtSlot(state, update.attestedHeader.slot);
  if (periodAtSlot(state, update.finalizedHeader.slot) !== period) return true;
  return period < state.period || (period === state.period && BigInt(state.nextCommitteeRoot) !== 0n);
}

/** The updates from the first that is not applied yet. */
export function neededUpdates(state: BeaconState, updates: readonly Uint8Array[]): readonly Uint8Array[] {
  const first = updates.findIndex((update) => !isApplied(state, update));
  return first === -1 ? [] : updates.slice(first);
}

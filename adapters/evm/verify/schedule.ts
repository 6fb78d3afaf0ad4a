// Slots, epochs, sync committee periods and the fork table of one light client.
import type { BeaconState, Fork } from "./trusted-state.ts";

export const epochAtSlot = (state: BeaconState, slot: bigint): bigint => slot / state.slotsPerEpoch;

/** compute_sync_committee_period_at_slot. */
export const periodAtSlot = (state: BeaconState, slot: bigint): bigint =>
  epochAtSlot(state, slot) / state.epochsPerPeriod;

/** The row of the fork table in force at `slot`. */
export const forkAtSlot = (state: BeaconState, slot: bigint): Fork | undefined =>
  state.forks.findLast((fork) => fork.epoch <= epochAtSlot(state, slot));

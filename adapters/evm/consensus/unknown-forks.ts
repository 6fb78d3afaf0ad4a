// What a light client's fork table lacks of its chain's schedule, and what can be done about it.
import type { Hex } from "../rpc/hex.ts";
import { epochAtSlot } from "../verify/schedule.ts";
import { MAX_FORKS } from "../verify/trusted-state.ts";
import type { BeaconState, Fork } from "../verify/trusted-state.ts";
import type { ScheduledFork } from "./fork-schedule.ts";

export interface UnknownFork {
  /** As the chain calls it; undefined for a row of the table that the chain does not have. */
  readonly name: string | undefined;
  readonly epoch: bigint;
  readonly version: Hex;
  /** Unix seconds. */
  readonly beginsAt: bigint;
  readonly hasBegun: boolean;
  readonly remedy:
    | { readonly kind: "add"; readonly row: Fork }
    /** This software does not know the fork's layout. */
    | { readonly kind: "update software" }
    /** The table is full, or has another row where this one belongs: rows never change. */
    | { readonly kind: "replace client" };
}

const isSame = (one: Fork, other: Fork): boolean =>
  one.epoch === other.epoch &&
  one.version === other.version &&
  one.finalizedRootGindex === other.finalizedRootGindex &&
  one.nextSyncCommitteeGindex === other.nextSyncCommitteeGindex &&
  one.executionBlockHashGindex === other.executionBlockHashGindex;

/** Of several forks that begin with one epoch only the last is ever in force. */
const inForce = <T extends { readonly epoch: bigint }>(forks: readonly T[]): T[] =>
  forks.filter(({ epoch }, index) => forks[index + 1]?.epoch !== epoch);

/**
 * Of the forks that the light client has still to pass: those that its table does not have, and rows of its table that the
 * chain does not have (it moved a fork). In the order in which they begin. `headSlot`: how far the chain is.
 */
export function unknownForks(state: BeaconState, schedule: readonly ScheduledFork[], headSlot: bigint): UnknownFork[] {
  const passed = epochAtSlot(state, state.latestSlot);
  const rows = inForce(state.forks);
  const last = rows.at(-1)?.epoch ?? -1n;
  const described = ({ name, epoch, version }: Pick<UnknownFork, "name" | "epoch" | "version">) => ({
    name,
    epoch,
    version,
    beginsAt: state.genesisTime + epoch * state.slotsPerEpoch * state.secondsPerSlot,
    hasBegun: epoch <= epochAtSlot(state, headSlot),
  });
  const scheduled = inForce(schedule);
  const current = scheduled.findLast(({ epoch }) => epoch <= passed);
  const ahead = scheduled.filter((fork) => fork.epoch > passed || fork === current);
  const isKnown = ({ epoch, version, row }: ScheduledFork): boolean =>
    rows.some((known) => (row === undefined ? known.epoch === epoch && known.version === version : isSame(known, row)));
  const missing = ahead.filter((fork) => !isKnown(fork));
  const strange = rows.filter(
    (row) => row.epoch > passed && !ahead.some(({ epoch, version }) => epoch === row.epoch && version === row.version),
  );
  let free = MAX_FORKS - state.forks.length;
  const remedyOf = ({ epoch, row }: ScheduledFork): UnknownFork["remedy"] => {
    if (epoch <= passed || epoch <= last || strange.length > 0 || free === 0) return { kind: "replace client" };
    if (row === undefined) return { kind: "update software" };
    free -= 1;
    return { kind: "add", row };
  };
  return [
    ...missing.map((fork): UnknownFork => ({ ...described(fork), remedy: remedyOf(fork) })),
    ...strange.map((row): UnknownFork => ({
      ...described({ ...row, name: undefined }),
      remedy: { kind: "replace client" },
    })),
  ].toSorted((one, other) => (one.epoch < other.epoch ? -1 : one.epoch > other.epoch ? 1 : 0));
}

// The forks of a beacon chain as its nodes' configuration lists them, and where each keeps what light clients prove.
import type { Hex } from "../rpc/hex.ts";
import type { Fork } from "../verify/trusted-state.ts";

/** One entry of the configuration: `<NAME>_FORK_EPOCH` and `<NAME>_FORK_VERSION`. */
export interface ListedFork {
  /** In lower case. */
  readonly name: string;
  readonly epoch: bigint;
  readonly version: Hex;
}

export interface ScheduledFork extends ListedFork {
  /** Its row of a light client's fork table; undefined when this software does not know the fork's layout. */
  readonly row: Fork | undefined;
}

type Layout = Omit<Fork, "epoch" | "version">;

/** Generalized indices (consensus-specs electra/ and gloas/light-client/sync-protocol.md); Fulu changed none. */
const ELECTRA: Layout = { finalizedRootGindex: 169, nextSyncCommitteeGindex: 87, executionBlockHashGindex: 812 };
const GLOAS: Layout = { finalizedRootGindex: 735, nextSyncCommitteeGindex: 2946, executionBlockHashGindex: 2856 };
const LAYOUTS: ReadonlyMap<string, Layout> = new Map([
  ["electra", ELECTRA],
  ["fulu", ELECTRA],
  ["gloas", GLOAS],
]);

const FIRST = "electra";
/** The epoch of a fork that has no date. */
export const FAR_FUTURE_EPOCH = (1n << 64n) - 1n;

/** By epoch; forks of one epoch by version, which grows on every network. */
const inOrder = (one: ListedFork, other: ListedFork): number =>
  one.epoch === other.epoch ? (one.version < other.version ? -1 : 1) : one.epoch < other.epoch ? -1 : 1;

/** From Electra on, in order. `listed`: those with a date. */
export function forkSchedule(listed: readonly ListedFork[]): ScheduledFork[] {
  const ordered = listed.toSorted(inOrder);
  const first = ordered.findIndex(({ name }) => name === FIRST);
  return ordered.slice(first === -1 ? ordered.length : first).map(({ name, epoch, version }) => {
    const layout = LAYOUTS.get(name);
    return { name, epoch, version, row: layout && { epoch, version, ...layout } };
  });
}

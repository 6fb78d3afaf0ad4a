// Leaves out light-client updates that somebody else brought meanwhile: sending them again would revert or only cost.
import type { HostedKind } from "../hosted/hosted-kind.ts";

/** The updates from the first that is not applied yet. */
export function neededUpdates(
  kind: HostedKind,
  state: Uint8Array,
  updates: readonly Uint8Array[],
): readonly Uint8Array[] {
  const first = updates.findIndex((update) => !kind.isApplied(state, update));
  return first === -1 ? [] : updates.slice(first);
}

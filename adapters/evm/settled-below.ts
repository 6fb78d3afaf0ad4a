// Which sequences need no second look: a deleted commitment never comes back. What is remembered rests on endpoints' answers,
// so it is forgotten from time to time: a false answer delays a packet's rediscovery and never prevents it.

const RESCAN_MS = 600_000;

export interface SettledBelow {
  /** The lowest sequence of this light client that has to be looked at. */
  first(clientId: string): bigint;
  /** Everything below `sequence` was seen settled. */
  note(clientId: string, sequence: bigint): void;
}

/** `now`: Unix milliseconds. */
export function createSettledBelow(now: () => number): SettledBelow {
  const remembered = new Map<string, { readonly sequence: bigint; readonly since: number }>();
  const valid = (clientId: string) => {
    const entry = remembered.get(clientId);
    return entry !== undefined && now() - entry.since < RESCAN_MS ? entry : undefined;
  };
  return {
    first: (clientId) => valid(clientId)?.sequence ?? 1n,
    note(clientId, sequence) {
      remembered.set(clientId, { sequence, since: valid(clientId)?.since ?? now() });
    },
  };
}

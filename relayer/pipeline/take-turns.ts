// Whose turn it is in this process. A lane is worked on once at a time, and of the lanes between the same two chains so many at a
// time: whatever waits for a chain that answers late, or never, holds up no lane that does not need that chain.
import type { Lane, Routes } from "#relayer/routes.ts";

export interface TakeTurnsOptions {
  readonly routes: Routes;
  /** Most lanes between the same two chains that are worked on at the same time. */
  readonly most: number;
  /** Aborts when nobody is to have a turn any more. */
  readonly signal: AbortSignal;
}

/** `mayGoOn`: nobody else waits for the turn. */
export type TurnWork = (lane: string, mayGoOn: () => boolean) => Promise<void>;

const pairOf = ({ source, target }: Lane): string => [source.chain, target.chain].sort().join(" ");

/**
 * Returns what gives a lane its turn, and resolves when that is over. A lane that is asked for while it waits is not asked for
 * twice; while it is worked on, it has one more turn after the others who wait.
 */
export function takeTurns({ routes, most, signal }: TakeTurnsOptions, work: TurnWork): (lane: string) => Promise<void> {
  const waiting = new Set<string>();
  /** Lanes that are worked on; true for those that are wanted again. */
  const working = new Map<string, boolean>();
  const taken = new Map<string, number>();
  const lines = new Map<string, (() => void)[]>();

  const enter = async (pair: string): Promise<void> => {
    const count = taken.get(pair) ?? 0;
    if (count < most) {
      taken.set(pair, count + 1);
      return;
    }
    await new Promise<void>((resolve) => lines.set(pair, [...(lines.get(pair) ?? []), resolve]));
  };

  /** Whoever waits takes the place. */
  const leave = (pair: string): void => {
    const next = lines.get(pair)?.shift();
    if (next === undefined) taken.set(pair, (taken.get(pair) ?? 1) - 1);
    else next();
  };

  return async (id) => {
    const lane = routes.lane(id);
    if (lane === undefined || waiting.has(id)) return;
    if (working.has(id)) {
      working.set(id, true);
      return;
    }
    const pair = pairOf(lane);
    let wanted = true;
    while (wanted && !signal.aborted) {
      waiting.add(id);
      await enter(pair);
      waiting.delete(id);
      working.set(id, false);
      try {
        if (!signal.aborted) await work(id, () => (lines.get(pair) ?? []).length === 0);
      } finally {
        wanted = working.get(id) === true;
        working.delete(id);
        leave(pair);
      }
    }
  };
}

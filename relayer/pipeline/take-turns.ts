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

export interface Turn {
  /** Nobody else waits for it. */
  mayGoOn(): boolean;
  /** Resolves when the lane is asked for from now on, while this turn lasts. */
  asked(): Promise<void>;
}

export type TurnWork = (lane: string, turn: Turn) => Promise<void>;

const pairOf = ({ source, target }: Lane): string => [source.chain, target.chain].sort().join(" ");

/** That a lane is asked for while it is worked on. */
interface Asks {
  add(): void;
  any(): boolean;
  /** Resolves with the next one. */
  next(): Promise<void>;
}

function createAsks(): Asks {
  let any = false;
  const waiting: (() => void)[] = [];
  return {
    add() {
      any = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
    any: () => any,
    next: () => new Promise((resolve) => void waiting.push(resolve)),
  };
}

/**
 * Returns what gives a lane its turn, and resolves when that is over. A lane that is asked for while it waits is not asked for
 * twice; while it is worked on, it has one more turn after the others who wait.
 */
export function takeTurns({ routes, most, signal }: TakeTurnsOptions, work: TurnWork): (lane: string) => Promise<void> {
  const waiting = new Set<string>();
  /** Lanes that are worked on. */
  const working = new Map<string, Asks>();
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
    const asks = working.get(id);
    if (asks !== undefined) {
      asks.add();
      return;
    }
    const pair = pairOf(lane);
    let wanted = true;
    while (wanted && !signal.aborted) {
      waiting.add(id);
      await enter(pair);
      waiting.delete(id);
      const own = createAsks();
      working.set(id, own);
      const turn: Turn = { mayGoOn: () => (lines.get(pair) ?? []).length === 0, asked: () => own.next() };
      try {
        if (!signal.aborted) await work(id, turn);
      } finally {
        wanted = own.any();
        working.delete(id);
        leave(pair);
      }
    }
  };
}

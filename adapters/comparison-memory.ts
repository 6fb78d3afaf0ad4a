// What earlier comparisons found, by what was believed. It says the same of every light client of this chain.

export interface Memory {
  isAgreed(belief: string): boolean;
  /** `firmly`: everybody who could contradict was heard. Otherwise it is asked again in a while. */
  agree(belief: string, firmly: boolean): void;
  /** Why it could not be compared a short while ago; undefined when it is worth asking. */
  unserved(belief: string): string | undefined;
  miss(belief: string, why: string): void;
}

const PATIENCE_MS = 600_000;
/** A ring has 61 heights. */
const REMEMBERED = 8_192;

function bound(kept: Map<string, unknown>): void {
  for (const oldest of kept.keys()) {
    if (kept.size <= REMEMBERED) return;
    kept.delete(oldest);
  }
}

/** `now` in Unix milliseconds. */
export function createMemory(now: () => number): Memory {
  /** Until when. */
  const agreed = new Map<string, number>();
  const missed = new Map<string, { readonly until: number; readonly why: string }>();
  return {
    isAgreed: (belief) => (agreed.get(belief) ?? 0) > now(),
    agree(belief, firmly) {
      agreed.set(belief, firmly ? Infinity : now() + PATIENCE_MS);
      missed.delete(belief);
      bound(agreed);
    },
    unserved(belief) {
      const miss = missed.get(belief);
      return miss !== undefined && miss.until > now() ? miss.why : undefined;
    },
    miss(belief, why) {
      missed.set(belief, { until: now() + PATIENCE_MS, why });
      bound(missed);
    },
  };
}

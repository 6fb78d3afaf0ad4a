// Where a phase's time went, from the relayer's own metrics before and after it.
import { difference, sumSamples } from "./prometheus.ts";

export interface StageTime {
  readonly stage: string;
  /** Of all batches, several of which may be in it at once. */
  readonly seconds: number;
  readonly batches: number;
}

export interface Traffic {
  readonly requests: Readonly<Record<string, number>>;
  readonly seconds: Readonly<Record<string, number>>;
  readonly bytes: Readonly<Record<string, number>>;
}

export interface Profile {
  readonly stages: readonly StageTime[];
  /** Per packet: requests and their seconds by chain and method, bytes by chain and direction. Empty where nothing is metered. */
  readonly traffic: Traffic;
}

const perPacket = (sums: ReadonlyMap<string, number>, packets: number): Record<string, number> =>
  Object.fromEntries(
    [...sums]
      .filter(([, value]) => value > 0)
      .toSorted(([, left], [, right]) => right - left)
      .map(([key, value]) => [key, value / packets]),
  );

/** `before`, `after`: the metrics of every process. */
export function profileOf(before: readonly string[], after: readonly string[], packets: number): Profile {
  const grown = (name: string, labels: readonly string[]) =>
    difference(sumSamples(after, name, labels), sumSamples(before, name, labels));
  const counts = grown("causeway_stage_seconds_count", ["stage"]);
  return {
    stages: [...grown("causeway_stage_seconds_sum", ["stage"])].map(([stage, seconds]) => ({
      stage,
      seconds,
      batches: counts.get(stage) ?? 0,
    })),
    traffic: {
      requests: perPacket(grown("causeway_rpc_requests_total", ["chain", "method"]), packets),
      seconds: perPacket(grown("causeway_rpc_seconds_sum", ["chain", "method"]), packets),
      bytes: perPacket(grown("causeway_rpc_bytes_total", ["chain", "direction"]), packets),
    },
  };
}

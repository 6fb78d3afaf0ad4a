// Causeway beside the best of the others at the same work: in the same run where they ran, else as they were measured last.
import type { Measurement } from "./measurements.ts";
import type { PhaseName } from "./phase.ts";

export interface Comparison {
  readonly phase: PhaseName;
  readonly peer: Measurement;
  /** How many times as many packets a second; of single packets how many times as fast a round trip. */
  readonly ratio: number;
  readonly inSameRun: boolean;
}

const OWN = "causeway";

const speed = ({ phase, figures }: Measurement): number =>
  phase === "single" ? 1 / figures.roundTripSeconds.median : figures.packetsPerSecond;

/** `kept`: of other runs. Nothing where no peer was ever measured. */
export function compare(own: Measurement, run: readonly Measurement[], kept: readonly Measurement[]): Comparison[] {
  const peersOf = (measured: readonly Measurement[]): Measurement[] =>
    measured.filter(({ relayer, pair, phase }) => relayer !== OWN && pair === own.pair && phase === own.phase);
  const [here, before] = [peersOf(run), peersOf(kept)];
  const [peer] = (here.length > 0 ? here : before).toSorted((left, right) => speed(right) - speed(left));
  if (peer === undefined) return [];
  return [{ phase: own.phase, peer, ratio: speed(own) / speed(peer), inSameRun: here.length > 0 }];
}

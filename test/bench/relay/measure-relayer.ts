// One relayer through all kinds of work.
import type { Figures } from "./figures.ts";
import { backlog, live, single } from "./phase.ts";
import type { PhaseName, PhaseOptions } from "./phase.ts";
import type { BenchRelayer, RunningRelayer } from "./relayer.ts";

export interface Measured {
  readonly what: string;
  readonly phases: Partial<Record<PhaseName, Figures>>;
}

/** `found` is told each phase when it has ended. The backlog comes last, because it begins with a start. */
export async function measureRelayer(
  relayer: BenchRelayer,
  only: readonly PhaseName[],
  options: PhaseOptions,
  found: (phase: PhaseName, figures: Figures) => void,
): Promise<Measured> {
  const phases: Partial<Record<PhaseName, Figures>> = {};
  const keep = (phase: PhaseName, figures: Figures): void => {
    phases[phase] = figures;
    found(phase, figures);
  };
  let running: RunningRelayer = await relayer.start();
  try {
    // What a first start has to do is not part of any phase.
    await relayer.idle(running);
    if (only.includes("live")) keep("live", await live(relayer, running, options));
    if (only.includes("single")) keep("single", await single(relayer, running, options));
    if (only.includes("backlog")) {
      await running.stop();
      keep("backlog", await backlog(relayer, (started) => (running = started), options));
    }
    return { what: relayer.what, phases };
  } finally {
    await running.stop();
  }
}

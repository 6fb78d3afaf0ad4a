// One relayer through all kinds of work.
import type { Figures } from "./figures.ts";
import { backlog, live, single } from "./phase.ts";
import type { PhaseName, PhaseOptions } from "./phase.ts";
import type { BenchRelayer, RunningRelayer } from "./relayer.ts";

/**
 * `found` is told each phase when it has ended. The backlog comes last, because it begins with a start; nothing comes after a phase that left packets
 * behind, because they would be the next one's.
 */
export async function measureRelayer(
  relayer: BenchRelayer,
  only: readonly PhaseName[],
  options: PhaseOptions,
  found: (phase: PhaseName, figures: Figures) => void,
): Promise<void> {
  let running: RunningRelayer = await relayer.start();
  const phases: Readonly<Record<PhaseName, () => Promise<Figures>>> = {
    live: () => live(relayer, running, options),
    single: () => single(relayer, running, options),
    async backlog() {
      await running.stop();
      return backlog(relayer, (started) => (running = started), options);
    },
  };
  try {
    // What a first start has to do is not part of any phase.
    await relayer.idle(running);
    for (const phase of only) {
      const figures = await phases[phase]();
      found(phase, figures);
      if (figures.left > 0) return;
    }
  } finally {
    await running.stop();
  }
}

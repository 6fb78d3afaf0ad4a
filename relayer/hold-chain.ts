// What a process does for a chain while it holds it: watches it, works the lanes that lead to it, and looks after their light clients.
import { once } from "node:events";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Engine } from "./engine.ts";
import type { Tenure } from "./leases/leases.ts";
import { watch } from "./pipeline/1-watch.ts";
import { advance } from "./pipeline/pipeline.ts";
import { takeTurns } from "./pipeline/take-turns.ts";
import { runLaneTimers } from "./timers.ts";

/** `most`: lanes from one chain that are worked on at the same time. Returns when nothing is in hand any more. */
export async function holdChain(engine: Engine, chain: ChainId, tenure: Tenure, most: number): Promise<void> {
  const { ending, lost } = tenure;
  engine.emit({ type: "lease", chain, held: true });
  const stopped = AbortSignal.any([engine.signal, lost]);
  const { routes } = engine;
  const takeTurn = takeTurns({ routes, most, signal: stopped }, (lane, turn) => advance(engine, lane, turn, stopped));
  const worker = engine.queue.work(chain, takeTurn);
  const ended = async (): Promise<void> => {
    if (!ending.aborted) await once(ending, "abort");
    await worker.close();
  };
  try {
    await Promise.all([
      ended(),
      watch(engine, chain, ending),
      runLaneTimers(
        engine,
        engine.routes.lanes.filter(({ target }) => target.chain === chain),
        tenure,
      ),
    ]);
  } finally {
    engine.emit({ type: "lease", chain, held: false });
  }
}

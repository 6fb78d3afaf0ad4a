// What happens by the clock: finding due work, clearing, keeping light clients alive and comparing them with their chains.
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { pruneChanges } from "./changes/read-changes.ts";
import { compare } from "./misbehaviour/compare.ts";
import { lanesWithWork } from "./packets/lanes.ts";
import { clear } from "./pipeline/clear.ts";
import { lookForForks, readClient } from "./pipeline/pipeline.ts";

/** Runs `work` now and then again `interval` milliseconds after each end, until the relayer stops. It must not throw. */
async function every(engine: Engine, interval: number, work: () => Promise<void>): Promise<void> {
  while (!engine.signal.aborted) {
    await work();
    await delay(interval, undefined, { signal: engine.signal }).catch(() => undefined);
  }
}

function workFinder(engine: Engine): () => Promise<void> {
  const ids = engine.routes.lanes.map(({ id }) => id);
  let failing = false;
  return async () => {
    try {
      for (const lane of await lanesWithWork(engine.pool, ids)) await engine.queue.remind(lane);
      failing = false;
    } catch (error) {
      // Once for an outage, however long it lasts.
      if (!engine.signal.aborted && !failing)
        engine.logger.warn({ error: (error as Error).message }, "due work cannot be found for the moment");
      failing = true;
    }
  };
}

const PRUNE_MS = 60_000;

/** Returns when everything has ended. */
export async function runTimers(engine: Engine): Promise<void> {
  const perLane = engine.routes.lanes.flatMap((lane) => {
    const guarded =
      (what: (engine: Engine, lane: (typeof engine.routes.lanes)[number]) => Promise<void>, name: string) =>
      async () => {
        try {
          await what(engine, lane);
        } catch (error) {
          if (!engine.signal.aborted)
            engine.logger.warn({ lane: lane.id, error: (error as Error).message }, `${name} failed; it is tried again`);
        }
      };
    return [
      every(engine, engine.timers.clear, guarded(clear, "clearing")),
      every(engine, engine.timers.refresh, guarded(readClient, "reading the light client")),
      every(engine, engine.timers.refresh, guarded(lookForForks, "looking for forks ahead")),
      every(engine, engine.timers.compare, guarded(compare, "comparing the light client with its chain")),
    ];
  });
  const prune = (): Promise<void> =>
    pruneChanges(engine.pool).catch((error: Error) => {
      if (!engine.signal.aborted)
        engine.logger.warn({ error: error.message }, "old changes could not be forgotten; it is tried again");
    });
  await Promise.all([
    every(engine, engine.timers.tick, workFinder(engine)),
    every(engine, PRUNE_MS, prune),
    ...perLane,
  ]);
}

// What happens by the clock: finding due work, clearing, keeping light clients alive, comparing them with their chains, and keeping house.
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { pruneChanges } from "./changes/read-changes.ts";
import { compare } from "./misbehaviour/compare.ts";
import { noteBacklogs } from "./packets/lane-backlogs.ts";
import { lanesWithWork, takeClearDue } from "./packets/lanes.ts";
import { clear } from "./pipeline/clear.ts";
import { lookForForks, readClient } from "./pipeline/pipeline.ts";

/** Runs `work` now and then again `interval` milliseconds after each end, until the relayer stops. It must not throw. */
async function every(engine: Engine, interval: number, work: () => Promise<void>): Promise<void> {
  while (!engine.signal.aborted) {
    await work();
    await delay(interval, undefined, { signal: engine.signal }).catch(() => undefined);
  }
}

/** Clears what an operator wants cleared at once. What fails, or somebody is at already, is left to the timer. */
async function clearDue(engine: Engine): Promise<void> {
  const due = await takeClearDue(
    engine.pool,
    engine.routes.lanes.map(({ id }) => id),
  );
  const clearing = engine.routes.lanes.filter(({ id }) => due.includes(id)).map((lane) => clear(engine, lane));
  const failed = (await Promise.allSettled(clearing)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function findWork(engine: Engine): Promise<void> {
  const ids = engine.routes.lanes.map(({ id }) => id);
  for (const lane of await lanesWithWork(engine.pool, ids)) await engine.queue.remind(lane);
}

/** `work` that does not throw: its failure is told once for an outage, however long it lasts. */
function told(engine: Engine, work: (engine: Engine) => Promise<void>, problem: string): () => Promise<void> {
  let failing = false;
  return async () => {
    try {
      await work(engine);
      failing = false;
    } catch (error) {
      if (!engine.signal.aborted && !failing) engine.logger.warn({ error: (error as Error).message }, problem);
      failing = true;
    }
  };
}

const MINUTE_MS = 60_000;

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
  const { tick } = engine.timers;
  await Promise.all([
    every(engine, tick, told(engine, findWork, "due work cannot be found for the moment")),
    every(engine, tick, told(engine, clearDue, "clearing at an operator's word failed")),
    every(
      engine,
      MINUTE_MS,
      told(engine, ({ pool }) => noteBacklogs(pool), "what waits cannot be noted for the moment"),
    ),
    every(
      engine,
      MINUTE_MS,
      told(engine, ({ pool }) => pruneChanges(pool), "old changes cannot be forgotten for the moment"),
    ),
    ...perLane,
  ]);
}

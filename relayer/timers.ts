// What happens by the clock: finding due work, clearing, keeping light clients alive, comparing them with their chains, and keeping house.
// Lanes are looked after by whoever holds their target.
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { pruneChanges } from "./changes/read-changes.ts";
import { compare } from "./misbehaviour/compare.ts";
import { noteBacklogs } from "./packets/lane-backlogs.ts";
import { lanesWithWork, takeClearDue } from "./packets/lanes.ts";
import { namePackets } from "./packets/name-packets.ts";
import { clear } from "./pipeline/clear.ts";
import { lookForForks, readClient } from "./pipeline/pipeline.ts";
import type { Tenure } from "./leases/leases.ts";
import type { Lane } from "./routes.ts";

const pause = (signal: AbortSignal, milliseconds: number): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);

/** Runs `work` now and then again `interval` milliseconds after each end, until `signal` aborts. It must not throw. */
async function every(signal: AbortSignal, interval: number, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await pause(signal, interval);
  }
}

const lanesHeld = ({ routes, leases }: Engine): readonly Lane[] =>
  routes.lanes.filter(({ target }) => leases.holds(target.chain));

/** Clears what an operator wants cleared at once. What fails, or somebody is at already, is left to the timer. */
async function clearDue(engine: Engine): Promise<void> {
  const lanes = lanesHeld(engine);
  const due = await takeClearDue(
    engine.pool,
    lanes.map(({ id }) => id),
  );
  const clearing = lanes.filter(({ id }) => due.includes(id)).map((lane) => clear(engine, lane));
  const failed = (await Promise.allSettled(clearing)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function findWork(engine: Engine): Promise<void> {
  const ids = lanesHeld(engine).map(({ id }) => id);
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

/** `work` until it is done once. */
async function once(engine: Engine, work: (engine: Engine) => Promise<void>, problem: string): Promise<void> {
  let isDone = false;
  const attempt = told(engine, async () => void (isDone = await work(engine).then(() => true)), problem);
  for (; !isDone && !engine.signal.aborted; await pause(engine.signal, engine.timers.tick)) await attempt();
}

const MINUTE_MS = 60_000;

/** For the lanes to one chain, while it is held. `lost` also stops what is in hand. Returns when everything has ended. */
export async function runLaneTimers(engine: Engine, lanes: readonly Lane[], { ending, lost }: Tenure): Promise<void> {
  const stopped = AbortSignal.any([engine.signal, lost]);
  const perLane = lanes.flatMap((lane) => {
    const guarded =
      (what: (engine: Engine, lane: Lane, signal: AbortSignal) => Promise<void>, name: string) => async () => {
        try {
          await what(engine, lane, stopped);
        } catch (error) {
          if (!stopped.aborted)
            engine.logger.warn({ lane: lane.id, error: (error as Error).message }, `${name} failed; it is tried again`);
        }
      };
    const { clear: clearing, refresh, compare: comparing } = engine.timers;
    return [
      // First what came while the relayer was away is watched: then it is not looked for as though it were lost.
      pause(ending, clearing).then(() => every(ending, clearing, guarded(clear, "clearing"))),
      every(ending, refresh, guarded(readClient, "reading the light client")),
      every(ending, refresh, guarded(lookForForks, "looking for forks ahead")),
      every(ending, comparing, guarded(compare, "comparing the light client with its chain")),
    ];
  });
  await Promise.all(perLane);
}

/** For all lanes whose target is held, and for the database. Returns when everything has ended. */
export async function runTimers(engine: Engine): Promise<void> {
  const { signal } = engine;
  const { tick } = engine.timers;
  await Promise.all([
    once(
      engine,
      ({ pool }) => namePackets(pool, signal),
      "packets of an earlier version cannot be named for the moment",
    ),
    every(signal, tick, told(engine, findWork, "due work cannot be found for the moment")),
    every(signal, tick, told(engine, clearDue, "clearing at an operator's word failed")),
    every(
      signal,
      MINUTE_MS,
      told(engine, ({ pool }) => noteBacklogs(pool), "what waits cannot be noted for the moment"),
    ),
    every(
      signal,
      MINUTE_MS,
      told(engine, ({ pool }) => pruneChanges(pool), "old changes cannot be forgotten for the moment"),
    ),
  ]);
}

// Stage 1: finalized events in, packets and deliveries stored, together with the cursor and the height ledger.
import { setTimeout as delay } from "node:timers/promises";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Cursor, Watched } from "#adapters/source-chain.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { storeOutage } from "#relayer/database/store-outage.ts";
import type { Engine } from "#relayer/engine.ts";
import { moveCursor, readCursor } from "#relayer/packets/cursor.ts";
import { expirePackets, ingest } from "#relayer/packets/ingest.ts";
import { wakeLanes } from "#relayer/packets/lanes.ts";
import { retryRule } from "./retry-rule.ts";

/** Takes one answer of the chain in. Returns the cursor it leads to. */
export async function takeWatched(
  engine: Engine,
  chain: ChainId,
  before: Cursor | undefined,
  watched: Watched,
): Promise<Cursor> {
  const begin = performance.now();
  await transaction(engine.pool, async (session) => {
    await moveCursor(session, chain, before, watched);
    if (watched.kind === "gap") return;
    await ingest(session, engine.routes, chain, watched.events);
    await expirePackets(session, chain, watched.to, watched.timestamp);
  });
  const { from, to } = watched;
  const seconds = (performance.now() - begin) / 1000;
  engine.emit(
    watched.kind === "gap"
      ? { type: "gap", chain, from, to, why: watched.why }
      : { type: "watched", chain, from, to, events: watched.events.length, seconds },
  );
  for (const lane of await wakeLanes(engine.pool, chain, to, engine.limits.underWay)) await engine.queue.add(lane);
  return watched.cursor;
}

async function follow(engine: Engine, chain: ChainId, signal: AbortSignal, onProgress: () => void): Promise<void> {
  let cursor = await readCursor(engine.pool, chain);
  for await (const watched of engine.chain(chain).source.watch(cursor, signal)) {
    if (signal.aborted) return;
    cursor = await takeWatched(engine, chain, cursor, watched);
    onProgress();
  }
}

/** Runs until `signal` aborts. */
export async function watch(engine: Engine, chain: ChainId, signal: AbortSignal): Promise<void> {
  let attempts = 0;
  while (!signal.aborted) {
    let pause = engine.timers.tick;
    try {
      await follow(engine, chain, signal, () => (attempts = 0));
    } catch (error) {
      if (signal.aborted) return;
      attempts += 1;
      const rule = retryRule(error, attempts, engine.timers);
      engine.emit({ type: "failed", stage: "watch", where: chain, code: rule.code, error: storeOutage(error) });
      pause = rule.delay;
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

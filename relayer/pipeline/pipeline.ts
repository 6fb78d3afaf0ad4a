// The way of a packet: watch, prove, queue, verify, submit, log. One call takes a lane one batch further.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { storeOutage } from "#relayer/database/store-outage.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Stage } from "#relayer/events.ts";
import { abandonBatch, closeBatch, moveBatch, openBatch } from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import { deliveriesOfBatch } from "#relayer/packets/deliveries.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import { requireAgreement } from "#relayer/misbehaviour/compare.ts";
import { failLane, laneState, recordClient, succeedLane } from "#relayer/packets/lanes.ts";
import type { Lane } from "#relayer/routes.ts";
import { prove } from "./2-prove.ts";
import { retryRule } from "./3-queue.ts";
import { verifyBatch } from "./4-verify.ts";
import { allDone, submit } from "./5-submit.ts";
import { logIntent, logOutcome, logVerdict } from "./6-log.ts";

interface Step {
  readonly engine: Engine;
  readonly lane: Lane;
  readonly deliveries: readonly Delivery[];
  readonly signal: AbortSignal;
  /** Told where it was when something failed. */
  reached(stage: Stage): void;
}

const stages = { queued: "queue", verifying: "verify", submitting: "submit", logging: "log" } as const;

/** queued → verifying → submitting. Throws EVIDENCE_REFUSED with the reason, CLIENT_CONTRADICTED. */
async function judge(step: Step, queued: Batch): Promise<Batch> {
  const { engine, lane, deliveries } = step;
  const batch = await moveBatch(engine.pool, queued, deliveries, "verifying");
  const trusted = await engine.chain(lane.target.chain).target.trusted(lane.target.client);
  await requireAgreement(engine, lane, trusted, step.signal);
  const begin = performance.now();
  const verdict = await verifyBatch(engine.chain(lane.source.chain).verify, {
    envelope: batch.envelope,
    trusted,
    targetChain: lane.target.chain,
    sourceChain: lane.source.chain,
    messages: deliveries.map(({ message }) => message),
  });
  const seconds = (performance.now() - begin) / 1000;
  engine.emit({ type: "verified", lane: lane.id, batch: batch.id, verdict, seconds });
  await logVerdict({ ...step, batch }, trusted, verdict);
  if (!verdict.ok)
    throw new CausewayError("EVIDENCE_REFUSED", `${verdict.reason} at ${verdict.at}`, {
      context: { reason: verdict.reason, at: verdict.at, batch: batch.id },
    });
  return moveBatch(engine.pool, batch, deliveries, "submitting");
}

const inFlight = async ({ engine, lane }: Pick<Step, "engine" | "lane">, batch: Batch): Promise<boolean> =>
  (await engine.transactions.ofBatch(lane.target.chain, batch.id)).length > 0;

/**
 * submitting → logging. A batch that was here before a kill goes on with the transaction it has. Undefined when an operator paused
 * the lane before there was one.
 */
async function deliver(step: Step, batch: Batch): Promise<Batch | undefined> {
  const { engine, lane, deliveries, signal } = step;
  if (!(await inFlight(step, batch))) {
    if (await allDone(engine, lane, deliveries))
      return moveBatch(engine.pool, batch, deliveries, "logging", {
        deliveries: deliveries.map(() => ({ status: "already" })),
      });
    if ((await laneState(engine.pool, lane.id)).paused) return undefined;
  }
  await logIntent({ ...step, batch });
  const result = await submit(engine, lane, batch, deliveries, signal);
  if (result.deliveries.length !== deliveries.length)
    throw new CausewayError("RPC_BAD_ANSWER", "the target answered for another number of messages than it was given");
  return moveBatch(engine.pool, batch, deliveries, "logging", result);
}

/** logging → logged. */
async function settle(step: Step, batch: Batch): Promise<void> {
  const { engine, lane, deliveries } = step;
  const { result } = batch;
  if (result === undefined) throw new CausewayError("STORE_UNAVAILABLE", `batch ${batch.id} has no stored result`);
  await logOutcome({ ...step, batch }, result);
  await closeBatch(engine.pool, batch, deliveries, result, ({ attempts }, reason) =>
    retryRule(new CausewayError("TRANSACTION_REVERTED", reason), attempts + 1, engine.timers),
  );
  for (const [index, { message, watchedAt }] of deliveries.entries())
    engine.emit({
      type: "delivered",
      lane: lane.id,
      leg: message.kind,
      status: result.deliveries[index]?.status ?? "refused",
      seconds: (Date.now() - watchedAt.getTime()) / 1000,
    });
}

/** False when the lane was paused on the way. */
async function carry(step: Step, opened: Batch): Promise<boolean> {
  const { engine, lane, deliveries } = step;
  let batch = opened;
  try {
    if (batch.status === "queued" || batch.status === "verifying") batch = await judge(step, batch);
    if (batch.status === "submitting") {
      const delivered = await deliver(step, batch);
      if (delivered === undefined) return false;
      batch = delivered;
    }
    await settle(step, batch);
    await succeedLane(engine.pool, lane.id);
    return true;
  } catch (error) {
    step.reached(stages[batch.status]);
    const rule = retryRule(error, (deliveries[0]?.attempts ?? 0) + 1, engine.timers);
    const delivered = batch.status === "logging";
    if (!rule.keepsBatch && !delivered) {
      const refused = isCausewayError(error) && error.code === "EVIDENCE_REFUSED";
      await abandonBatch(engine.pool, batch, deliveries, refused ? "refused" : "abandoned", rule);
    }
    throw error;
  }
}

async function advanceAlone(engine: Engine, lane: Lane, signal: AbortSignal): Promise<boolean> {
  let stage: Stage = "prove";
  const { attempts, resting, stopped, paused } = await laneState(engine.pool, lane.id);
  if (resting) return false;
  try {
    const open = await openBatch(engine.pool, lane.id);
    // What the chain answered before is still written down.
    if (stopped && open?.status !== "logging") return false;
    // What is signed may be included at any time: it is followed to its end.
    if (paused && open?.status !== "logging" && (open === undefined || !(await inFlight({ engine, lane }, open))))
      return false;
    // A new batch is handed over through the queue: whichever worker is free takes it from here.
    if (open === undefined) return (await prove(engine, lane, signal)) !== undefined;
    stage = stages[open.status];
    const deliveries = await deliveriesOfBatch(engine.pool, open.id);
    return await carry({ engine, lane, signal, deliveries, reached: (at) => (stage = at) }, open);
  } catch (error) {
    const rule = retryRule(error, attempts + 1, engine.timers);
    if (rule.code !== "CANCELLED" && !signal.aborted)
      engine.emit({ type: "failed", stage, where: lane.id, code: rule.code, error: storeOutage(error) });
    await failLane(engine.pool, lane.id, rule);
    return false;
  }
}

/** What a worker does with a job. Harmless when the lane has nothing to do, or when another job is at it. */
export async function advance(engine: Engine, laneId: string, signal: AbortSignal): Promise<void> {
  const lane = engine.routes.lane(laneId);
  if (lane === undefined || signal.aborted) return;
  let moved = false;
  await engine.alone(`lane ${laneId}`, async () => {
    moved = await advanceAlone(engine, lane, signal);
  });
  if (moved && !signal.aborted) await engine.queue.add(laneId);
}

/** Tells which forks of its source the lane's light client does not know. */
export async function lookForForks(engine: Engine, { id, source, target }: Lane): Promise<void> {
  const trusted = await engine.chain(target.chain).target.trusted(target.client);
  const ahead = await engine.chain(source.chain).source.forksAhead({ targetChain: target.chain, trusted });
  engine.emit({ type: "forks", lane: id, ahead });
}

/** Reads what the lane's light client trusts, for status and for the refresh that keeps it alive. */
export async function readClient(engine: Engine, lane: Lane): Promise<void> {
  const trusted = await engine.chain(lane.target.chain).target.trusted(lane.target.client);
  await recordClient(engine.pool, lane, trusted);
}

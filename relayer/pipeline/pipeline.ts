// The way of a packet: watch, prove, queue, verify, submit, log. One call takes a lane one batch further.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { storeOutage } from "#relayer/database/store-outage.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Stage } from "#relayer/events.ts";
import { abandonBatch, answerBatch, closeBatch, forgetBatch, passBatch, takeBatch } from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import { readDeliveries } from "#relayer/packets/deliveries.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import { requireAgreement } from "#relayer/misbehaviour/compare.ts";
import { failLane, isPaused, laneState, recordClient } from "#relayer/packets/lanes.ts";
import { nextMost } from "#relayer/packets/next-most.ts";
import type { Lane } from "#relayer/routes.ts";
import { prove } from "./2-prove.ts";
import { retryRule } from "./retry-rule.ts";
import type { RetryRule } from "./retry-rule.ts";
import { verifyBatch } from "./4-verify.ts";
import { submit } from "./5-submit.ts";
import { openBatchLog } from "./6-log.ts";
import type { BatchLog } from "./6-log.ts";

interface Step {
  readonly engine: Engine;
  readonly lane: Lane;
  readonly deliveries: readonly Delivery[];
  /** Most messages of a transaction, as far as that is known. */
  readonly most: number | undefined;
  readonly log: BatchLog;
  readonly signal: AbortSignal;
  /** Told where it is, in case that something fails. */
  reached(stage: Stage): void;
}

const stages = { queued: "queue", verifying: "verify", submitting: "submit", logging: "log" } as const;

interface Judged {
  readonly batch: Batch;
  /** An operator paused the lane before anything was signed. */
  readonly paused: boolean;
}

/** queued → verifying → submitting. Throws EVIDENCE_REFUSED with the reason, CLIENT_CONTRADICTED. */
async function judge(step: Step, queued: Batch): Promise<Judged> {
  const { engine, lane, deliveries, log } = step;
  const { batch, waited } = await takeBatch(engine.pool, queued);
  step.reached("verify");
  if (queued.status === "queued") engine.emit({ type: "taken", lane: lane.id, batch: batch.id, seconds: waited });
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
  const paused = verdict.ok && (await isPaused(engine.pool, lane.id));
  // What is to be signed is announced in the same breath.
  await Promise.all([log.verdict(trusted, verdict), ...(verdict.ok && !paused ? [log.intent()] : [])]);
  if (!verdict.ok)
    throw new CausewayError("EVIDENCE_REFUSED", `${verdict.reason} at ${verdict.at}`, {
      context: { reason: verdict.reason, at: verdict.at, batch: batch.id },
    });
  return { batch: await passBatch(engine.pool, batch), paused };
}

const inFlight = async (engine: Engine, lane: Lane, batch: string): Promise<boolean> =>
  (await engine.transactions.ofBatch(lane.target.chain, batch)).length > 0;

/** A batch that was at `submitting` before goes on with the transaction it has; without one it is announced once more. */
async function resume({ engine, lane, log }: Step, batch: Batch): Promise<Judged> {
  const paused = !(await inFlight(engine, lane, batch.id)) && (await isPaused(engine.pool, lane.id));
  if (!paused) await log.intent();
  return { batch, paused };
}

/** submitting → logging. */
async function deliver(step: Step, batch: Batch): Promise<Batch> {
  const { engine, lane, deliveries, signal } = step;
  step.reached("submit");
  const result = await submit(engine, lane, batch, deliveries, signal);
  if (result.deliveries.length !== deliveries.length)
    throw new CausewayError("RPC_BAD_ANSWER", "the target answered for another number of messages than it was given");
  return answerBatch(engine.pool, batch, result);
}

/** logging → logged. */
async function settle(step: Step, batch: Batch): Promise<void> {
  const { engine, lane, deliveries } = step;
  const { result } = batch;
  step.reached("log");
  if (result === undefined) throw new CausewayError("STORE_UNAVAILABLE", `batch ${batch.id} has no stored result`);
  const begin = performance.now();
  await step.log.outcome(result);
  await closeBatch(engine.pool, {
    lane: lane.id,
    batch,
    deliveries,
    result,
    ruleFor: ({ attempts }, reason) =>
      retryRule(new CausewayError("TRANSACTION_REVERTED", reason), attempts + 1, engine.timers),
    most: nextMost(step.most, engine.limits.messages, result),
  });
  const seconds = (performance.now() - begin) / 1000;
  engine.emit({ type: "closed", lane: lane.id, batch: batch.id, seconds });
  for (const [index, { message, watchedAt }] of deliveries.entries()) {
    const status = result.deliveries[index]?.status ?? "refused";
    if (status === "left") continue;
    const latency = (Date.now() - watchedAt.getTime()) / 1000;
    engine.emit({ type: "delivered", lane: lane.id, leg: message.kind, status, seconds: latency });
  }
}

/** False when the lane was paused on the way. */
async function carry(step: Step, opened: Batch): Promise<boolean> {
  const { engine, deliveries } = step;
  let batch = opened;
  step.reached(stages[opened.status]);
  try {
    if (batch.status !== "logging") {
      const { batch: next, paused } = await (batch.status === "submitting" ? resume(step, batch) : judge(step, batch));
      batch = next;
      if (paused) return false;
    }
    if (batch.status === "submitting") batch = await deliver(step, batch);
    await settle(step, batch);
    return true;
  } catch (error) {
    const rule = retryRule(error, (deliveries[0]?.attempts ?? 0) + 1, engine.timers);
    const delivered = batch.status === "logging";
    if (!rule.keepsBatch && !delivered) {
      const refused = isCausewayError(error) && error.code === "EVIDENCE_REFUSED";
      await abandonBatch(engine.pool, batch, deliveries, refused ? "refused" : "abandoned", rule);
    }
    throw error;
  }
}

export interface Turn {
  /** Nobody else waits for it. */
  readonly mayGoOn: () => boolean;
  readonly signal: AbortSignal;
}

/** Failures of a batch that one of its messages, or their number, may bring about; others are the lane's. */
const OF_ONE_MESSAGE = new Set(["EVIDENCE_REFUSED", "VERIFIER_FAILED", "TRANSACTION_REVERTED"]);

/** Whose fault it is of so many is found by trying half as many, and then half of these; it is no failure of the lane in a row. */
const halveLane = ({ pool, timers }: Engine, { id }: Lane, together: number, rule: RetryRule): Promise<void> =>
  failLane(pool, id, { ...rule, spendsAttempt: false, delay: timers.firstRetry }, Math.floor(together / 2));

async function advanceAlone(engine: Engine, lane: Lane, { mayGoOn, signal }: Turn): Promise<boolean> {
  let stage: Stage = "prove";
  let together = 0;
  const state = await laneState(engine.pool, lane.id);
  const { open, attempts, stopped, paused, most } = state;
  if (state.resting) return false;
  try {
    // What the chain answered before is still written down.
    if (stopped && open?.status !== "logging") return false;
    // What is signed may be included at any time: it is followed to its end.
    if (paused && open?.status !== "logging" && (open === undefined || !(await inFlight(engine, lane, open.id))))
      return false;
    const go = (batch: Batch, deliveries: readonly Delivery[]): Promise<boolean> => {
      together = deliveries.length;
      const log = openBatchLog(engine, lane, batch, deliveries);
      return carry({ engine, lane, deliveries, most, log, signal, reached: (at) => (stage = at) }, batch);
    };
    if (open !== undefined && open.status !== "proving")
      return await go(open, await readDeliveries(engine.pool, open.deliveries));
    if (open !== undefined) await forgetBatch(engine.pool, open.id);
    else if (!state.due) return false;
    const proved = await prove(engine, lane, state, signal);
    if (proved === undefined) return false;
    // Where others wait for their turn a new batch goes back to the queue, and is taken from there.
    return mayGoOn() ? await go(proved.batch, proved.deliveries) : true;
  } catch (error) {
    const rule = retryRule(error, attempts + 1, engine.timers);
    if (rule.code !== "CANCELLED" && !signal.aborted)
      engine.emit({ type: "failed", stage, where: lane.id, code: rule.code, error: storeOutage(error) });
    if (together > 1 && OF_ONE_MESSAGE.has(rule.code)) await halveLane(engine, lane, together, rule);
    else await failLane(engine.pool, lane.id, rule);
    return false;
  }
}

/**
 * What a worker does with a job, as long as it may go on: then the lane is queued again. Harmless when the lane has nothing to do, or when
 * another job is at it.
 */
export async function advance(engine: Engine, laneId: string, turn: Turn): Promise<void> {
  const { mayGoOn, signal } = turn;
  const lane = engine.routes.lane(laneId);
  if (lane === undefined || signal.aborted) return;
  let moved = false;
  await engine.alone(`lane ${laneId}`, async () => {
    do moved = await advanceAlone(engine, lane, turn);
    while (moved && !signal.aborted && mayGoOn());
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

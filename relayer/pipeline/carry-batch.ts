// Takes one batch through the stages that follow its proof: judged, signed and sent, written down.
import type { SubmitResult } from "#adapters/target-chain.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Stage } from "#relayer/events.ts";
import { requireAgreement } from "#relayer/misbehaviour/compare.ts";
import { abandonBatch, answerBatch, closeBatch, passBatch, takeBatch } from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import { isPaused } from "#relayer/packets/lanes.ts";
import { nextMost } from "#relayer/packets/next-most.ts";
import type { Lane } from "#relayer/routes.ts";
import { retryRule } from "./retry-rule.ts";
import { trustedAfter, verifyBatch } from "./4-verify.ts";
import { submit } from "./5-submit.ts";
import { openBatchLog } from "./6-log.ts";
import type { BatchLog } from "./6-log.ts";

/** One batch on its way. */
export interface Step {
  readonly engine: Engine;
  readonly lane: Lane;
  readonly deliveries: readonly Delivery[];
  /** Most messages of a transaction, as far as that was known when it began. */
  readonly most: number | undefined;
  readonly log: BatchLog;
  readonly signal: AbortSignal;
  /** Where it is, in case that something fails. */
  stage: Stage;
}

export const openStep = (
  { engine, lane, most, signal }: Pick<Step, "engine" | "lane" | "most" | "signal">,
  batch: Batch,
  deliveries: readonly Delivery[],
): Step => ({
  engine,
  lane,
  deliveries,
  most,
  signal,
  log: openBatchLog(engine, lane, batch, deliveries),
  stage: "queue",
});

/** What fails before the target answered makes the evidence void, unless nothing is wrong with it. */
async function orAbandon<T>({ engine, deliveries }: Step, batch: Batch, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const rule = retryRule(error, (deliveries[0]?.attempts ?? 0) + 1, engine.timers);
    if (!rule.keepsBatch) {
      const refused = isCausewayError(error) && error.code === "EVIDENCE_REFUSED";
      await abandonBatch(engine.pool, batch, deliveries, refused ? "refused" : "abandoned", rule);
    }
    throw error;
  }
}

export interface Judged {
  readonly batch: Batch;
  /** What the light client will trust once it has taken the evidence in. */
  readonly after: Uint8Array;
}

/** Batches of the lane that are signed and not included yet. */
export interface Predecessors {
  /** What the light client will trust once they are. */
  readonly after: Uint8Array;
  readonly over: Promise<unknown>;
}

/**
 * queued → verifying → submitting. Undefined when an operator paused the lane. It is judged on what the light client trusts now; what cannot
 * follow its predecessors as well waits until they are over. Throws EVIDENCE_REFUSED with the reason, CLIENT_CONTRADICTED.
 */
export const judgeBatch = (
  step: Step,
  queued: Batch,
  predecessors: Predecessors | undefined,
): Promise<Judged | undefined> =>
  orAbandon(step, queued, async () => {
    const { engine, lane, deliveries, log } = step;
    const { verify } = engine.chain(lane.source.chain);
    const readTrusted = () => engine.chain(lane.target.chain).target.trusted(lane.target.client);
    const { batch, waited } = await takeBatch(engine.pool, queued);
    step.stage = "verify";
    if (queued.status === "queued") engine.emit({ type: "taken", lane: lane.id, batch: batch.id, seconds: waited });
    let trusted = await readTrusted();
    let after: Uint8Array | undefined;
    if (predecessors !== undefined) {
      after = await trustedAfter(verify, {
        trusted: predecessors.after,
        envelope: batch.envelope,
        now: trusted.now,
      });
      if (after === undefined) {
        await predecessors.over;
        trusted = await readTrusted();
      }
    }
    await requireAgreement(engine, lane, trusted, step.signal);
    const begin = performance.now();
    const verdict = await verifyBatch(verify, {
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
    const passed = await passBatch(engine.pool, batch);
    return paused ? undefined : { batch: passed, after: after ?? verdict.trusted };
  });

/** submitting → logging. */
const deliver = (step: Step, batch: Batch): Promise<Batch> =>
  orAbandon(step, batch, async () => {
    const { engine, lane, deliveries, signal } = step;
    step.stage = "submit";
    const result = await submit(engine, lane, batch, deliveries, signal);
    if (result.deliveries.length !== deliveries.length)
      throw new CausewayError("RPC_BAD_ANSWER", "the target answered for another number of messages than it was given");
    return answerBatch(engine.pool, batch, result);
  });

/** logging → logged. */
async function settle(step: Step, batch: Batch): Promise<SubmitResult> {
  const { engine, lane, deliveries } = step;
  const { result } = batch;
  step.stage = "log";
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
    most: { before: step.most, now: nextMost(step.most, engine.limits.messages, result) },
  });
  const seconds = (performance.now() - begin) / 1000;
  engine.emit({ type: "closed", lane: lane.id, batch: batch.id, seconds });
  for (const [index, { message, watchedAt }] of deliveries.entries()) {
    const status = result.deliveries[index]?.status ?? "refused";
    if (status === "left") continue;
    const latency = (Date.now() - watchedAt.getTime()) / 1000;
    engine.emit({ type: "delivered", lane: lane.id, leg: message.kind, status, seconds: latency });
  }
  return result;
}

/** submitting → logging → logged: what was judged good is sent and followed to its end. */
export const finishBatch = async (step: Step, batch: Batch): Promise<SubmitResult> =>
  settle(step, batch.status === "logging" ? batch : await deliver(step, batch));

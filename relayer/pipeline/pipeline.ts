// The way of a packet: watch, prove, queue, verify, submit, log. One call takes a lane on, batch after batch: one is proven and judged at a
// time, and those that are signed wait for their blocks together.
import { storeOutage } from "#relayer/database/store-outage.ts";
import type { Engine } from "#relayer/engine.ts";
import type { Stage } from "#relayer/events.ts";
import { forgetBatch } from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import { isBatchFull, readDeliveries } from "#relayer/packets/deliveries.ts";
import { failLane, laneState, recordClient } from "#relayer/packets/lanes.ts";
import type { LaneState, OpenBatch } from "#relayer/packets/lanes.ts";
import type { Lane } from "#relayer/routes.ts";
import { batchLimits, prove } from "./2-prove.ts";
import type { Proved } from "./2-prove.ts";
import { finishBatch, judgeBatch, openStep } from "./carry-batch.ts";
import type { Step } from "./carry-batch.ts";
import { retryRule } from "./retry-rule.ts";
import type { RetryRule } from "./retry-rule.ts";
import type { Turn } from "./take-turns.ts";
import { openWindow } from "./window.ts";
import type { Window } from "./window.ts";

/** A batch whose proof is there. */
type Begun = Exclude<OpenBatch, { readonly status: "proving" }>;

/** A batch that was judged good and is followed to its end. */
interface UnderWay {
  /** Its transaction is signed, and so comes before any that is signed from now on; or it is over. */
  readonly sent: Promise<void>;
  /** Never rejects. */
  readonly over: Promise<void>;
  /** What the light client will trust once it and all before it are included; undefined when that is not known. */
  readonly after: Uint8Array | undefined;
}

interface Failure {
  readonly rule: RetryRule;
  /** Messages that it befell together. */
  readonly together: number;
}

/** What one turn does on a lane. */
interface Work {
  readonly engine: Engine;
  readonly lane: Lane;
  readonly turn: Turn;
  readonly signal: AbortSignal;
  /** By batch, in the order in which they are signed. */
  readonly underWay: Map<string, UnderWay>;
  readonly window: Window;
  readonly failures: Failure[];
  /** Failures of the lane in a row before this turn. */
  attempts: number;
  /** What there is to do besides is left for another turn. */
  ends: boolean;
}

/** Failures of a batch that one of its messages, or their number, may bring about; others are the lane's. */
const OF_ONE_MESSAGE = new Set(["EVIDENCE_REFUSED", "VERIFIER_FAILED", "TRANSACTION_REVERTED"]);

function fail({ engine, lane, signal, failures, attempts }: Work, error: unknown, stage: Stage, together: number) {
  const rule = retryRule(error, attempts + 1, engine.timers);
  if (rule.code !== "CANCELLED" && !signal.aborted)
    engine.emit({ type: "failed", stage, where: lane.id, code: rule.code, error: storeOutage(error) });
  failures.push({ rule, together });
}

const isHalved = ({ rule, together }: Failure): boolean => together > 1 && OF_ONE_MESSAGE.has(rule.code);

/**
 * Whose fault it is of many is found by trying half as many, and then half of these; it is no failure of the lane in a row. Any other
 * failure is.
 */
async function recordFailures({ engine: { pool, timers }, lane, failures }: Work): Promise<void> {
  const halved = failures.filter(isHalved);
  const most = halved.length === 0 ? undefined : Math.floor(Math.min(...halved.map(({ together }) => together)) / 2);
  const first = failures.find((failure) => !halved.includes(failure));
  const [again] = halved;
  if (first !== undefined) await failLane(pool, lane.id, first.rule, most);
  else if (again !== undefined)
    await failLane(pool, lane.id, { ...again.rule, spendsAttempt: false, delay: timers.firstRetry }, most);
}

const isSigned = async ({ engine, lane }: Work, batch: string): Promise<boolean> =>
  (await engine.transactions.ofBatch(lane.target.chain, batch)).length > 0;

function follow(work: Work, step: Step, batch: Batch, after: UnderWay["after"]): void {
  const { engine, underWay } = work;
  const ended = new AbortController();
  const waiting = work.window.enter();
  const sent = engine.transactions.recorded(batch.id, ended.signal).then(() => waiting.sent());
  const over = finishBatch(step, batch)
    .then(
      ({ transaction }) => waiting.over(transaction?.height),
      (error: unknown) => {
        waiting.over(undefined);
        fail(work, error, step.stage, step.deliveries.length);
      },
    )
    .finally(() => {
      underWay.delete(batch.id);
      ended.abort();
    });
  underWay.set(batch.id, { sent, over, after });
}

/** A batch that was at `submitting` before goes on with the transaction it has; without one it is announced once more. */
async function resume(work: Work, { most }: LaneState, batch: Begun): Promise<void> {
  const step = openStep({ ...work, most }, batch, await readDeliveries(work.engine.pool, batch.deliveries));
  if (batch.status === "submitting") await step.log.intent();
  follow(work, step, batch, undefined);
}

/** False when it is not to go on now. */
async function judge(work: Work, { most }: LaneState, { batch, deliveries }: Proved): Promise<boolean> {
  const { underWay, failures } = work;
  // The target takes them in the order in which they were signed.
  await Promise.all([...underWay.values()].map(({ sent }) => sent));
  // It was chosen before fewer were to travel together.
  if (failures.some(isHalved)) await forgetBatch(work.engine.pool, batch.id);
  if (failures.length > 0) return false;
  const before = [...underWay.values()];
  const after = before.at(-1)?.after;
  const step = openStep({ ...work, most }, batch, deliveries);
  try {
    const predecessors = after && { after, over: Promise.all(before.map(({ over }) => over)) };
    const judged = await judgeBatch(step, batch, predecessors);
    if (judged === undefined) return false;
    follow(work, step, judged.batch, judged.after);
    return true;
  } catch (error) {
    fail(work, error, step.stage, deliveries.length);
    return false;
  }
}

/** Once a lane is stopped, what the chain answered before is still written down; once it is paused, what is signed is followed to its end. */
const mayGoOn = async (work: Work, { stopped, paused }: LaneState, { id, status }: Begun): Promise<boolean> =>
  status === "logging" || (!stopped && (!paused || (status === "submitting" && (await isSigned(work, id)))));

/** Beside others only a full batch is worth a light-client update of its own. */
async function hasRoom({ engine, lane, underWay, window }: Work, { attempts, most }: LaneState): Promise<boolean> {
  if (underWay.size === 0) return true;
  if (attempts > 0 || underWay.size >= window.size()) return false;
  const areKnown = [...underWay.values()].every(({ after }) => after !== undefined);
  return areKnown && (await isBatchFull(engine.pool, lane.id, batchLimits(engine.limits, most)));
}

/** Begins what there is to do. True when there may be more. */
async function look(work: Work): Promise<boolean> {
  const { engine, lane, turn, signal, underWay } = work;
  const state = await laneState(engine.pool, lane.id, [...underWay.keys()]);
  work.attempts = state.attempts;
  if (state.resting) return false;
  for (const batch of state.open) {
    if (batch.status === "proving") {
      await forgetBatch(engine.pool, batch.id);
      return true;
    }
    if (!(await mayGoOn(work, state, batch))) continue;
    if (batch.status === "queued" || batch.status === "verifying")
      return judge(work, state, { batch, deliveries: await readDeliveries(engine.pool, batch.deliveries) });
    await resume(work, state, batch);
  }
  if (state.stopped || state.paused || !state.due || !(await hasRoom(work, state))) return false;
  const proved = await prove(engine, lane, state, signal);
  if (proved === undefined) return false;
  // Where others wait for their turn a new batch goes back to the queue, and is taken from there.
  work.ends = !turn.mayGoOn();
  return work.ends || judge(work, state, proved);
}

/** Returns when nothing is under way any more. True when the lane has to be looked at again. */
async function workOn(work: Work): Promise<boolean> {
  const { turn, signal, underWay, failures } = work;
  let moved = false;
  const mayLook = (): boolean => failures.length === 0 && !signal.aborted && !work.ends && (!moved || turn.mayGoOn());
  for (;;) {
    const asked = turn.asked();
    let again = false;
    if (mayLook())
      again = await look(work).catch((error: unknown) => {
        fail(work, error, "prove", 0);
        return false;
      });
    moved ||= again;
    if (again) continue;
    if (underWay.size === 0) break;
    await Promise.race([asked, ...[...underWay.values()].map(({ over }) => over)]);
  }
  if (failures.length > 0) await recordFailures(work);
  return failures.length === 0 && moved && !mayLook();
}

/** What a worker does with a job, as long as it may go on: then the lane is queued again. Harmless when the lane has nothing to do. */
export async function advance(engine: Engine, laneId: string, turn: Turn, signal: AbortSignal): Promise<void> {
  const lane = engine.routes.lane(laneId);
  if (lane === undefined || signal.aborted) return;
  let again = false;
  await engine.alone(`lane ${laneId}`, async () => {
    again = await workOn({
      engine,
      lane,
      turn,
      signal,
      window: openWindow(engine.limits.underWay),
      underWay: new Map(),
      failures: [],
      attempts: 0,
      ends: false,
    });
  });
  if (again && !signal.aborted) await engine.queue.add(laneId);
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

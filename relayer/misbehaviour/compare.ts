// Holds what light clients believe against what the relayer's own endpoints finalized: by the clock, and before evidence is
// judged against a state that was not compared yet. A lane whose light client contradicts them stands still until an operator
// resumes it, with or without a report of misbehaviour.
import type { Comparison } from "#adapters/misbehaviour.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { Engine } from "#relayer/engine.ts";
import { recordClient } from "#relayer/packets/lanes.ts";
import { hashOf } from "#relayer/pipeline/4-verify.ts";
import type { Lane } from "#relayer/routes.ts";
import { isAgreed, openContradiction, recordComparison, recordFrozen, stopLane } from "./contradictions.ts";
import { report } from "./report.ts";

/** What a timer does for each lane. */
export async function compare(engine: Engine, lane: Lane): Promise<void> {
  const lock = await engine.locks.tryLock(`compare ${lane.id}`);
  if (lock === undefined) return;
  try {
    const signal = AbortSignal.any([engine.signal, lock.signal]);
    const trusted = await engine.chain(lane.target.chain).target.trusted(lane.target.client);
    await recordClient(engine.pool, lane, trusted);
    const comparison = await compareNow(engine, lane, trusted, signal);
    const open = await openContradiction(engine.pool, lane.id);
    if (open === undefined || open.report === "frozen") return;
    if (trusted.status === "frozen") await recordFrozen(engine.pool, open.id, undefined);
    else if (!open.resting && comparison.contradictions.length > 0)
      await report({ engine, lane, open, trusted, contradictions: comparison.contradictions, signal });
  } finally {
    await lock.release();
  }
}

/** Throws CLIENT_CONTRADICTED, and what comparing throws: a state that cannot be compared is not used either. */
export async function requireAgreement(
  engine: Engine,
  lane: Lane,
  trusted: TrustedClient,
  signal: AbortSignal,
): Promise<void> {
  if (await isAgreed(engine.pool, lane.id, hashOf(trusted.state))) return;
  const { contradictions } = await compareNow(engine, lane, trusted, signal);
  const [first] = contradictions;
  if (first === undefined) return;
  throw new CausewayError("CLIENT_CONTRADICTED", `${lane.id} contradicts its chain at height ${first.height}`, {
    context: { lane: lane.id, height: first.height, what: first.what },
  });
}

async function compareNow(
  engine: Engine,
  lane: Lane,
  trusted: TrustedClient,
  signal: AbortSignal,
): Promise<Comparison> {
  const comparison = await engine.chain(lane.source.chain).source.compare(trusted, signal);
  const { unservedBefore } = await recordComparison(engine.pool, lane.id, comparison, hashOf(trusted.state));
  const unserved = comparison.uncompared.filter(({ because }) => because === "unserved");
  const [missing] = unserved;
  if (missing !== undefined && unserved.length !== unservedBefore)
    engine.emit({ type: "uncompared", lane: lane.id, heights: unserved.length, why: missing.why });
  const [first] = comparison.contradictions;
  if (first === undefined || !(await stopLane(engine.pool, lane.id, first))) return comparison;
  engine.emit({ type: "contradicted", lane: lane.id, ...first });
  await engine.log.append({
    kind: "control",
    event: "light client contradicts its chain, lane stopped",
    detail: { lane: lane.id, height: first.height.toString(), what: first.what, basis: first.basis },
  });
  return comparison;
}

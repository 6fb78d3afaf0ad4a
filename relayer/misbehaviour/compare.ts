// Holds what light clients believe against what the relayer's own endpoints finalized: by the clock, and before evidence is
// judged against a state that was not compared yet. A lane whose light client contradicts them stands still until an operator
// resumes it, with or without a report of misbehaviour.
import type { Comparison } from "#adapters/misbehaviour.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { TrustedClient, TrustedView } from "#adapters/trusted-client.ts";
import type { Engine } from "#relayer/engine.ts";
import { recordClient } from "#relayer/packets/lanes.ts";
import { hashOf } from "#relayer/pipeline/4-verify.ts";
import type { Lane } from "#relayer/routes.ts";
import { isAgreed, openContradiction, recordComparison, stopLane } from "./contradictions.ts";
import { report, settle } from "./report.ts";

/** What a timer does for each lane. */
export async function compare(engine: Engine, lane: Lane, signal: AbortSignal): Promise<void> {
  await engine.alone(`compare ${lane.id}`, async () => {
    const { trusted, comparison } = await compareViews(engine, lane, signal);
    await recordClient(engine.pool, lane, trusted);
    await take(engine, lane, trusted, comparison);
    const open = await openContradiction(engine.pool, lane.id);
    if (open === undefined || open.report === "frozen") return;
    if (trusted.status === "frozen") await settle({ engine, lane, open, trusted, signal });
    else if (!open.resting && comparison.contradictions.length > 0)
      await report({ engine, lane, open, trusted, contradictions: comparison.contradictions, signal });
  });
}

/**
 * Throws CLIENT_CONTRADICTED, RPC_BAD_ANSWER when the target's endpoints disagree, and what comparing throws: a state that cannot
 * be compared is not used either.
 */
export async function requireAgreement(
  engine: Engine,
  lane: Lane,
  trusted: TrustedClient,
  signal: AbortSignal,
): Promise<void> {
  if (await isAgreed(engine.pool, lane.id, hashOf(trusted.state))) return;
  const comparison = await engine.chain(lane.source.chain).source.compare(trusted, signal);
  const [first] = comparison.contradictions;
  if (first === undefined) return take(engine, lane, trusted, comparison);
  const confirmed = await compareViews(engine, lane, signal);
  await take(engine, lane, confirmed.trusted, confirmed.comparison);
  throw new CausewayError("CLIENT_CONTRADICTED", `${lane.id} contradicts its chain at height ${first.height}`, {
    context: { lane: lane.id, height: first.height, what: first.what },
  });
}

/** An endpoint of the target whose clock is so far behind this machine's shows an old state. Seconds. */
const STALE = 900n;

/**
 * As all of the target's endpoints show the light client: one alone can neither hide a contradiction nor invent one. Throws
 * RPC_BAD_ANSWER when one shows what contradicts and another does not; nothing is delivered on either's word meanwhile.
 */
async function compareViews(
  engine: Engine,
  lane: Lane,
  signal: AbortSignal,
): Promise<{ trusted: TrustedClient; comparison: Comparison }> {
  const { source } = engine.chain(lane.source.chain);
  const views = current(await engine.chain(lane.target.chain).target.views(lane.target.client));
  const byState = new Map(views.map((view) => [hashOf(view.trusted.state), view]));
  const compared = await Promise.all(
    [...byState.values()].map(async (view) => ({ ...view, comparison: await source.compare(view.trusted, signal) })),
  );
  const wrong = compared.find(({ comparison }) => comparison.contradictions.length > 0);
  const right = compared.find(({ comparison }) => comparison.contradictions.length === 0);
  const chosen = wrong ?? right;
  if (chosen === undefined) throw new CausewayError("RPC_UNREACHABLE", `no endpoint of ${lane.target.chain} answers`);
  if (wrong !== undefined && right !== undefined)
    throw new CausewayError(
      "RPC_BAD_ANSWER",
      `${wrong.endpoint} of ${lane.target.chain} shows ${lane.id} contradicting its chain, ${right.endpoint} does not`,
      {
        hint: "one of them is behind or lies: if that lasts, find out which and replace it",
        context: { lane: lane.id, what: wrong.comparison.contradictions[0]?.what },
      },
    );
  return chosen;
}

function current(views: readonly TrustedView[]): readonly TrustedView[] {
  const oldest = BigInt(Math.floor(Date.now() / 1000)) - STALE;
  const recent = views.filter(({ trusted }) => trusted.now >= oldest);
  return recent.length > 0 ? recent : views;
}

/** Records a comparison, says what nobody serves, and stops the lane when something contradicts. */
async function take(engine: Engine, lane: Lane, trusted: TrustedClient, comparison: Comparison): Promise<void> {
  const { unservedBefore } = await recordComparison(engine.pool, lane.id, comparison, hashOf(trusted.state));
  const unserved = comparison.uncompared.filter(({ because }) => because === "unserved");
  const [missing] = unserved;
  if (missing !== undefined && unserved.length !== unservedBefore)
    engine.emit({ type: "uncompared", lane: lane.id, heights: unserved.length, why: missing.why });
  const [first] = comparison.contradictions;
  if (first === undefined || (await openContradiction(engine.pool, lane.id)) !== undefined) return;
  // The log first: a kill in between leaves the alarm to whoever compares next.
  await engine.log.append({
    kind: "control",
    event: "light client contradicts its chain, lane stopped",
    detail: { lane: lane.id, height: first.height.toString(), what: first.what, basis: first.basis },
  });
  if (await stopLane(engine.pool, lane.id, first)) engine.emit({ type: "contradicted", lane: lane.id, ...first });
}

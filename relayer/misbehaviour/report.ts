// Makes a report of misbehaviour out of what a light client accepted and what our own endpoints' finality signed, has the pure
// verifier judge it, logs verdict, intent and outcome, and freezes the light client with it.
import type { SubmitResult } from "#adapters/adapter.ts";
import type { Contradiction } from "#adapters/misbehaviour.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { Engine } from "#relayer/engine.ts";
import { retryRule } from "#relayer/pipeline/3-queue.ts";
import { hashOf } from "#relayer/pipeline/4-verify.ts";
import type { NewLogEntry } from "#relayer/proof-log/entry.ts";
import type { Lane } from "#relayer/routes.ts";
import { recordFrozen, recordUnreported } from "./contradictions.ts";
import type { OpenContradiction } from "./contradictions.ts";

export interface Reporting {
  readonly engine: Engine;
  readonly lane: Lane;
  readonly open: OpenContradiction;
  readonly trusted: TrustedClient;
  readonly contradictions: readonly Contradiction[];
  readonly signal: AbortSignal;
}

/** Never throws for want of evidence: the alarm says why there is no report, and it is tried again. */
export async function report(reporting: Reporting): Promise<void> {
  const { engine, lane, open, signal } = reporting;
  try {
    const transaction = await submitReport(reporting, await findEvidence(reporting));
    await recordFrozen(engine.pool, open.id, transaction);
    engine.emit({ type: "frozen", lane: lane.id, height: open.height, transaction });
  } catch (error) {
    if (signal.aborted) return;
    const rule = retryRule(error, open.attempts + 1, engine.timers);
    const why = isCausewayError(error) ? error.message : `${rule.code}: ${rule.message}`;
    await recordUnreported(engine.pool, open.id, why, rule);
    engine.emit({ type: "unreported", lane: lane.id, height: open.height, code: rule.code, why });
  }
}

/** A height that no update brought is looked for through all of the target's history. */
const MAX_HEIGHTS = 4;

/** The canonical report. Throws EVIDENCE_REFUSED, saying for each height why there is none. */
async function findEvidence({ engine, lane, trusted, contradictions, signal }: Reporting): Promise<Uint8Array> {
  const { source } = engine.chain(lane.source.chain);
  const { target } = engine.chain(lane.target.chain);
  const reasons: string[] = [];
  // Many forged heights have one cause: evidence for any of them will do, and the newest is found soonest.
  const newestFirst = contradictions.map(({ height }) => height).sort((left, right) => (left > right ? -1 : 1));
  const heights = [...new Set(newestFirst)].slice(0, MAX_HEIGHTS);
  for (const height of heights) {
    const accepted = await target.accepted(lane.target.client, height);
    const answer = accepted.ok ? await source.contradict({ trusted, accepted: accepted.update }, signal) : accepted;
    if (answer.ok) return answer.report;
    reasons.push(`height ${height}: ${answer.why}`);
  }
  throw new CausewayError("EVIDENCE_REFUSED", `no report can be made: ${reasons.join("; ")}`);
}

/** Returns the transaction that froze the light client; undefined when it was frozen meanwhile. */
async function submitReport(reporting: Reporting, report: Uint8Array): Promise<string | undefined> {
  const { engine, lane, open, trusted, signal } = reporting;
  const source = engine.chain(lane.source.chain);
  const id = `misbehaviour-${open.id}-${lane.id}`;
  const about = {
    batchId: id,
    sourceChain: lane.source.chain,
    targetChain: lane.target.chain,
    clientId: lane.target.client,
    messages: [],
    envelope: hashOf(report),
    evidence: "misbehaviour" as const,
  };
  const log = async (entry: NewLogEntry, blobs: readonly Uint8Array[]): Promise<void> => {
    const { index } = await engine.log.append(entry, blobs);
    engine.emit({ type: "logged", lane: lane.id, batch: id, index });
  };
  const verdict = source.verifyMisbehaviour({ trusted: trusted.state, misbehaviour: report, now: trusted.now });
  await log(
    {
      kind: "verdict",
      ...about,
      family: source.family,
      trusted: hashOf(trusted.state),
      now: trusted.now.toString(),
      verdict: logged(verdict),
    },
    [report, trusted.state],
  );
  if (!verdict.ok)
    throw new CausewayError("EVIDENCE_REFUSED", `the report is refused: ${verdict.reason} at ${verdict.at}`);
  await log({ kind: "intent", ...about }, [report]);
  const result = await engine
    .chain(lane.target.chain)
    .target.report({ id, clientId: lane.target.client, report }, signal);
  await log({ kind: "outcome", ...about, ...transactionOf(result), deliveries: [] }, [report]);
  return result.transaction?.id;
}

const logged = (verdict: Verdict) =>
  verdict.ok
    ? ({ ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() } as const)
    : ({ ok: false, reason: verdict.reason, at: verdict.at } as const);

const transactionOf = ({ transaction }: SubmitResult) =>
  transaction === undefined
    ? {}
    : { transaction: { id: transaction.id, height: transaction.height.toString(), fee: transaction.fee.toString() } };

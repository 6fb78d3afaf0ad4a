// Makes a report of misbehaviour out of what a light client accepted and what our own endpoints' finality signed, has the pure
// verifier judge it, logs verdict, intent and outcome, and freezes the light client with it.
import type { SubmitResult } from "#adapters/target-chain.ts";
import type { Contradiction } from "#adapters/misbehaviour.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { Engine } from "#relayer/engine.ts";
import { retryRule } from "#relayer/pipeline/retry-rule.ts";
import { hashOf } from "#relayer/pipeline/4-verify.ts";
import type { NewLogEntry } from "#sdk/evidence/log-entry.ts";
import type { Lane } from "#relayer/routes.ts";
import { recordFrozen, recordReport, recordUnreported } from "./contradictions.ts";
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
    const evidence = await findEvidence(reporting);
    await judge(reporting, evidence);
    await logAbout(reporting, evidence, { kind: "intent" });
    await submit(reporting, evidence);
  } catch (error) {
    if (signal.aborted) return;
    const rule = retryRule(error, open.attempts + 1, engine.timers);
    const why = isCausewayError(error) ? error.message : `${rule.code}: ${rule.message}`;
    await recordUnreported(engine.pool, open.id, why, rule);
    engine.emit({ type: "unreported", lane: lane.id, height: open.height, code: rule.code, why });
  }
}

/** The light client is frozen: by a report of ours whose outcome was not written down yet, or by somebody else. */
export async function settle(reporting: Omit<Reporting, "contradictions">): Promise<void> {
  const { engine, lane, open } = reporting;
  const evidence = open.reportHash === null ? undefined : await engine.log.blob(open.reportHash);
  if (evidence !== undefined) return submit(reporting, evidence);
  await recordFrozen(engine.pool, open.id, undefined);
  engine.emit({ type: "frozen", lane: lane.id, height: open.height, transaction: undefined });
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

type Step = Omit<Reporting, "contradictions">;

const nameOf = ({ open, lane }: Step): string => `misbehaviour-${open.id}-${lane.id}`;

type About<Entry> = Entry extends { evidence?: unknown }
  ? Omit<Entry, "batchId" | "sourceChain" | "targetChain" | "clientId" | "messages" | "envelope" | "evidence">
  : never;

async function logAbout(
  step: Step,
  evidence: Uint8Array,
  entry: About<NewLogEntry>,
  blobs: readonly Uint8Array[] = [],
): Promise<void> {
  const { engine, lane } = step;
  const about = {
    batchId: nameOf(step),
    sourceChain: lane.source.chain,
    targetChain: lane.target.chain,
    clientId: lane.target.client,
    messages: [],
    envelope: hashOf(evidence),
    evidence: "misbehaviour" as const,
  };
  const { index } = await engine.log.append({ ...about, ...entry }, [evidence, ...blobs]);
  engine.emit({ type: "logged", lane: lane.id, batch: about.batchId, index });
}

/** Throws EVIDENCE_REFUSED with the reason; else the report may be sent, and is known to whoever comes after a kill. */
async function judge(step: Step, evidence: Uint8Array): Promise<void> {
  const { engine, lane, open, trusted } = step;
  const { family, verifyMisbehaviour } = engine.chain(lane.source.chain);
  const verdict = verifyMisbehaviour({ trusted: trusted.state, misbehaviour: evidence, now: trusted.now });
  const judged = { family, trusted: hashOf(trusted.state), now: trusted.now.toString(), verdict: logged(verdict) };
  await logAbout(step, evidence, { kind: "verdict", ...judged }, [trusted.state]);
  if (!verdict.ok)
    throw new CausewayError("EVIDENCE_REFUSED", `the report is refused: ${verdict.reason} at ${verdict.at}`);
  await recordReport(engine.pool, open.id, hashOf(evidence));
}

/** Goes on with the transaction of an earlier run, if there is one. Nothing is sent when the light client is frozen already. */
async function submit(step: Step, evidence: Uint8Array): Promise<void> {
  const { engine, lane, open, signal } = step;
  const { target } = engine.chain(lane.target.chain);
  const result = await target.report({ id: nameOf(step), clientId: lane.target.client, report: evidence }, signal);
  await logAbout(step, evidence, { kind: "outcome", ...transactionOf(result), deliveries: [] });
  const transaction = result.transaction?.id;
  await recordFrozen(engine.pool, open.id, transaction);
  engine.emit({ type: "frozen", lane: lane.id, height: open.height, transaction });
}

const logged = (verdict: Verdict) =>
  verdict.ok
    ? ({ ok: true, height: verdict.height.toString(), timestamp: verdict.timestamp.toString() } as const)
    : ({ ok: false, reason: verdict.reason, at: verdict.at } as const);

const transactionOf = ({ transaction }: SubmitResult) =>
  transaction === undefined
    ? {}
    : { transaction: { id: transaction.id, height: transaction.height.toString(), fee: transaction.fee.toString() } };

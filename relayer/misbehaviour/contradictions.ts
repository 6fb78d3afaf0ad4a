// The tables about light clients that contradict their chains: what was compared, what was found, and which lanes stand still.
import type { Pool } from "pg";
import type { Comparison, Contradiction } from "#adapters/misbehaviour.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { judgeAgain } from "#relayer/packets/batches.ts";
import type { RetryRule } from "#relayer/pipeline/retry-rule.ts";

export interface OpenContradiction {
  readonly id: bigint;
  readonly height: bigint;
  readonly what: string;
  /** `wanted` until the light client is frozen. */
  readonly report: "wanted" | "frozen";
  /** SHA-256 of a report that was judged good and may have been sent. */
  readonly reportHash: string | null;
  /** Failures in a row to report it. */
  readonly attempts: number;
  /** Pausing after a failure. */
  readonly resting: boolean;
}

/** Undefined when the lane may be used. */
export async function openContradiction(pool: Pool, lane: string): Promise<OpenContradiction | undefined> {
  const { rows } = await pool.query<OpenContradiction>(
    `select id, height, what, report, report_sha256 as "reportHash", attempts, next_attempt_at > now() as resting
     from contradictions where lane = $1 and resumed_at is null`,
    [lane],
  );
  return rows[0];
}

/** Whether this very state was compared before, and nothing in it contradicts. */
export async function isAgreed(pool: Pool, lane: string, stateHash: string): Promise<boolean> {
  const { rowCount } = await pool.query("select from lanes where id = $1 and agreed_state = $2", [lane, stateHash]);
  return rowCount === 1;
}

/** Returns how many heights the endpoints did not serve when they were compared before. */
export async function recordComparison(
  pool: Pool,
  lane: string,
  { contradictions, uncompared }: Comparison,
  stateHash: string,
): Promise<{ readonly unservedBefore: number }> {
  const list = uncompared.map(({ height, because, why }) => ({ height: height.toString(), because, why }));
  const agreed = contradictions.length === 0 ? stateHash : null;
  const { rows } = await pool.query<{ before: { because: string }[] }>(
    `update lanes l set compared_at = now(), agreed_state = $2, uncompared = $3 from lanes before
     where l.id = $1 and before.id = l.id returning before.uncompared as before`,
    [lane, agreed, JSON.stringify(list)],
  );
  await pool.query("update contradictions set stands = $2 where lane = $1 and resumed_at is null", [
    lane,
    contradictions.length > 0,
  ]);
  return { unservedBefore: (rows[0]?.before ?? []).filter(({ because }) => because === "unserved").length };
}

/** Stops the lane. False when it stands still already. */
export async function stopLane(pool: Pool, lane: string, { height, what, basis }: Contradiction): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into contradictions (lane, height, what, basis) values ($1, $2, $3, $4)
     on conflict (lane) where resumed_at is null do nothing`,
    [lane, height, what, basis],
  );
  return rowCount === 1;
}

/**
 * The lane may be used again, at once. A batch that was judged before and has no transaction yet is judged once more: the light
 * client may be another one. False when the lane was not stopped.
 */
export async function resumeLane(pool: Pool, lane: string, because: string): Promise<boolean> {
  return transaction(pool, async (session) => {
    const { rowCount } = await session.query(
      "update contradictions set resumed_at = now(), resumed_because = $2 where lane = $1 and resumed_at is null",
      [lane, because],
    );
    if (rowCount !== 1) return false;
    await judgeAgain(session, lane);
    await session.query(
      "update deliveries set next_attempt_at = now(), attempts = 0 where lane = $1 and status = 'watched'",
      [lane],
    );
    await session.query(
      "update lanes set attempts = 0, next_attempt_at = now(), error_code = null, error = null where id = $1",
      [lane],
    );
    return true;
  });
}

export async function recordReport(pool: Pool, id: bigint, reportHash: string): Promise<void> {
  await pool.query("update contradictions set report_sha256 = $2 where id = $1", [id, reportHash]);
}

export async function recordFrozen(pool: Pool, id: bigint, transaction: string | undefined): Promise<void> {
  await pool.query("update contradictions set report = 'frozen', transaction = $2, report_error = null where id = $1", [
    id,
    transaction ?? null,
  ]);
}

export async function recordUnreported(pool: Pool, id: bigint, why: string, rule: RetryRule): Promise<void> {
  await pool.query(
    `update contradictions set report_error = $2, attempts = attempts + 1,
       next_attempt_at = now() + make_interval(secs => $3) where id = $1`,
    [id, why, rule.delay / 1000],
  );
}

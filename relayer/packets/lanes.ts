// The lanes' rows: what their light clients trust, how their last attempt ended, and which of them have work now.
import type { Pool } from "pg";
import type { ChainId } from "#adapters/adapter.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { RetryRule } from "#relayer/pipeline/3-queue.ts";
import type { Lane, Routes } from "#relayer/routes.ts";

export async function registerLanes(pool: Pool, routes: Routes): Promise<void> {
  for (const { id, source, target } of routes.lanes)
    await pool.query(
      `insert into lanes (id, source_chain, source_client, target_chain, client_id) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set source_chain = excluded.source_chain, source_client = excluded.source_client`,
      [id, source.chain, source.client, target.chain, target.client],
    );
}

/** A light client is refreshed when half of the time it had since its newest header is over, with or without packets. */
export async function recordClient(pool: Pool, lane: Lane, trusted: TrustedClient): Promise<{ refreshDue: boolean }> {
  const refreshDue =
    trusted.status === "active" && (trusted.expiresAt - trusted.now) * 2n < trusted.expiresAt - trusted.timestamp;
  await pool.query(
    `update lanes set client_status = $2, client_height = $3, client_timestamp = $4, client_expires_at = $5,
       client_read_at = now(), refresh_due = $6 where id = $1`,
    [lane.id, trusted.status, trusted.height, trusted.timestamp, trusted.expiresAt, refreshDue],
  );
  return { refreshDue };
}

export interface LaneState {
  /** Failures in a row. */
  readonly attempts: number;
  /** Pausing after a failure. */
  readonly resting: boolean;
  /** Its light client contradicts its chain, and nobody resumed it. */
  readonly stopped: boolean;
  /** By an operator: nothing new is proven or signed, and what is signed is finished. */
  readonly paused: boolean;
}

const ANSWERED = "exists (select from batches b where b.lane = l.id and b.status = 'logging')";
const SIGNED = `exists (select from batches b join transactions t on t.batch_id = b.id
  where b.lane = l.id and b.status = 'submitting')`;
const STOPPED = "exists (select from contradictions c where c.lane = l.id and c.resumed_at is null)";

export async function laneState(pool: Pool, lane: string): Promise<LaneState> {
  const { rows } = await pool.query<LaneState>(
    `select attempts, next_attempt_at > now() as resting, ${STOPPED} as stopped, paused_at is not null as paused
     from lanes l where id = $1`,
    [lane],
  );
  return rows[0] ?? { attempts: 0, resting: false, stopped: false, paused: false };
}

export async function failLane(pool: Pool, lane: string, rule: RetryRule): Promise<void> {
  await pool.query(
    `update lanes set attempts = attempts + $2, next_attempt_at = now() + make_interval(secs => $3),
       error_code = $4, error = $5 where id = $1`,
    [lane, rule.spendsAttempt ? 1 : 0, rule.delay / 1000, rule.code, rule.message],
  );
}

export async function succeedLane(pool: Pool, lane: string): Promise<void> {
  await pool.query(
    "update lanes set attempts = 0, next_attempt_at = now(), error_code = null, error = null where id = $1",
    [lane],
  );
}

/** Lanes that an operator wants cleared; each is given to one caller. */
export async function takeClearDue(pool: Pool, lanes: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    "update lanes set clear_due = false where id = any($1) and clear_due returning id",
    [lanes],
  );
  return rows.map(({ id }) => id);
}

/**
 * It has a message to prove now; one whose packet's contents are not known cannot be proven yet. The first in turn is asked for, which
 * follows the index: to `exists` a planner that expects many of them reads them all.
 */
const DUE = `(select true from deliveries d join packets p on p.id = d.packet_id
  where d.lane = l.id and d.status in ('watched', 'proving') and d.next_attempt_at <= now() and p.bytes is not null
    and d.status not in ('delivered', 'obsolete') order by d.attempts, d.min_height, d.id limit 1)`;

export async function lanesWithWork(pool: Pool, lanes: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from lanes l where id = any($1) and next_attempt_at <= now() and (not ${STOPPED} or ${ANSWERED})
       and (paused_at is null or ${ANSWERED} or ${SIGNED}) and (
       refresh_due
       or exists (select from batches b where b.lane = l.id and b.status in ('queued', 'verifying', 'submitting', 'logging'))
       or ${DUE})`,
    [lanes],
  );
  return rows.map(({ id }) => id);
}

/** The source's finality moved: what waited for this height is tried now. Returns the lanes that have something to do. */
export async function wakeLanes(pool: Pool, source: ChainId, height: bigint): Promise<string[]> {
  await pool.query(
    `update deliveries d set wait_height = null, next_attempt_at = now() from lanes l
     where l.id = d.lane and l.source_chain = $1 and d.status = 'watched' and d.wait_height <= $2`,
    [source, height],
  );
  const { rows } = await pool.query<{ id: string }>(
    `select id from lanes l where source_chain = $1 and next_attempt_at <= now() and ${DUE}`,
    [source],
  );
  return rows.map(({ id }) => id);
}

// The lanes' rows: what their light clients trust, how their last attempt ended, and which of them have work now.
import type { Pool } from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import type { RetryRule } from "#relayer/pipeline/retry-rule.ts";
import type { Lane, Routes } from "#relayer/routes.ts";
import { decodeResult, OPEN_STATUSES } from "./batches.ts";
import type { Batch } from "./batches.ts";

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

const OPEN = `status in (${OPEN_STATUSES.map((status) => `'${status}'`).join(", ")})`;
const ANSWERED = "exists (select from batches b where b.lane = l.id and b.status = 'logging')";
const SIGNED = `exists (select from batches b join transactions t on t.batch_id = b.id
  where b.lane = l.id and b.status = 'submitting')`;
const STOPPED = "exists (select from contradictions c where c.lane = l.id and c.resumed_at is null)";

/**
 * It has a message to prove now; one whose packet's contents are not known cannot be proven yet. The first in turn is asked for, which
 * follows the index: to `exists` a planner that expects many of them reads them all.
 */
const DUE = `(select true from deliveries d join packets p on p.id = d.packet_id
  where d.lane = l.id and d.status = 'watched' and d.next_attempt_at <= now() and p.bytes is not null
  order by d.attempts, d.min_height, d.id limit 1)`;

/** A batch that is not closed. */
export type OpenBatch = (Batch | { readonly id: string; readonly status: "proving" }) & {
  readonly deliveries: readonly bigint[];
};

export interface LaneState {
  /** Failures in a row. */
  readonly attempts: number;
  /** Pausing after a failure. */
  readonly resting: boolean;
  /** Its light client contradicts its chain, and nobody resumed it. */
  readonly stopped: boolean;
  /** By an operator: nothing new is proven or signed, and what is signed is finished. */
  readonly paused: boolean;
  /** Most messages that one transaction carries, as far as that is known. */
  readonly most: number | undefined;
  /** Batches that are not closed, in the order in which they began, but for those that the caller knows. */
  readonly open: readonly OpenBatch[];
  /** There is something to prove: messages, or an update that keeps the light client alive. */
  readonly due: boolean;
}

interface StateRow extends Omit<LaneState, "most" | "open"> {
  readonly most: number | null;
  /** Null without an open batch. */
  readonly id: string | null;
  readonly status: OpenBatch["status"];
  readonly envelope: Buffer | null;
  readonly envelope_sha256: string | null;
  readonly result: unknown;
  readonly deliveries: bigint[];
}

function openBatches({ id, status, envelope, envelope_sha256, result, deliveries }: StateRow): OpenBatch[] {
  if (id === null) return [];
  if (status === "proving") return [{ id, status, deliveries }];
  if (envelope === null || envelope_sha256 === null)
    throw new CausewayError("STORE_UNAVAILABLE", `batch ${id} has lost its evidence`);
  const decoded = result === null ? undefined : decodeResult(result);
  return [
    { id, status, envelope: new Uint8Array(envelope), envelopeHash: envelope_sha256, result: decoded, deliveries },
  ];
}

/** `known`: open batches that the caller has in hand. */
export async function laneState(pool: Pool, lane: string, known: readonly string[]): Promise<LaneState> {
  const { rows } = await pool.query<StateRow>(
    `select attempts, next_attempt_at > now() as resting, ${STOPPED} as stopped, paused_at is not null as paused,
       most_messages as most, (refresh_due or ${DUE}) is true as due, b.id, b.status, b.envelope, b.envelope_sha256, b.result, b.deliveries
     from lanes l left join batches b on b.lane = l.id and b.${OPEN} and b.id <> all($2) where l.id = $1 order by b.proving_at, b.id`,
    [lane, known],
  );
  const [row] = rows;
  if (row === undefined) throw new CausewayError("STORE_UNAVAILABLE", `lane ${lane} is not in the database`);
  const { attempts, resting, stopped, paused, due, most } = row;
  return { attempts, resting, stopped, paused, due, most: most ?? undefined, open: rows.flatMap(openBatches) };
}

/** Looked at once more before something is signed. */
export async function isPaused(pool: Pool, lane: string): Promise<boolean> {
  const { rowCount } = await pool.query("select from lanes where id = $1 and paused_at is not null", [lane]);
  return rowCount === 1;
}

/** `most`: messages of the next batch. */
export async function failLane(pool: Pool, lane: string, rule: RetryRule, most?: number): Promise<void> {
  await pool.query(
    `update lanes set attempts = attempts + $2, next_attempt_at = now() + make_interval(secs => $3),
       error_code = $4, error = $5, most_messages = coalesce($6, most_messages) where id = $1`,
    [lane, rule.spendsAttempt ? 1 : 0, rule.delay / 1000, rule.code, rule.message, most ?? null],
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

export async function lanesWithWork(pool: Pool, lanes: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from lanes l where id = any($1) and next_attempt_at <= now() and (not ${STOPPED} or ${ANSWERED})
       and (paused_at is null or ${ANSWERED} or ${SIGNED}) and (
       refresh_due or exists (select from batches b where b.lane = l.id and b.${OPEN}) or ${DUE})`,
    [lanes],
  );
  return rows.map(({ id }) => id);
}

/**
 * The source's finality moved: what waited for this height is tried now. Returns the lanes that have something new to do; one with
 * as many batches under way as it may have is looked at when one ends.
 */
export async function wakeLanes(pool: Pool, source: ChainId, height: bigint, underWay: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `with woken as (
       update deliveries d set wait_height = null, next_attempt_at = now() from lanes l
       where l.source_chain = $1 and d.lane = l.id and d.wait_height <= $2 and d.status = 'watched' returning d.lane)
     select id from lanes l where l.source_chain = $1 and l.next_attempt_at <= now()
       and (select count(*) from batches b where b.lane = l.id and b.${OPEN}) < $3
       and (id in (select lane from woken) or ${DUE})`,
    [source, height, underWay],
  );
  return rows.map(({ id }) => id);
}

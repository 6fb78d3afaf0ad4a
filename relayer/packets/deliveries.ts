// Deliveries: one packet on one leg of its way, with the stage it is in. Status before action, so that a kill leaves a trace.
import type { Pool, PoolClient } from "pg";
import type { Message } from "#adapters/adapter.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import type { RetryRule } from "#relayer/pipeline/3-queue.ts";

export interface Delivery {
  readonly id: bigint;
  readonly message: Message;
  /** Where the packet was sent: names it together with its source client and sequence. */
  readonly packetSource: string;
  readonly minHeight: bigint;
  readonly attempts: number;
  readonly watchedAt: Date;
  /** Canonical size in bytes. */
  readonly size: number;
}

interface Row {
  readonly id: bigint;
  readonly leg: Message["kind"];
  readonly source_chain: string;
  readonly bytes: Buffer;
  readonly acknowledgements: Buffer[] | null;
  readonly min_height: bigint;
  readonly attempts: number;
  readonly watched_at: Date;
}

const SELECT = `select d.id, d.leg, p.source_chain, p.bytes, p.acknowledgements, d.min_height, d.attempts, d.watched_at
  from deliveries d join packets p on p.id = d.packet_id`;

function delivery(row: Row): Delivery {
  const packet = decodePacket(new Uint8Array(row.bytes));
  if (packet === undefined)
    throw new CausewayError("STORE_UNAVAILABLE", `delivery ${row.id} holds no canonical packet`);
  const acknowledgements = (row.acknowledgements ?? []).map((bytes) => new Uint8Array(bytes));
  const message: Message =
    row.leg === "acknowledge" ? { kind: row.leg, packet, acknowledgements } : { kind: row.leg, packet };
  return {
    id: row.id,
    message,
    packetSource: row.source_chain,
    minHeight: row.min_height,
    attempts: row.attempts,
    watchedAt: row.watched_at,
    size: row.bytes.length + acknowledgements.reduce((total, { length }) => total + length, 0),
  };
}

/**
 * What may be proven next: those that never failed, together; one that failed, alone. `alone`: one of either kind, because
 * the lane fails and it is not known whose fault that is.
 */
export async function dueDeliveries(
  pool: Pool,
  lane: string,
  limits: { readonly messages: number; readonly bytes: number },
  alone: boolean,
): Promise<Delivery[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} where d.lane = $1 and d.status in ('watched', 'proving') and d.next_attempt_at <= now() and p.bytes is not null
     order by d.attempts, d.min_height, d.id limit $2`,
    [lane, limits.messages],
  );
  const chosen: Delivery[] = [];
  let bytes = 0;
  for (const due of rows.map(delivery)) {
    bytes += due.size;
    if (chosen.length > 0 && (alone || due.attempts > 0 || bytes > limits.bytes)) break;
    chosen.push(due);
  }
  return chosen;
}

export async function deliveriesOfBatch(pool: Pool, batch: string): Promise<Delivery[]> {
  const { rows } = await pool.query<Row>(
    `${SELECT} join batch_messages m on m.delivery_id = d.id where m.batch_id = $1 order by m.position`,
    [batch],
  );
  return rows.map(delivery);
}

export type OpenStatus = "proving" | "queued" | "verifying" | "submitting" | "logging";

export async function moveDeliveries(
  session: Pool | PoolClient,
  ids: readonly bigint[],
  status: OpenStatus,
): Promise<void> {
  await session.query(
    `update deliveries set status = $2, ${status}_at = now(), wait_height = null
     where id = any($1) and status not in ('delivered', 'obsolete')`,
    [ids, status],
  );
}

export async function closeDeliveries(
  session: Pool | PoolClient,
  ids: readonly bigint[],
  status: "delivered" | "obsolete",
  transaction?: string,
): Promise<void> {
  await session.query(
    `update deliveries set status = $2, closed_at = now(), transaction = coalesce($3, transaction), wait_height = null,
       error_code = null, error = null
     where id = any($1) and status not in ('delivered', 'obsolete')`,
    [ids, status, transaction ?? null],
  );
}

/** Back to the start of the pipeline, to be tried after `rule.delay`. */
export async function returnDeliveries(
  session: Pool | PoolClient,
  ids: readonly bigint[],
  rule: RetryRule,
  options: { readonly spendsAttempt: boolean },
): Promise<void> {
  await session.query(
    `update deliveries set status = 'watched', batch_id = null, attempts = attempts + $2,
       next_attempt_at = now() + make_interval(secs => $3), error_code = $4, error = $5, wait_height = $6
     where id = any($1) and status not in ('delivered', 'obsolete')`,
    [ids, options.spendsAttempt ? 1 : 0, rule.delay / 1000, rule.code, rule.message, rule.height ?? null],
  );
}

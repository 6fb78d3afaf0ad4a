// Deliveries: one packet on one leg of its way. Those of a batch are in the stage that it is in.
import type { Pool } from "pg";
import type { Message } from "#adapters/message.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";

export interface Delivery {
  readonly id: bigint;
  readonly message: Message;
  /** Where the packet was sent: names it together with its source client and sequence. */
  readonly packetSource: string;
  readonly minHeight: bigint;
  readonly attempts: number;
  readonly watchedAt: Date;
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

const COLUMNS = "d.id, d.leg, p.source_chain, p.bytes, p.acknowledgements, d.min_height, d.attempts, d.watched_at";

const sizeOf = ({ bytes, acknowledgements }: Row): number =>
  (acknowledgements ?? []).reduce((total, { length }) => total + length, bytes.length);

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
    `select ${COLUMNS} from deliveries d join packets p on p.id = d.packet_id
     where d.lane = $1 and d.status = 'watched' and d.next_attempt_at <= now() and p.bytes is not null
     order by d.attempts, d.min_height, d.id limit $2`,
    [lane, alone ? 1 : limits.messages],
  );
  const chosen: Delivery[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += sizeOf(row);
    if (chosen.length > 0 && (row.attempts > 0 || bytes > limits.bytes)) break;
    chosen.push(delivery(row));
  }
  return chosen;
}

/** As many messages are due as one batch takes up, or as many bytes. */
export async function isBatchFull(
  pool: Pool,
  lane: string,
  limits: { readonly messages: number; readonly bytes: number },
): Promise<boolean> {
  const { rows } = await pool.query<{ full: boolean }>(
    `select count(*) = $2 or coalesce(sum(bytes), 0) > $3 as full from (
       select octet_length(p.bytes) as bytes from deliveries d join packets p on p.id = d.packet_id
       where d.lane = $1 and d.status = 'watched' and d.next_attempt_at <= now() and d.attempts = 0 and p.bytes is not null
       order by d.attempts, d.min_height, d.id limit $2) next`,
    [lane, limits.messages, limits.bytes],
  );
  return rows[0]?.full === true;
}

/** In the order given. */
export async function readDeliveries(pool: Pool, ids: readonly bigint[]): Promise<Delivery[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<Row>(
    `select ${COLUMNS} from unnest($1::bigint[]) with ordinality as m (id, position)
       join deliveries d on d.id = m.id join packets p on p.id = d.packet_id order by position`,
    [ids],
  );
  return rows.map(delivery);
}

/** What needs no delivery any more, as the target shows. */
export async function closeDeliveries(
  pool: Pool,
  delivered: readonly bigint[],
  obsolete: readonly bigint[],
): Promise<void> {
  if (delivered.length + obsolete.length === 0) return;
  await pool.query(
    `update deliveries set status = case when id = any($1::bigint[]) then 'delivered' else 'obsolete' end, closed_at = now(), batch_id = null,
       wait_height = null, error_code = null, error = null
     where id = any($1::bigint[] || $2::bigint[]) and status = 'watched'`,
    [delivered, obsolete],
  );
}

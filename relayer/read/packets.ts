// Packets for people: a list by many filters, and one packet with all that is known of it.
import type { Pool } from "pg";
import { bytesToHex } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import type { DeliveryView, PacketEventView, PacketSummary, PacketView } from "#sdk/api/views.ts";
import { iso } from "./iso.ts";
import { ERROR_CODE, packetsWanted } from "./packet-filter.ts";
import type { PacketFilter } from "./packet-filter.ts";

const SUMMARY = `p.source_chain || '/' || p.source_client || '/' || p.sequence as "id", p.message_id as "messageId",
  p.source_chain as "sourceChain", p.source_client as "sourceClient", p.sequence::text as "sequence",
  p.destination_chain as "destinationChain", p.destination_client as "destinationClient",
  p.timeout_timestamp::text as "timeoutTimestamp", p.status,
  ${ERROR_CODE} as "errorCode",
  ${iso("p.created_at")} as "createdAt"`;

/** Newest first. */
export async function listPackets(
  pool: Pool,
  filter: PacketFilter,
): Promise<{ packets: PacketSummary[]; next: string | null }> {
  const { sql, values } = packetsWanted(filter);
  const { rows } = await pool.query<PacketSummary & { position: string }>(
    `select p.id::text as "position", ${SUMMARY} from (${sql}) w join packets p on p.id = w.id
     order by p.created_at desc, p.id desc`,
    values,
  );
  const shown = rows.slice(0, filter.limit);
  return {
    packets: shown.map(({ position: _position, ...summary }) => summary),
    next: rows.length > filter.limit ? (shown.at(-1)?.position ?? null) : null,
  };
}

/** `id` is `sourceChain/sourceClient/sequence`. */
export async function readPacket(pool: Pool, id: string): Promise<PacketView | undefined> {
  const parts = /^(?<chain>[^/]+)\/(?<client>[^/]+)\/(?<sequence>[0-9]{1,20})$/.exec(id)?.groups;
  if (parts === undefined) return undefined;
  const { rows } = await pool.query<PacketSummary & { row: string; raw: Buffer | null; acks: Buffer[] | null }>(
    `select p.id::text as "row", p.bytes as "raw", p.acknowledgements as "acks", ${SUMMARY} from packets p
     where p.source_chain = $1 and p.source_client = $2 and p.sequence = $3`,
    [parts["chain"], parts["client"], parts["sequence"]],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  const { row, raw, acks, ...summary } = found;
  const bytes = raw === null ? undefined : new Uint8Array(raw);
  const packet = bytes && decodePacket(bytes);
  if (bytes !== undefined && packet === undefined)
    throw new CausewayError("STORE_UNAVAILABLE", `packet ${id} is stored in no canonical form`);
  const events = await pool.query<PacketEventView>(
    `select kind, chain, height::text as "height", timestamp::text as "timestamp", transaction, ${iso("seen_at")} as "seenAt"
     from packet_events where packet_id = $1 order by seen_at, kind`,
    [row],
  );
  const deliveries = await pool.query<DeliveryView>(
    `select leg, d.lane, case d.status when 'batched' then b.status else d.status end as status, attempts,
       ${iso("next_attempt_at")} as "nextAttemptAt", wait_height::text as "waitHeight", d.error_code as "errorCode", d.error,
       case d.status when 'watched' then null else d.batch_id end as "batch", d.transaction, ${iso("watched_at")} as "watchedAt",
       ${iso("proving_at")} as "provingAt", ${iso("queued_at")} as "queuedAt", ${iso("verifying_at")} as "verifyingAt",
       ${iso("submitting_at")} as "submittingAt", ${iso("logging_at")} as "loggingAt", ${iso("d.closed_at")} as "closedAt"
     from deliveries d left join batches b on b.id = d.batch_id where packet_id = $1 order by d.id`,
    [row],
  );
  return {
    ...summary,
    payloads: packet?.payloads.map((payload) => ({ ...payload, value: bytesToHex(payload.value) })) ?? null,
    acknowledgements: acks === null ? null : acks.map((ack) => bytesToHex(new Uint8Array(ack))),
    bytes: bytes === undefined ? null : bytesToHex(bytes),
    events: events.rows,
    deliveries: deliveries.rows,
  };
}

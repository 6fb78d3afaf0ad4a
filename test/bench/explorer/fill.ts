// Puts a relay's past into its database: rows as the relayer writes them, and every batch in the proof log.
import type { Pool } from "pg";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import type { NewLogEntry } from "#sdk/evidence/log-entry.ts";
import type { LogWriter } from "#relayer/proof-log/proof-log.ts";
import { hashOf, pastOf } from "./history.ts";
import type { PastBatch, PastDelivery, PastPacket } from "./history.ts";

const CHUNK = 5_000;

async function insert<T>(pool: Pool, sql: string, rows: readonly T[], row: (one: T) => object): Promise<void> {
  for (let from = 0; from < rows.length; from += CHUNK)
    await pool.query(sql, [JSON.stringify(rows.slice(from, from + CHUNK).map(row))]);
}

const iso = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString();

const transactionOf = (packet: PastPacket, kind: string, carried: PastDelivery | undefined): string =>
  carried?.batch?.transaction ?? `0x${hashOf(`${packet.id} ${kind}`)}`;

function eventsOf(packet: PastPacket, deliveries: readonly PastDelivery[]): object[] {
  const carried = (leg: PastDelivery["leg"]) => deliveries.find((delivery) => delivery.leg === leg);
  const event = (kind: string, chain: string, at: number | null, by: PastDelivery | undefined): object[] =>
    at === null
      ? []
      : [
          {
            packet_id: packet.id,
            kind,
            chain,
            height: Math.floor(at / 12_000),
            timestamp: Math.floor(at / 1000),
            transaction: transactionOf(packet, kind, by),
            seen_at: iso(at),
          },
        ];
  const { source, destination, createdAt, receivedAt, settledAt, status } = packet;
  return [
    ...event("sent", source.chain, createdAt, undefined),
    ...event("received", destination.chain, receivedAt, carried("receive")),
    ...event("acknowledgementWritten", destination.chain, receivedAt, carried("receive")),
    ...(status === "timedOut"
      ? event("timedOut", source.chain, settledAt, carried("timeout"))
      : event("acknowledged", source.chain, settledAt, carried("acknowledge"))),
  ];
}

async function log(writer: LogWriter, { id, source, target, transaction, fee, deliveries }: PastBatch): Promise<void> {
  const [envelope, trusted] = [Buffer.from(`evidence of ${id} `.repeat(100)), Buffer.from(`trusted before ${id}`)];
  const about = {
    batchId: id,
    sourceChain: source.chain,
    targetChain: target.chain,
    clientId: target.client,
    messages: deliveries.map(({ leg, packet }) => ({
      leg,
      sourceChain: packet.source.chain,
      sourceClient: packet.source.client,
      sequence: packet.packet.sequence.toString(),
      commitment: Buffer.from(packetCommitment(packet.packet)).toString("hex"),
    })),
    envelope: hashOf(envelope.toString()),
  };
  const entries: NewLogEntry[] = [
    {
      kind: "verdict",
      ...about,
      family: "fake",
      trusted: hashOf(trusted.toString()),
      now: "1",
      verdict: { ok: true, height: "1", timestamp: "1" },
    },
    { kind: "intent", ...about },
    {
      kind: "outcome",
      ...about,
      transaction: { id: transaction, height: "1", fee: String(fee) },
      deliveries: deliveries.map(() => ({ status: "delivered" as const })),
    },
  ];
  await Promise.all(entries.map((entry) => writer.append(entry, [envelope, trusted])));
}

/** The lanes are registered already. Figures and changes are kept by the database itself, as in life. */
export async function fill(pool: Pool, writer: LogWriter, packets: number, until: number): Promise<void> {
  const past = pastOf(packets, until);
  await insert(
    pool,
    `insert into packets (id, source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes,
       message_id, status, pending, acknowledgements, created_at) overriding system value
     select r.id, r.source_chain, r.source_client, r.sequence, r.destination_chain, r.destination_client, r.timeout_timestamp,
       decode(r.hex, 'hex'), r.message_id, r.status, r.pending, case when r.received then array['\\x01'::bytea] end, r.created_at
     from json_to_recordset($1) as r (id bigint, source_chain text, source_client text, sequence numeric, destination_chain text,
       destination_client text, timeout_timestamp numeric, hex text, message_id text, status text, pending boolean, received boolean,
       created_at timestamptz)`,
    past.packets,
    (one) => ({
      id: one.id,
      source_chain: one.source.chain,
      source_client: one.source.client,
      sequence: one.packet.sequence.toString(),
      destination_chain: one.destination.chain,
      destination_client: one.destination.client,
      timeout_timestamp: one.packet.timeoutTimestamp.toString(),
      hex: one.bytes,
      message_id: one.messageId,
      status: one.status,
      pending: one.status === "sent" || one.status === "received",
      received: one.receivedAt !== null,
      created_at: iso(one.createdAt),
    }),
  );
  await insert(
    pool,
    "insert into packet_accounts select * from json_populate_recordset(null::packet_accounts, $1)",
    past.packets.flatMap(({ id, accounts }) => accounts.map((account) => ({ packet_id: id, account }))),
    (row) => row,
  );
  const deliveriesOf = Map.groupBy(past.deliveries, ({ packet }) => packet.id);
  await insert(
    pool,
    "insert into packet_events select * from json_populate_recordset(null::packet_events, $1)",
    past.packets.flatMap((packet) => eventsOf(packet, deliveriesOf.get(packet.id) ?? [])),
    (row) => row,
  );
  await insert(
    pool,
    `insert into batches (id, lane, status, envelope_sha256, deliveries, result, transaction, proving_at, queued_at, verifying_at,
       submitting_at, logging_at, closed_at)
     select id, lane, 'abandoned', '', array(select jsonb_array_elements_text(deliveries)::bigint), result, transaction,
       begun_at, begun_at, begun_at, begun_at, begun_at, closed_at
     from json_to_recordset($1) as r (id text, lane text, deliveries jsonb, result jsonb, transaction text, begun_at timestamptz,
       closed_at timestamptz)`,
    past.batches,
    ({ id, target, transaction, fee, deliveries, closedAt }) => ({
      id,
      lane: `${target.chain}/${target.client}`,
      result: {
        transaction: { id: transaction, height: "1", fee: String(fee) },
        deliveries: deliveries.map(() => ({ status: "delivered" })),
      },
      transaction,
      deliveries: deliveries.map((delivery) => delivery.id),
      begun_at: iso(deliveries[0]?.watchedAt ?? closedAt),
      closed_at: iso(closedAt),
    }),
  );
  await insert(
    pool,
    `insert into deliveries (id, packet_id, leg, lane, status, min_height, error_code, error, batch_id, transaction, watched_at, closed_at)
       overriding system value
     select id, packet_id, leg, lane, case status when 'delivered' then 'batched' else status end, 1, error_code, error_code, batch,
       transaction, watched_at, closed_at
     from json_to_recordset($1) as r (id bigint, packet_id bigint, leg text, lane text, status text, error_code text, batch text,
       transaction text, watched_at timestamptz, closed_at timestamptz)`,
    past.deliveries,
    ({ packet, batch, watchedAt, closedAt, errorCode, ...one }) => ({
      id: one.id,
      packet_id: packet.id,
      leg: one.leg,
      lane: one.lane,
      status: one.status,
      error_code: errorCode,
      batch: batch?.id ?? null,
      transaction: batch?.transaction ?? null,
      watched_at: iso(watchedAt),
      closed_at: iso(closedAt),
    }),
  );
  await pool.query("update deliveries set status = 'delivered' where status = 'batched'");
  await pool.query("update batches set status = 'logged' where status = 'abandoned'");
  for (const table of ["packets", "deliveries"])
    await pool.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`);
  for (let from = 0; from < past.batches.length; from += 300)
    await Promise.all(past.batches.slice(from, from + 300).map((batch) => log(writer, batch)));
  await pool.query("vacuum analyze");
}

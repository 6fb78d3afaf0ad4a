// Takes what a chain said about packets into the table: idempotent, so that the same event may come twice, in any order.
import type { PoolClient } from "pg";
import type { ChainId, PacketEvent } from "#adapters/adapter.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Routes, Way } from "#relayer/routes.ts";
import { accountsOf, storeAccounts } from "./accounts.ts";

const isFromSource = ({ kind }: PacketEvent): boolean =>
  kind === "sent" || kind === "acknowledged" || kind === "timedOut";

/** Undefined for events of other routes, and for a packet that its route's chain addressed to a client of another. */
function wayOf(routes: Routes, chain: ChainId, event: PacketEvent): Way | undefined {
  const end = { chain, client: event.clientId };
  const way = isFromSource(event) ? routes.wayFrom(end) : routes.wayTo(end);
  return event.kind === "sent" && event.packet.destinationClient !== way?.destination.client ? undefined : way;
}

/** The packet's row; without what is in the packet until the event of its sending comes. */
async function storePacket(session: PoolClient, way: Way, event: PacketEvent): Promise<bigint> {
  const packet = event.kind === "sent" ? event.packet : undefined;
  // The last answer wins: an endpoint that once told a false packet must not stand in the way of the true one.
  const { rows } = await session.query<{ id: bigint }>(
    `insert into packets (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes,
       message_id) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (source_chain, source_client, sequence)
       do update set timeout_timestamp = coalesce(excluded.timeout_timestamp, packets.timeout_timestamp),
         bytes = coalesce(excluded.bytes, packets.bytes), message_id = coalesce(excluded.message_id, packets.message_id)
     returning id`,
    [
      way.source.chain,
      way.source.client,
      event.sequence,
      way.destination.chain,
      way.destination.client,
      packet?.timeoutTimestamp ?? null,
      packet === undefined ? null : Buffer.from(encodePacket(packet)),
      packet === undefined ? null : messageId(way.source.chain, packet),
    ],
  );
  const id = rows[0]?.id ?? 0n;
  if (packet !== undefined) await storeAccounts(session, id, accountsOf(packet));
  return id;
}

const addDelivery = `
  insert into deliveries (packet_id, leg, lane, min_height, status, closed_at)
  select p.id, $2::text, $3::text, $4::numeric, closed.status, case closed.status when 'watched' then null else now() end
  from packets p, lateral (select case
      when not p.pending then 'obsolete'
      when $2 = 'receive' and exists (
        select from packet_events e where e.packet_id = p.id and e.kind in ('received', 'acknowledgementWritten')) then 'delivered'
      else 'watched' end as status) closed
  where p.id = $1
  on conflict (packet_id, leg) do nothing`;

/** Only what no batch carries now: a batch settles its own deliveries. */
const closeDelivery = `
  update deliveries set status = $3, closed_at = now(), transaction = coalesce($4, transaction), wait_height = null
  where packet_id = $1 and leg = any($2) and status = 'watched'`;

/** Only forward: events may be read in any order, and more than once. */
const moveStatus = `
  update packets set status = $2 where id = $1 and array_position($3::text[], $2) > array_position($3::text[], status)`;
const LIFE = ["sent", "received", "timedOut", "acknowledged"];

async function storeConsequences(session: PoolClient, id: bigint, way: Way, event: PacketEvent): Promise<void> {
  switch (event.kind) {
    case "sent":
      await session.query(addDelivery, [id, "receive", way.forth.id, event.height]);
      return;
    case "received":
      await session.query(moveStatus, [id, "received", LIFE]);
      await session.query(closeDelivery, [id, ["receive"], "delivered", event.transaction]);
      return;
    case "acknowledgementWritten":
      await session.query("update packets set acknowledgements = $2 where id = $1", [
        id,
        event.acknowledgements.map((acknowledgement) => Buffer.from(acknowledgement)),
      ]);
      await session.query(moveStatus, [id, "received", LIFE]);
      await session.query(addDelivery, [id, "acknowledge", way.back.id, event.height]);
      // It was received, then, even if that event was missed.
      await session.query(closeDelivery, [id, ["receive"], "delivered", event.transaction]);
      await session.query(closeDelivery, [id, ["timeout"], "obsolete", null]);
      return;
    case "acknowledged":
    case "timedOut": {
      const leg = event.kind === "acknowledged" ? "acknowledge" : "timeout";
      await session.query(moveStatus, [id, event.kind, LIFE]);
      await session.query("update packets set pending = false where id = $1", [id]);
      await session.query(closeDelivery, [id, [leg], "delivered", event.transaction]);
      await session.query(closeDelivery, [id, ["receive", "acknowledge", "timeout"], "obsolete", null]);
    }
  }
}

/** Returns how many of the events belong to configured routes. Run it in a transaction. */
export async function ingest(
  session: PoolClient,
  routes: Routes,
  chain: ChainId,
  events: readonly PacketEvent[],
): Promise<number> {
  let known = 0;
  for (const event of events) {
    const way = wayOf(routes, chain, event);
    if (way === undefined) continue;
    known += 1;
    const id = await storePacket(session, way, event);
    await session.query(
      `insert into packet_events (packet_id, kind, chain, height, timestamp, transaction)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [id, event.kind, chain, event.height, event.timestamp, event.transaction],
    );
    await storeConsequences(session, id, way, event);
  }
  return known;
}

/**
 * The destination's finalized clock has passed these packets' timeouts and no receipt was seen: they are to be timed out.
 * `height` is the destination's, at which `timestamp` (Unix seconds) holds.
 */
export async function expirePackets(
  session: PoolClient,
  chain: ChainId,
  height: bigint,
  timestamp: bigint,
): Promise<number> {
  const { rowCount } = await session.query(
    `with over as (
       update packets p set expired = true from lanes l
       where p.destination_chain = $1 and p.pending and not p.expired and p.timeout_timestamp <= $3
         and l.target_chain = p.source_chain and l.client_id = p.source_client
       returning p.id, l.id as lane),
     expired as (
       select id, lane from over where not exists (
         select from packet_events e where e.packet_id = over.id and e.kind in ('received', 'acknowledgementWritten'))),
     receives as (
       update deliveries d set status = 'obsolete', closed_at = now(), wait_height = null from expired
       where d.packet_id = expired.id and d.leg = 'receive' and d.status = 'watched')
     insert into deliveries (packet_id, leg, lane, min_height) select id, 'timeout', lane, $2 from expired
     on conflict (packet_id, leg) do nothing`,
    [chain, height, timestamp],
  );
  return rowCount ?? 0;
}

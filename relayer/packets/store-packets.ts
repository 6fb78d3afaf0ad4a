// The packets' own rows: what is in them, and how far their lives are, merged with what was known before.
import type { PoolClient } from "pg";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import type { Way } from "#relayer/routes.ts";

/** In the order of a packet's life: it only moves forward. */
const LIFE = ["sent", "received", "timedOut", "acknowledged"] as const;
type Status = (typeof LIFE)[number];

const STATUS: Readonly<Record<PacketEvent["kind"], Status>> = {
  sent: "sent",
  received: "received",
  acknowledgementWritten: "received",
  acknowledged: "acknowledged",
  timedOut: "timedOut",
};

/** All that one answer says of a packet. */
interface Heard {
  readonly way: Way;
  readonly sequence: bigint;
  readonly packet: Packet | undefined;
  readonly acknowledgements: readonly Uint8Array[] | undefined;
  readonly status: Status;
}

const nameOf = ({ source }: Way, sequence: bigint): string => `${source.chain}/${source.client}/${sequence}`;

function heard(before: Heard | undefined, way: Way, event: PacketEvent): Heard {
  const told = STATUS[event.kind];
  const earlier = before?.status ?? "sent";
  return {
    way,
    sequence: event.sequence,
    packet: event.kind === "sent" ? event.packet : before?.packet,
    acknowledgements: event.kind === "acknowledgementWritten" ? event.acknowledgements : before?.acknowledgements,
    status: LIFE.indexOf(told) > LIFE.indexOf(earlier) ? told : earlier,
  };
}

/** As Postgres writes an array, so that arrays of different lengths travel in one. */
const bytesArray = (list: readonly Uint8Array[]): string =>
  `{${list.map((bytes) => `"\\\\x${Buffer.from(bytes).toString("hex")}"`).join(",")}}`;

/**
 * What is in a packet is null until the event of its sending comes; of several such the last one counts: an endpoint that once told a
 * false packet must not stand in the way of the true one. Returns how to find a packet's row.
 */
export async function storePackets(
  session: PoolClient,
  told: readonly { readonly way: Way; readonly event: PacketEvent }[],
): Promise<(way: Way, event: PacketEvent) => bigint> {
  const byName = new Map<string, Heard>();
  for (const { way, event } of told) {
    const name = nameOf(way, event.sequence);
    byName.set(name, heard(byName.get(name), way, event));
  }
  // In one order everywhere, so that two who store the same packets wait for each other instead of both for ever.
  const all = [...byName.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  const { rows } = await session.query<{ source_chain: string; source_client: string; sequence: bigint; id: bigint }>(
    `insert into packets as p (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes,
       message_id, acknowledgements, status, pending)
     select source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes,
       message_id, acknowledgements::bytea[], status, status not in ('acknowledged', 'timedOut')
     from unnest($1::text[], $2::text[], $3::numeric[], $4::text[], $5::text[], $6::numeric[], $7::bytea[], $8::text[], $9::text[],
       $10::text[]) as t (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes,
       message_id, acknowledgements, status)
     on conflict (source_chain, source_client, sequence) do update set
       timeout_timestamp = coalesce(excluded.timeout_timestamp, p.timeout_timestamp),
       bytes = coalesce(excluded.bytes, p.bytes),
       message_id = coalesce(excluded.message_id, p.message_id),
       acknowledgements = coalesce(excluded.acknowledgements, p.acknowledgements),
       status = case when array_position($11::text[], excluded.status) > array_position($11, p.status) then excluded.status else p.status end,
       pending = p.pending and excluded.pending
     returning source_chain, source_client, sequence, id`,
    [
      all.map(({ way }) => way.source.chain),
      all.map(({ way }) => way.source.client),
      all.map(({ sequence }) => sequence),
      all.map(({ way }) => way.destination.chain),
      all.map(({ way }) => way.destination.client),
      all.map(({ packet }) => packet?.timeoutTimestamp ?? null),
      all.map(({ packet }) => (packet === undefined ? null : Buffer.from(encodePacket(packet)))),
      all.map(({ way, packet }) => (packet === undefined ? null : messageId(way.source.chain, packet))),
      all.map(({ acknowledgements }) => (acknowledgements === undefined ? null : bytesArray(acknowledgements))),
      all.map(({ status }) => status),
      LIFE,
    ],
  );
  const ids = new Map(rows.map((row) => [`${row.source_chain}/${row.source_client}/${row.sequence}`, row.id]));
  return (way, event) => ids.get(nameOf(way, event.sequence)) ?? 0n;
}

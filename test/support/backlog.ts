// A backlog as a relayer has it that was away: packets that a fake chain sent, in the tables as though they had been watched.
import type { Pool } from "pg";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { createRoutes } from "#relayer/routes.ts";
import type { FakeWorld } from "./fake-world.ts";

const CHUNK = 5_000;

const STORE = `
  with told as (select * from json_to_recordset($1) as r (source_chain text, source_client text, sequence numeric,
      destination_chain text, destination_client text, timeout numeric, hex text, message_id text, height numeric, timestamp numeric,
      transaction text, lane text)),
    stored as (
      insert into packets (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes,
        message_id)
      select source_chain, source_client, sequence, destination_chain, destination_client, timeout, decode(hex, 'hex'), message_id
      from told order by sequence returning id, source_chain, source_client, sequence),
    known as (select id, told.* from stored join told using (source_chain, source_client, sequence)),
    seen as (
      insert into packet_events (packet_id, kind, chain, height, timestamp, transaction)
      select id, 'sent', source_chain, height, timestamp, transaction from known)
  insert into deliveries (packet_id, leg, lane, min_height) select id, 'receive', lane, height from known order by id`;

/** Sends so many packets over the world's first route and stores them; its first chain is read up to its newest finalized height. */
export async function storeBacklog(pool: Pool, world: FakeWorld, packets: number): Promise<void> {
  const routes = createRoutes(world.routes);
  await registerLanes(pool, routes);
  const [source] = world.routes[0] ?? [];
  const way = source === undefined ? undefined : routes.wayFrom(source);
  if (way === undefined) throw new Error("the world has no route");
  for (let count = 0; count < packets; count += 1) world.send(0);
  const chain = world.chain(way.source.chain);
  chain.mine(chain.finalityLag);
  const { finalized } = await chain.heads();
  const row = (event: PacketEvent) =>
    event.kind === "sent"
      ? [
          {
            source_chain: way.source.chain,
            source_client: way.source.client,
            sequence: event.sequence.toString(),
            destination_chain: way.destination.chain,
            destination_client: way.destination.client,
            timeout: event.packet.timeoutTimestamp.toString(),
            hex: Buffer.from(encodePacket(event.packet)).toString("hex"),
            message_id: messageId(way.source.chain, event.packet),
            height: event.height.toString(),
            timestamp: event.timestamp.toString(),
            transaction: event.transaction,
            lane: way.forth.id,
          },
        ]
      : [];
  const events = await chain.events(0n, finalized);
  for (let from = 0; from < events.length; from += CHUNK)
    await pool.query(STORE, [JSON.stringify(events.slice(from, from + CHUNK).flatMap(row))]);
  await pool.query("insert into cursors (chain, height, hash, timestamp) values ($1, $2, $3, $4)", [
    chain.chainId,
    finalized,
    `block ${finalized}`,
    chain.timeAt(finalized),
  ]);
  await pool.query("insert into height_ranges (chain, from_height, to_height, kind) values ($1, 0, $2, 'indexed')", [
    chain.chainId,
    finalized,
  ]);
  await pool.query("vacuum analyze");
}

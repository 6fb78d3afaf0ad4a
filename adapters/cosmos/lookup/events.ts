// Packet events of a light client, newest first: one packet's by the index that nodes keep, all packets' by reading backwards.
import type { EventQuery, Stretch } from "#adapters/lookup.ts";
import { isClientId } from "#adapters/protocol/client-id.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { ChainContext } from "../context.ts";
import { findEventHeights, packetEventEnds } from "../event-heights.ts";
import { getHeight, getLowestHeight } from "../rpc/head.ts";
import { getPacketEvents } from "../watch/block-events.ts";
import { eventsBackwards } from "../watch/events-backwards.ts";
import { getHeader } from "./head.ts";

const ALL_TYPES = Object.keys(packetEventEnds) as (keyof typeof packetEventEnds)[];

export async function* events(context: ChainContext, query: EventQuery, signal: AbortSignal): AsyncGenerator<Stretch> {
  const { clientId, sequence } = query;
  const isAsked = (event: PacketEvent): boolean =>
    event.clientId === clientId && (sequence === undefined || event.sequence === sequence);
  const { endpoints } = context;
  const head = await endpoints.use((endpoint) => getHeight(endpoint, signal));
  const heights =
    sequence === undefined || !isClientId(clientId)
      ? undefined
      : await endpoints.use((endpoint) => findEventHeights(endpoint, { clientId, sequence, types: ALL_TYPES }, signal));
  if (heights === undefined) {
    for await (const stretch of eventsBackwards(context, signal))
      yield { ...stretch, events: stretch.events.filter(isAsked) };
    return;
  }
  let to = head;
  for (const from of heights) {
    if (from > to) continue;
    yield await endpoints.use(async (endpoint) => {
      const header = await getHeader(endpoint, from, signal);
      const found = (await getPacketEvents(context, endpoint, header, signal)).filter(isAsked);
      return { from, to, timestamp: header.timestamp, events: found.toReversed() };
    });
    to = from - 1n;
  }
  const last = await lowest(context, signal);
  if (to >= last.height) yield { from: last.height, to, timestamp: last.timestamp, events: [] };
}

/** The first block that can hold packets, or is kept. */
const lowest = ({ config, endpoints }: ChainContext, signal: AbortSignal) =>
  endpoints.use(async (endpoint) => {
    const kept = await getLowestHeight(endpoint, signal);
    const first = BigInt(config.fromHeight);
    return getHeader(endpoint, kept > first ? kept : first, signal);
  });

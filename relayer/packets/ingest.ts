// Takes what a chain said about packets into the tables: idempotent, so that the same event may come twice, in any order. One answer
// of a chain, however many events it has, is a handful of statements.
import type { PoolClient } from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { Routes, Way } from "#relayer/routes.ts";
import { accountsOf, storeAccounts } from "./accounts.ts";
import { storePackets } from "./store-packets.ts";

const isFromSource = ({ kind }: PacketEvent): boolean =>
  kind === "sent" || kind === "acknowledged" || kind === "timedOut";

/** Undefined for events of other routes, and for a packet that its route's chain addressed to a client of another. */
function wayOf(routes: Routes, chain: ChainId, event: PacketEvent): Way | undefined {
  const end = { chain, client: event.clientId };
  const way = isFromSource(event) ? routes.wayFrom(end) : routes.wayTo(end);
  return event.kind === "sent" && event.packet.destinationClient !== way?.destination.client ? undefined : way;
}

/** An event, its way, and its packet's row. */
interface Told {
  readonly id: bigint;
  readonly way: Way;
  readonly event: PacketEvent;
}

async function storeEvents(session: PoolClient, chain: ChainId, told: readonly Told[]): Promise<void> {
  await session.query(
    `insert into packet_events (packet_id, kind, chain, height, timestamp, transaction)
     select id, kind, $1, height, timestamp, transaction
     from unnest($2::bigint[], $3::text[], $4::numeric[], $5::numeric[], $6::text[]) as t (id, kind, height, timestamp, transaction)
     on conflict do nothing`,
    [
      chain,
      told.map(({ id }) => id),
      told.map(({ event }) => event.kind),
      told.map(({ event }) => event.height),
      told.map(({ event }) => event.timestamp),
      told.map(({ event }) => event.transaction),
    ],
  );
}

/** Of a packet that was settled, or received, before: nobody is to be paid for that again. */
async function addDeliveries(session: PoolClient, told: readonly Told[]): Promise<void> {
  const added = told.flatMap(({ id, way, event }) => {
    if (event.kind === "sent") return [{ id, leg: "receive", lane: way.forth.id, height: event.height }];
    if (event.kind === "acknowledgementWritten")
      return [{ id, leg: "acknowledge", lane: way.back.id, height: event.height }];
    return [];
  });
  if (added.length === 0) return;
  await session.query(
    `insert into deliveries (packet_id, leg, lane, min_height, status, closed_at)
     select t.id, leg, lane, height, closed.status, case closed.status when 'watched' then null else now() end
     from unnest($1::bigint[], $2::text[], $3::text[], $4::numeric[]) as t (id, leg, lane, height) join packets p on p.id = t.id,
       lateral (select case
         when not p.pending then 'obsolete'
         when leg = 'receive' and exists (
           select from packet_events e where e.packet_id = p.id and e.kind in ('received', 'acknowledgementWritten')) then 'delivered'
         else 'watched' end as status) closed
     on conflict (packet_id, leg) do nothing`,
    [
      added.map(({ id }) => id),
      added.map(({ leg }) => leg),
      added.map(({ lane }) => lane),
      added.map(({ height }) => height),
    ],
  );
}

type Leg = "receive" | "acknowledge" | "timeout";

interface Closing {
  readonly id: bigint;
  readonly leg: Leg;
  /** What brought it; null where nothing did, because it is not needed any more. */
  readonly transaction: string | null;
}

/** What an event says of deliveries: which one it was, if any, and which nobody needs now. */
const CLOSES: Readonly<Record<PacketEvent["kind"], { readonly done: readonly Leg[]; readonly over: readonly Leg[] }>> =
  {
    sent: { done: [], over: [] },
    received: { done: ["receive"], over: [] },
    // It was received, then, even if that event was missed.
    acknowledgementWritten: { done: ["receive"], over: ["timeout"] },
    acknowledged: { done: ["acknowledge"], over: ["receive", "timeout"] },
    timedOut: { done: ["timeout"], over: ["receive", "acknowledge"] },
  };

const closingsOf = ({ id, event: { kind, transaction } }: Told): Closing[] => [
  ...CLOSES[kind].done.map((leg) => ({ id, leg, transaction })),
  ...CLOSES[kind].over.map((leg) => ({ id, leg, transaction: null })),
];

/** Only what no batch carries now: a batch settles its own deliveries. */
async function settleDeliveries(session: PoolClient, told: readonly Told[]): Promise<void> {
  // The first word about a delivery counts.
  const closings = new Map(
    told
      .flatMap(closingsOf)
      .toReversed()
      .map((closing) => [`${closing.id} ${closing.leg}`, closing]),
  );
  if (closings.size === 0) return;
  const all = [...closings.values()];
  await session.query(
    `update deliveries d set status = case when c.transaction is null then 'obsolete' else 'delivered' end, closed_at = now(),
       transaction = coalesce(c.transaction, d.transaction), batch_id = null, wait_height = null
     from unnest($1::bigint[], $2::text[], $3::text[]) as c (id, leg, transaction)
     where d.packet_id = c.id and d.leg = c.leg and d.status = 'watched'`,
    [all.map(({ id }) => id), all.map(({ leg }) => leg), all.map(({ transaction }) => transaction)],
  );
}

/** Returns how many of the events belong to configured routes. Run it in a transaction. */
export async function ingest(
  session: PoolClient,
  routes: Routes,
  chain: ChainId,
  events: readonly PacketEvent[],
): Promise<number> {
  const known = events.flatMap((event) => {
    const way = wayOf(routes, chain, event);
    return way === undefined ? [] : [{ way, event }];
  });
  if (known.length === 0) return 0;
  const idOf = await storePackets(session, known);
  const told = known.map(({ way, event }) => ({ id: idOf(way, event), way, event }));
  // The last word about a packet counts, as for what is in it.
  await storeAccounts(
    session,
    new Map(told.flatMap(({ id, event }) => (event.kind === "sent" ? [[id, accountsOf(event.packet)]] : []))),
  );
  await storeEvents(session, chain, told);
  await addDeliveries(session, told);
  await settleDeliveries(session, told);
  return known.length;
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
       update deliveries d set status = 'obsolete', closed_at = now(), batch_id = null, wait_height = null from expired
       where d.packet_id = expired.id and d.leg = 'receive' and d.status = 'watched')
     insert into deliveries (packet_id, leg, lane, min_height) select id, 'timeout', lane, $2 from expired
     where not exists (select from deliveries d where d.packet_id = expired.id and d.leg = 'timeout')
     on conflict (packet_id, leg) do nothing`,
    [chain, height, timestamp],
  );
  return rowCount ?? 0;
}

// Clearing: finds what the pipeline lost, on a timer, from what the chains' own state says is pending. A part of it at a time: a
// backlog of any size takes the memory of one part, and what the pipeline has in hand costs no call to a chain.
import type { Message } from "#adapters/message.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import { transaction } from "#relayer/database/transaction.ts";
import type { Engine } from "#relayer/engine.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import type { Lane } from "#relayer/routes.ts";

/** So many packets are looked at together. */
const PART = 500;

interface Suspect {
  readonly sequence: bigint;
  /** Null for a packet that the table does not have, or not what is in it. */
  readonly id: bigint | null;
  readonly bytes: Buffer | null;
  readonly timeout_timestamp: bigint | null;
  /** Status of each leg's delivery, if there is one. */
  readonly legs: Partial<Record<Message["kind"], string>>;
  /** Its send event was never read; or evidence for one of its deliveries was refused: perhaps an endpoint told a false packet. */
  readonly doubtful: boolean;
}

/**
 * Those of the chain's outstanding packets that have to be looked at. The others are on their way: a delivery that is open is
 * held against its target before it is proven, and one that failed shows what is wrong with it; and what was received since the last
 * pass is acknowledged as soon as its target's blocks are watched.
 */
async function suspects(engine: Engine, lane: Lane, sequences: readonly bigint[]): Promise<Suspect[]> {
  const { rows } = await engine.pool.query<Suspect>(
    `select s.sequence, p.id, p.bytes, p.timeout_timestamp, known.legs, known.doubtful
     from unnest($3::numeric[]) as s (sequence)
     left join packets p on p.source_chain = $1 and p.source_client = $2 and p.sequence = s.sequence and p.bytes is not null
     cross join lateral (select coalesce(jsonb_object_agg(d.leg, d.status), '{}') as legs,
         coalesce(bool_or(d.error_code = 'EVIDENCE_REFUSED'), false)
           or not exists (select from packet_events e where e.packet_id = p.id and e.kind = 'sent') as doubtful,
         coalesce(bool_or(d.status not in ('delivered', 'obsolete') and (d.leg = 'receive' or d.attempts = 0)
           or d.leg = 'receive' and d.status = 'delivered' and d.closed_at > now() - make_interval(secs => $5)), false) as underway,
         coalesce(bool_or(d.leg <> 'receive'), false) as "beyondReceive"
       from deliveries d where d.packet_id = p.id) known
     where p.id is null or not p.pending or known.doubtful or not known.underway
       or (not known."beyondReceive" and p.timeout_timestamp <= (select timestamp from cursors where chain = $4))
     order by s.sequence`,
    [lane.source.chain, lane.source.client, sequences, lane.target.chain, engine.timers.clear / 1000],
  );
  return rows;
}

async function take(engine: Engine, chain: string, events: readonly PacketEvent[]): Promise<void> {
  if (events.length > 0) await transaction(engine.pool, (session) => ingest(session, engine.routes, chain, events));
}

const CLOSED = new Set(["delivered", "obsolete"]);

async function reopen(engine: Engine, packets: readonly bigint[], leg: Message["kind"]): Promise<number> {
  if (packets.length === 0) return 0;
  const { rowCount } = await engine.pool.query(
    `update deliveries set status = 'watched', closed_at = null, batch_id = null, next_attempt_at = now(), attempts = 0
     where packet_id = any($1) and leg = $2 and status in ('delivered', 'obsolete')`,
    [packets, leg],
  );
  return rowCount ?? 0;
}

/** The chain still holds their commitments and their time is over without a receipt, whatever events said. */
async function timeOut(engine: Engine, packets: readonly bigint[], lane: string | undefined): Promise<number> {
  if (packets.length === 0 || lane === undefined) return 0;
  const { rowCount } = await engine.pool.query(
    `insert into deliveries (packet_id, leg, lane, min_height) select packet, 'timeout', $2, 1 from unnest($1::bigint[]) as packet
     on conflict (packet_id, leg) do nothing`,
    [packets, lane],
  );
  return rowCount ?? 0;
}

/** Puts closed deliveries back whose work the chains do not show, and reads acknowledgements that were missed. */
async function compare(engine: Engine, lane: Lane, outstanding: readonly Suspect[]): Promise<number> {
  const source = engine.chain(lane.source.chain);
  const target = engine.chain(lane.target.chain);
  const packets = outstanding.flatMap(({ id, bytes, timeout_timestamp: timeout, sequence, legs }) => {
    const packet = bytes === null ? undefined : decodePacket(new Uint8Array(bytes));
    return packet === undefined || id === null || timeout === null ? [] : [{ id, sequence, timeout, legs, packet }];
  });
  if (packets.length === 0) return 0;
  const received = await target.target.standing(packets.map(({ packet }) => ({ kind: "receive", packet })));
  const settled = await source.target.standing(packets.map(({ packet }) => ({ kind: "acknowledge", packet })));
  const { now } = await target.target.trusted(lane.target.client);
  const unsettled = packets.flatMap((packet, index) =>
    settled[index] === "open" ? [{ ...packet, received: received[index] === "done" }] : [],
  );
  const ids = (list: typeof unsettled): bigint[] => list.map(({ id }) => id);
  await engine.pool.query("update packets set pending = true where id = any($1) and not pending", [ids(unsettled)]);

  const unreceived = unsettled.filter((packet) => !packet.received);
  const closed = (leg: Message["kind"], list: typeof unsettled) =>
    list.filter(({ legs }) => CLOSED.has(legs[leg] ?? ""));
  const inTime = unreceived.filter(({ timeout }) => timeout > now);
  const untimed = unreceived.filter(({ legs, timeout }) => legs.timeout === undefined && timeout <= now);
  const arrived = unsettled.filter((packet) => packet.received);
  const back = engine.routes.wayFrom({ chain: lane.source.chain, client: lane.source.client })?.back.id;
  const reopened =
    (await reopen(engine, ids(closed("receive", inTime)), "receive")) +
    (await reopen(engine, ids(closed("timeout", unreceived)), "timeout")) +
    (await timeOut(engine, ids(untimed), back)) +
    (await reopen(engine, ids(closed("acknowledge", arrived)), "acknowledge"));
  const unanswered = arrived.filter(({ legs }) => legs.acknowledge === undefined).map(({ sequence }) => sequence);
  if (unanswered.length > 0)
    await take(engine, lane.target.chain, await target.source.recover(lane.target.client, unanswered));
  return reopened;
}

/**
 * Sequences above it were not watched yet, and are being watched: after a while away a relayer has the newest packets from its
 * chain in order, and to look for each of them by name would take longer. Undefined when watching brought none since the last time: then all are lost.
 */
async function beingWatched(engine: Engine, lane: Lane): Promise<bigint | undefined> {
  const { rows } = await engine.pool.query<{ before: bigint | null; now: bigint }>(
    `update lanes l set cleared_to = coalesce((select sequence from packets where source_chain = l.source_chain
       and source_client = l.source_client and bytes is not null order by sequence desc limit 1), 0)
     from lanes before where l.id = $1 and before.id = l.id returning before.cleared_to as before, l.cleared_to as now`,
    [lane.id],
  );
  const [{ before, now } = { before: null, now: 0n }] = rows;
  return before === null || now > before ? now : undefined;
}

/** Returns how many deliveries it put back. */
async function clearPart(engine: Engine, lane: Lane, sequences: readonly bigint[]): Promise<number> {
  const before = await suspects(engine, lane, sequences);
  const lost = before.filter(({ id, doubtful }) => id === null || doubtful).map(({ sequence }) => sequence);
  if (lost.length === 0) return compare(engine, lane, before);
  await take(engine, lane.source.chain, await engine.chain(lane.source.chain).source.recover(lane.source.client, lost));
  return compare(
    engine,
    lane,
    await suspects(
      engine,
      lane,
      before.map(({ sequence }) => sequence),
    ),
  );
}

/** One direction: what was sent from `lane.source` through its client and is neither acknowledged nor timed out there. */
export async function clear(engine: Engine, lane: Lane): Promise<void> {
  await engine.alone(`clear ${lane.id}`, async () => {
    const watched = await beingWatched(engine, lane);
    const outstanding = await engine.chain(lane.source.chain).source.outstanding(lane.source.client);
    const sequences = watched === undefined ? outstanding : outstanding.filter((sequence) => sequence <= watched);
    let reopened = 0;
    for (let start = 0; start < sequences.length; start += PART) {
      if (engine.signal.aborted) return;
      reopened += await clearPart(engine, lane, sequences.slice(start, start + PART));
    }
    engine.emit({ type: "cleared", lane: lane.id, outstanding: outstanding.length, reopened });
  });
}

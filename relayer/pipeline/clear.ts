// Clearing: finds what the pipeline lost, on a timer, from what the chains' own state says is pending.
import type { Message, PacketEvent } from "#adapters/adapter.ts";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import { transaction } from "#relayer/database/transaction.ts";
import type { Engine } from "#relayer/engine.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import type { Lane } from "#relayer/routes.ts";

interface Known {
  readonly id: bigint;
  readonly sequence: bigint;
  readonly bytes: Buffer;
  readonly timeout_timestamp: bigint;
  /** Status of each leg's delivery, if there is one. */
  readonly legs: Partial<Record<Message["kind"], string>>;
  readonly sent: boolean;
  /** The evidence for one of its deliveries was refused: perhaps an endpoint told a false packet. */
  readonly doubtful: boolean;
}

async function known(engine: Engine, lane: Lane, sequences: readonly bigint[]): Promise<Map<bigint, Known>> {
  const { rows } = await engine.pool.query<Known>(
    `select p.id, p.sequence, p.bytes, p.timeout_timestamp,
       coalesce((select jsonb_object_agg(d.leg, d.status) from deliveries d where d.packet_id = p.id), '{}') as legs,
       exists (select from packet_events e where e.packet_id = p.id and e.kind = 'sent') as sent,
       exists (select from deliveries d where d.packet_id = p.id and d.error_code = 'EVIDENCE_REFUSED') as doubtful
     from packets p
     where p.source_chain = $1 and p.source_client = $2 and p.sequence = any($3::numeric[]) and p.bytes is not null`,
    [lane.source.chain, lane.source.client, sequences],
  );
  return new Map(rows.map((row) => [row.sequence, row]));
}

async function take(engine: Engine, chain: string, events: readonly PacketEvent[]): Promise<void> {
  if (events.length > 0) await transaction(engine.pool, (session) => ingest(session, engine.routes, chain, events));
}

const CLOSED = new Set(["delivered", "obsolete"]);

async function reopen(engine: Engine, packet: bigint, leg: Message["kind"]): Promise<number> {
  const { rowCount } = await engine.pool.query(
    `update deliveries set status = 'watched', closed_at = null, batch_id = null, next_attempt_at = now(), attempts = 0
     where packet_id = $1 and leg = $2 and status in ('delivered', 'obsolete')`,
    [packet, leg],
  );
  return rowCount ?? 0;
}

/** The chain still holds its commitment and its time is over without a receipt, whatever events said. */
async function timeOut(engine: Engine, packet: bigint, lane: string): Promise<number> {
  const { rowCount } = await engine.pool.query(
    `insert into deliveries (packet_id, leg, lane, min_height) values ($1, 'timeout', $2, 1)
     on conflict (packet_id, leg) do nothing`,
    [packet, lane],
  );
  return rowCount ?? 0;
}

/** Puts closed deliveries back whose work the chains do not show, and reads acknowledgements that were missed. */
async function compare(engine: Engine, lane: Lane, outstanding: readonly Known[]): Promise<number> {
  const source = engine.chain(lane.source.chain);
  const target = engine.chain(lane.target.chain);
  const packets = outstanding.flatMap((entry) => {
    const packet = decodePacket(new Uint8Array(entry.bytes));
    return packet === undefined ? [] : [{ ...entry, packet }];
  });
  const received = await target.target.standing(packets.map(({ packet }) => ({ kind: "receive", packet })));
  const settled = await source.target.standing(packets.map(({ packet }) => ({ kind: "acknowledge", packet })));
  const { now } = await target.target.trusted(lane.target.client);
  let reopened = 0;
  const unanswered: bigint[] = [];
  const unsettled = packets.filter((_, index) => settled[index] === "open").map(({ id }) => id);
  await engine.pool.query("update packets set pending = true where id = any($1) and not pending", [unsettled]);
  for (const [index, { id, sequence, timeout_timestamp, legs, packet }] of packets.entries()) {
    if (settled[index] === "done") continue;
    if (received[index] === "open") {
      const way = engine.routes.wayFrom({ chain: lane.source.chain, client: packet.sourceClient });
      if (CLOSED.has(legs.receive ?? "") && timeout_timestamp > now) reopened += await reopen(engine, id, "receive");
      if (CLOSED.has(legs.timeout ?? "")) reopened += await reopen(engine, id, "timeout");
      else if (legs.timeout === undefined && timeout_timestamp <= now && way !== undefined)
        reopened += await timeOut(engine, id, way.back.id);
    } else if (legs.acknowledge === undefined) unanswered.push(sequence);
    else if (CLOSED.has(legs.acknowledge)) reopened += await reopen(engine, id, "acknowledge");
  }
  if (unanswered.length > 0)
    await take(engine, lane.target.chain, await target.source.recover(lane.target.client, unanswered));
  return reopened;
}

/** One direction: what was sent from `lane.source` through its client and is neither acknowledged nor timed out there. */
export async function clear(engine: Engine, lane: Lane): Promise<void> {
  await engine.alone(`clear ${lane.id}`, async () => {
    const source = engine.chain(lane.source.chain).source;
    const sequences = await source.outstanding(lane.source.client);
    const before = await known(engine, lane, sequences);
    const lost = sequences.filter(
      (sequence) => before.get(sequence)?.sent !== true || before.get(sequence)?.doubtful === true,
    );
    if (lost.length > 0) await take(engine, lane.source.chain, await source.recover(lane.source.client, lost));
    const outstanding = lost.length > 0 ? await known(engine, lane, sequences) : before;
    const reopened = outstanding.size > 0 ? await compare(engine, lane, [...outstanding.values()]) : 0;
    engine.emit({ type: "cleared", lane: lane.id, outstanding: sequences.length, reopened });
  });
}

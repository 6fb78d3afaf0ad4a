// What a relayer's tables say about one packet: its row, its lanes, how far its chains were read, and which transactions were its own.
import type { Pool } from "pg";
import { hexToBytes } from "@noble/hashes/utils.js";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { listClients } from "#relayer/read/clients.ts";
import { listLanes } from "#relayer/read/lanes.ts";
import { readPacket } from "#relayer/read/packets.ts";
import type { Way } from "#relayer/routes.ts";
import type { ClientView, LaneView, PacketView } from "#sdk/api/views.ts";
import type { EventFacts, LaneFacts, TraceFacts } from "#sdk/trace/facts.ts";
import { idOf } from "./name.ts";
import type { Name } from "./name.ts";

export interface FromTables {
  readonly packet: Packet | undefined;
  readonly events: readonly EventFacts[];
  readonly acknowledgements: TraceFacts["acknowledgements"];
  readonly deliveries: TraceFacts["deliveries"];
  readonly read: TraceFacts["read"];
  readonly lanes: TraceFacts["lanes"];
  /** As they were last read, by lane. */
  readonly clients: ReadonlyMap<string, ClientView>;
  /** Whether the relayer sent these transactions. */
  isOurs(transaction: string): Promise<boolean>;
}

const seconds = (iso: string): number => Date.parse(iso) / 1000;

export async function readTables(pool: Pool, name: Name, way: Way | undefined): Promise<FromTables> {
  const ids = way === undefined ? [] : [way.forth.id, way.back.id];
  const [view, lanes, clients, read] = await Promise.all([
    readPacket(pool, idOf(name)),
    listLanes(pool, ids),
    listClients(pool, ids),
    readCursors(pool),
  ]);
  const byLane = new Map(clients.map((client) => [`${client.chain}/${client.client}`, client]));
  const lane = (id: string | undefined): LaneFacts | null => {
    const found = lanes.find((candidate) => candidate.id === id);
    return found === undefined ? null : laneFacts(found, byLane.get(found.id));
  };
  const isOurs = async (transaction: string): Promise<boolean> => {
    const { rowCount } = await pool.query("select from transactions where id = $1 limit 1", [transaction]);
    return rowCount === 1;
  };
  return {
    packet: view?.bytes == null ? undefined : decodePacket(hexToBytes(view.bytes)),
    events: view === undefined ? [] : await Promise.all(view.events.map((event) => eventFacts(event, isOurs))),
    acknowledgements: view?.acknowledgements ?? null,
    deliveries: view?.deliveries ?? [],
    read: {
      source: read.get(name.sourceChain) ?? null,
      destination: read.get(way?.destination.chain ?? "") ?? null,
    },
    lanes: { source: lane(way?.back.id), destination: lane(way?.forth.id) },
    clients: byLane,
    isOurs,
  };
}

async function eventFacts(
  { kind, chain, height, timestamp, transaction, seenAt }: PacketView["events"][number],
  isOurs: FromTables["isOurs"],
): Promise<EventFacts> {
  return {
    kind,
    chain,
    height,
    timestamp: Number(timestamp),
    transaction,
    final: true,
    finalAt: null,
    readAt: seconds(seenAt),
    byUs: await isOurs(transaction),
  };
}

const laneFacts = (lane: LaneView, client: ClientView | undefined): LaneFacts => ({
  id: lane.id,
  failuresInARow: lane.failuresInARow,
  nextAttemptAt: seconds(lane.nextAttemptAt),
  errorCode: lane.errorCode,
  error: lane.error,
  medianSeconds: lane.latency?.p50Seconds ?? null,
  paused: lane.paused === null ? null : { ...lane.paused, at: seconds(lane.paused.at) },
  contradiction:
    client?.contradiction == null
      ? null
      : {
          height: client.contradiction.height,
          what: client.contradiction.what,
          frozen: client.contradiction.report === "frozen",
        },
});

type Read = NonNullable<TraceFacts["read"]["source"]>;

/** How far each chain was read. */
export async function readCursors(pool: Pool): Promise<Map<string, Read>> {
  const { rows } = await pool.query<{ chain: string; height: bigint; timestamp: bigint | null; updated_at: Date }>(
    "select chain, height, timestamp, updated_at from cursors",
  );
  return new Map(
    rows.map(({ chain, height, timestamp, updated_at: at }) => [
      chain,
      {
        height: height.toString(),
        timestamp: timestamp === null ? null : Number(timestamp),
        at: at.getTime() / 1000,
      },
    ]),
  );
}

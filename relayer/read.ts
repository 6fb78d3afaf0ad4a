// Reads the relayer's tables for people: the same answers for the HTTP API, the command line and, later, the explorer.
import type { Pool } from "pg";
import { bytesToHex } from "@noble/hashes/utils.js";
import { decodePacket } from "#adapters/protocol/packet-codec.ts";
import { CausewayError } from "#adapters/protocol/error.ts";

/** Everything is JSON: integers wider than 53 bits as decimal strings, bytes as hexadecimal, times as ISO 8601. */
export interface PacketSummary {
  /** `sourceChain/sourceClient/sequence`. */
  readonly id: string;
  readonly sourceChain: string;
  readonly sourceClient: string;
  readonly sequence: string;
  readonly destinationChain: string;
  readonly destinationClient: string;
  /** Unix seconds; null while only other events than the packet's sending were read. */
  readonly timeoutTimestamp: string | null;
  readonly status: "sent" | "received" | "acknowledged" | "timedOut";
  readonly createdAt: string;
}

export interface PacketEventView {
  readonly kind: string;
  readonly chain: string;
  readonly height: string;
  /** Unix seconds on that chain. */
  readonly timestamp: string;
  readonly transaction: string;
  readonly seenAt: string;
}

export interface DeliveryView {
  readonly leg: "receive" | "acknowledge" | "timeout";
  readonly lane: string;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: string;
  /** The source's finality has to reach this height first. */
  readonly waitHeight: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  readonly batch: string | null;
  readonly transaction: string | null;
  /** When each stage was entered last. */
  readonly watchedAt: string;
  readonly provingAt: string | null;
  readonly queuedAt: string | null;
  readonly verifyingAt: string | null;
  readonly submittingAt: string | null;
  readonly loggingAt: string | null;
  readonly closedAt: string | null;
}

export interface PacketView extends PacketSummary {
  /** Null like the timeout. */
  readonly payloads:
    | readonly {
        readonly sourcePort: string;
        readonly destinationPort: string;
        readonly version: string;
        readonly encoding: string;
        readonly value: string;
      }[]
    | null;
  readonly acknowledgements: readonly string[] | null;
  readonly bytes: string | null;
  readonly events: readonly PacketEventView[];
  readonly deliveries: readonly DeliveryView[];
}

const iso = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const ID = "p.source_chain || '/' || p.source_client || '/' || p.sequence";
const happened = (...kinds: readonly string[]): string =>
  `exists (select from packet_events e where e.packet_id = p.id and e.kind in (${kinds.map((kind) => `'${kind}'`).join(", ")}))`;
const STATUS = `case when ${happened("acknowledged")} then 'acknowledged' when ${happened("timedOut")} then 'timedOut'
  when ${happened("received", "acknowledgementWritten")} then 'received' else 'sent' end`;
const SUMMARY = `${ID} as "id", p.source_chain as "sourceChain", p.source_client as "sourceClient",
  p.sequence::text as "sequence", p.destination_chain as "destinationChain", p.destination_client as "destinationClient",
  p.timeout_timestamp::text as "timeoutTimestamp", ${STATUS} as "status", ${iso("p.created_at")} as "createdAt"`;

export interface PacketFilter {
  /** Packets older than this position; from an earlier answer's `next`. */
  readonly before?: string | undefined;
  readonly limit: number;
  readonly pending?: boolean | undefined;
  readonly chain?: string | undefined;
}

/** Newest first. */
export async function listPackets(
  pool: Pool,
  { before, limit, pending, chain }: PacketFilter,
): Promise<{ packets: PacketSummary[]; next: string | null }> {
  const { rows } = await pool.query<PacketSummary & { position: string }>(
    `select p.id::text as "position", ${SUMMARY} from packets p
     where ($1::bigint is null or p.id < $1) and ($2::boolean is null or p.pending = $2)
       and ($3::text is null or $3 in (p.source_chain, p.destination_chain))
     order by p.id desc limit $4`,
    [before ?? null, pending ?? null, chain ?? null, limit],
  );
  const next = rows.length === limit ? (rows.at(-1)?.position ?? null) : null;
  return { packets: rows.map(({ position: _position, ...summary }) => summary), next };
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
    `select leg, lane, status, attempts, ${iso("next_attempt_at")} as "nextAttemptAt", wait_height::text as "waitHeight",
       error_code as "errorCode", error, batch_id as "batch", transaction, ${iso("watched_at")} as "watchedAt",
       ${iso("proving_at")} as "provingAt", ${iso("queued_at")} as "queuedAt", ${iso("verifying_at")} as "verifyingAt",
       ${iso("submitting_at")} as "submittingAt", ${iso("logging_at")} as "loggingAt", ${iso("closed_at")} as "closedAt"
     from deliveries where packet_id = $1 order by id`,
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

export interface LaneView {
  readonly id: string;
  readonly sourceChain: string;
  readonly targetChain: string;
  readonly client: string;
  /** Messages that are not delivered yet. */
  readonly backlog: string;
  readonly delivered: string;
  readonly oldestSeconds: number | null;
  readonly failuresInARow: number;
  readonly nextAttemptAt: string;
  readonly errorCode: string | null;
  readonly error: string | null;
}

export async function listLanes(pool: Pool): Promise<LaneView[]> {
  const { rows } = await pool.query<LaneView>(
    `select l.id, l.source_chain as "sourceChain", l.target_chain as "targetChain", l.client_id as "client",
       (count(d.id) filter (where d.status not in ('delivered', 'obsolete')))::text as "backlog",
       (count(d.id) filter (where d.status = 'delivered'))::text as "delivered",
       extract(epoch from now() - min(d.watched_at) filter (where d.status not in ('delivered', 'obsolete')))::float8 as "oldestSeconds",
       l.attempts as "failuresInARow", ${iso("l.next_attempt_at")} as "nextAttemptAt", l.error_code as "errorCode", l.error
     from lanes l left join deliveries d on d.lane = l.id group by l.id order by l.id`,
  );
  return rows;
}

export interface ClientView {
  readonly chain: string;
  readonly client: string;
  readonly follows: string;
  /** Null until it was read once. */
  readonly status: string | null;
  readonly height: string | null;
  /** Unix seconds. */
  readonly timestamp: string | null;
  readonly expiresAt: string | null;
  readonly readAt: string | null;
  /** When it was last held against what our own endpoints finalized. */
  readonly comparedAt: string | null;
  /** Heights at which that was not possible. `unserved`: no endpoint says, or they disagree. */
  readonly uncompared: readonly {
    readonly height: string;
    readonly because: "ahead" | "unserved";
    readonly why: string;
  }[];
  /** Null while its lane may be used. */
  readonly contradiction: ContradictionView | null;
}

/** Why a lane stands still until an operator resumes it. */
export interface ContradictionView {
  /** Of the chain the light client follows. */
  readonly height: string;
  readonly what: string;
  readonly basis: "proven" | "told";
  readonly foundAt: string;
  /** Whether the newest comparison found one, too. */
  readonly stands: boolean;
  /** `frozen`: by our report, whose transaction it is, or by somebody else's. */
  readonly report: "wanted" | "frozen";
  readonly transaction: string | null;
  /** Why it could not be reported. */
  readonly reportError: string | null;
}

export async function listClients(pool: Pool): Promise<ClientView[]> {
  const { rows } = await pool.query<ClientView>(
    `select l.target_chain as "chain", l.client_id as "client", l.source_chain as "follows", l.client_status as "status",
       l.client_height::text as "height", l.client_timestamp::text as "timestamp",
       l.client_expires_at::text as "expiresAt", ${iso("l.client_read_at")} as "readAt",
       ${iso("l.compared_at")} as "comparedAt", l.uncompared as "uncompared",
       case when c.id is not null then jsonb_build_object('height', c.height::text, 'what', c.what, 'basis', c.basis,
         'foundAt', ${iso("c.found_at")}, 'stands', c.stands, 'report', c.report, 'transaction', c.transaction,
         'reportError', c.report_error) end as "contradiction"
     from lanes l left join contradictions c on c.lane = l.id and c.resumed_at is null order by l.id`,
  );
  return rows;
}

/** What an operator has to know at once, a sentence each, by lane. */
export async function listAlarms(pool: Pool): Promise<Record<string, string>> {
  const alarms = (await listClients(pool)).flatMap(({ chain, client, status, contradiction }) => {
    const lane = `${chain}/${client}`;
    if (contradiction !== null) return [[lane, describeContradiction(contradiction)] as const];
    return status === "frozen" || status === "expired" ? [[lane, `CLIENT_${status.toUpperCase()}`] as const] : [];
  });
  return Object.fromEntries(alarms);
}

export function describeContradiction(one: ContradictionView): string {
  const fate =
    one.report === "wanted"
      ? `not frozen: ${one.reportError ?? "a report is being made"}`
      : `frozen by ${one.transaction === null ? "somebody else's report" : `our report in ${one.transaction}`}`;
  const found = `${one.stands ? "" : "no more, but "}at height ${one.height} ${one.what} (${one.basis})`;
  return `CLIENT_CONTRADICTED, lane stopped: ${found}; ${fate}`;
}

export interface ChainView {
  readonly chain: string;
  /** Newest finalized height that was read. */
  readonly height: string | null;
  readonly timestamp: string | null;
  readonly updatedAt: string | null;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly why: string }[];
}

export async function listChains(pool: Pool, chains: readonly string[]): Promise<ChainView[]> {
  const { rows } = await pool.query<ChainView>(
    `select c.chain, k.height::text as "height", k.timestamp::text as "timestamp", ${iso("k.updated_at")} as "updatedAt",
       coalesce((select jsonb_agg(jsonb_build_object('from', r.from_height::text, 'to', r.to_height::text, 'why', r.why) order by r.from_height)
         from height_ranges r where r.chain = c.chain and r.kind = 'gap'), '[]') as "gaps"
     from unnest($1::text[]) with ordinality as c (chain, position) left join cursors k on k.chain = c.chain order by c.position`,
    [chains],
  );
  return rows;
}

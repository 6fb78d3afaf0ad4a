// Which packets a list shows, as SQL that follows an index in the list's order whatever is asked for.
import type { PacketSummary } from "#sdk/api/views.ts";
import { spellingsOf } from "./transaction-spellings.ts";

export interface PacketFilter {
  /** Packets older than this row of the table; from an earlier answer's `next`. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Neither acknowledged nor timed out. */
  readonly pending?: boolean | undefined;
  /** One of its deliveries waits for more than time and finality: an error code of its own or of its lane is standing. */
  readonly held?: boolean | undefined;
  readonly status?: PacketSummary["status"] | undefined;
  readonly named?: PacketNames | undefined;
  /** When this relayer saw it first, ISO 8601: from `since` on, before `until`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** What a packet has to do with. */
export interface PacketNames {
  /** One of its two chains. */
  readonly chain?: string | undefined;
  /** `chain/client`, one of its two ends: everything that travels over that light client. */
  readonly lane?: string | undefined;
  /** Sender or receiver of a standard payload. */
  readonly account?: string | undefined;
  /** One that sent, received or settled it. */
  readonly transaction?: string | undefined;
}

const OPEN = "d.status not in ('delivered', 'obsolete')";
/** Waiting for finality is the way of things. */
const OWN_CODE = "nullif(d.error_code, 'NOT_FINAL_YET')";
/** Lanes whose own failure, or light client, holds up all that waits for them. */
const LANES = `(select l.id, coalesce((select 'CLIENT_CONTRADICTED' from contradictions c where c.lane = l.id and c.resumed_at is null),
  nullif(l.error_code, 'NOT_FINAL_YET')) as code from lanes l)`;

/** Why the newest open delivery of packet `p` is held up. */
export const ERROR_CODE = `(select coalesce(${OWN_CODE}, l.code) from deliveries d join ${LANES} l on l.id = d.lane
  where d.packet_id = p.id and ${OPEN} and coalesce(${OWN_CODE}, l.code) is not null order by d.id desc limit 1)`;

const HELD = `select d.packet_id from deliveries d where ${OPEN} and d.error_code is not null and d.error_code <> 'NOT_FINAL_YET'
  union all select d.packet_id from ${LANES} l join deliveries d on d.lane = l.id where l.code is not null and ${OPEN}`;

/** Selects the ids of at most `limit` + 1 packets, newest first. */
export function packetsWanted(filter: PacketFilter): { readonly sql: string; readonly values: unknown[] } {
  const values: unknown[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const { chain, lane, account, transaction } = filter.named ?? {};
  const narrow: string[] = [];

  if (filter.before !== undefined) {
    const before = value(filter.before);
    narrow.push(
      `(p.created_at, p.id) < ((select created_at from packets where id = ${before}::bigint), ${before}::bigint)`,
    );
  }
  if (filter.status !== undefined) narrow.push(`p.status = ${value(filter.status)}`);
  if (filter.pending !== undefined) narrow.push(filter.pending ? "p.pending" : "not p.pending");
  if (filter.held !== undefined) narrow.push(`p.id ${filter.held ? "in" : "not in"} (${HELD})`);
  if (filter.since !== undefined) narrow.push(`p.created_at >= ${value(filter.since)}`);
  if (filter.until !== undefined) narrow.push(`p.created_at < ${value(filter.until)}`);
  if (account !== undefined)
    narrow.push(`p.id in (select packet_id from packet_accounts where account = ${value(account.toLowerCase())})`);
  if (transaction !== undefined) narrow.push(`p.id in (${packetsOfTransaction(value(spellingsOf(transaction)))})`);

  // An end is the source or the destination, and never both: each has an index of its own.
  const sides = [];
  if (lane === undefined && chain === undefined) sides.push("true");
  else
    for (const side of ["source", "destination"]) {
      const [host, client = ""] = lane?.split(/\/(.*)/s) ?? [chain];
      const at = `p.${side}_chain = ${value(host)}`;
      sides.push(lane === undefined ? at : `${at} and p.${side}_client = ${value(client)}`);
    }
  if (lane !== undefined && chain !== undefined)
    narrow.push(`${value(chain)} in (p.source_chain, p.destination_chain)`);
  const most = value(filter.limit + 1);
  const branches = sides.map(
    (side) =>
      `(select p.id, p.created_at from packets p where ${[side, ...narrow].join(" and ")}
        order by p.created_at desc, p.id desc limit ${most})`,
  );
  return {
    sql: `select id from (${branches.join(" union all ")}) wanted order by created_at desc, id desc limit ${most}`,
    values,
  };
}

/** `spellings` is SQL for an array of what its id may be written as. */
export const packetsOfTransaction = (spellings: string): string =>
  `select packet_id from packet_events where transaction = any(${spellings})
   union select d.packet_id from batches b join deliveries d on d.id = any(b.deliveries)
   where b.transaction = any(${spellings})`;

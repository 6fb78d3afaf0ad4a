// Which packets a list shows, as SQL that follows an index in the list's order whatever is asked for.
import type { PacketSummary } from "#sdk/api/views.ts";

export interface PacketFilter {
  /** Packets older than this row of the table; from an earlier answer's `next`. */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Neither acknowledged nor timed out. */
  readonly pending?: boolean | undefined;
  /** One of its deliveries waits for more than time and finality. */
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

/** Of a delivery `d`: it waits for more than time. */
export const HELD =
  "d.status not in ('delivered', 'obsolete') and d.error_code is not null and d.error_code <> 'NOT_FINAL_YET'";

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
  if (filter.held !== undefined)
    narrow.push(`${filter.held ? "" : "not "}exists (select from deliveries d where d.packet_id = p.id and ${HELD})`);
  if (filter.since !== undefined) narrow.push(`p.created_at >= ${value(filter.since)}`);
  if (filter.until !== undefined) narrow.push(`p.created_at < ${value(filter.until)}`);
  if (account !== undefined)
    narrow.push(`p.id in (select packet_id from packet_accounts where account = ${value(account.toLowerCase())})`);
  if (transaction !== undefined) narrow.push(`p.id in (${packetsOfTransaction(value(transaction))})`);

  // An end is the source or the destination, and never both: each has an index of its own.
  const place = lane === undefined ? chain : lane;
  const sides =
    place === undefined
      ? ["true"]
      : ["source", "destination"].map((side) => {
          const [at = "", client] = place.split("/");
          const host = `p.${side}_chain = ${value(at)}`;
          return client === undefined ? host : `${host} and p.${side}_client = ${value(client)}`;
        });
  if (lane !== undefined && chain !== undefined) {
    const other = value(chain);
    narrow.push(`${other} in (p.source_chain, p.destination_chain)`);
  }
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

/** `transaction` is SQL for its id. */
export const packetsOfTransaction = (transaction: string): string =>
  `select packet_id from packet_events where transaction = ${transaction}
   union select d.packet_id from batches b join batch_messages m on m.batch_id = b.id join deliveries d on d.id = m.delivery_id
   where b.transaction = ${transaction}`;

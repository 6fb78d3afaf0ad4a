// The feed of changes, in an order in which nothing is ever added behind what was read.
import type { Pool } from "pg";
import { CausewayError } from "#adapters/protocol/error.ts";
import { iso } from "#relayer/read/iso.ts";
import type { Change } from "#sdk/api/views.ts";

/**
 * `transaction-number`. Processes commit in another order than they were given numbers, so changes are read by transaction, and
 * only those of transactions below the oldest that is still running: no later one can come in between.
 */
export type Position = string;

export interface FeedChange extends Change {
  /** `chain/client` of both ends of a packet, of the lane itself. */
  readonly lanes: readonly string[];
}

export interface Read {
  readonly changes: readonly FeedChange[];
  /** More are committed already, but wait for a transaction that began earlier. */
  readonly heldBack: boolean;
}

export const PAGE = 500;

/** Throws INVALID_ARGUMENT. */
export function parsePosition(position: string): [transaction: string, number: string] {
  const [, transaction, number] = /^([0-9]{1,19})-([0-9]{1,18})$/.exec(position) ?? [];
  if (transaction === undefined || number === undefined)
    throw new CausewayError("INVALID_ARGUMENT", "not a position in the changes", {
      hint: "give the id of an event as it came",
    });
  return [transaction, number];
}

/** One row may be about many packets: a number is the row's, shifted, and the packet's place in it, from 1; of a lane it is 0. */
const PLACE_BITS = 16;
const LAST_NUMBER = `(position << ${PLACE_BITS}) + coalesce(cardinality(packets), 0)`;

/** Where the feed ends now: what is read after it is new. */
export async function newestPosition(pool: Pool): Promise<Position> {
  const { rows } = await pool.query<{ position: string }>(
    `select transaction || '-' || number as position from (
       (select transaction, ${LAST_NUMBER} as number from changes
         where transaction < pg_snapshot_xmin(pg_current_snapshot()) order by changes.transaction desc, changes.position desc limit 1)
       union all (select transaction, number from changes_pruned)
     ) newest order by newest.transaction desc, newest.number desc limit 1`,
  );
  return rows[0]?.position ?? "0-0";
}

/** Undefined when changes after the position were forgotten, or it is of another database: everything has to be asked for anew. */
export async function readChanges(pool: Pool, after: Position): Promise<Read | undefined> {
  const [transaction, number] = parsePosition(after);
  const known = await pool.query<{ ok: boolean }>(
    `select (transaction, number) <= ($1::text::xid8, $2::bigint) and $1::text::xid8 < pg_snapshot_xmax(pg_current_snapshot()) as ok
     from changes_pruned`,
    [transaction, number],
  );
  if (known.rows[0]?.ok !== true) return undefined;
  const { rows } = await pool.query<FeedChange & { settled: boolean }>(
    `select transaction || '-' || number as position, kind, coalesce(c.id, p.source_chain || '/' || p.source_client || '/' || p.sequence) as id,
       what, ${iso("at")} as at,
       case kind when 'lane' then array[c.id]
         else array[p.source_chain || '/' || p.source_client, p.destination_chain || '/' || p.destination_client] end as lanes,
       transaction < pg_snapshot_xmin(pg_current_snapshot()) as settled
     from (
       select transaction, kind, id, what, at, packet, (position << ${PLACE_BITS}) + coalesce(place, 0) as number
       from changes c left join lateral unnest(packets) with ordinality as m (packet, place) on true
       where (c.transaction, c.position) >= ($1::text::xid8, ($2::bigint >> ${PLACE_BITS}))
         and (c.transaction, (position << ${PLACE_BITS}) + coalesce(place, 0)) > ($1::text::xid8, $2::bigint)
       order by c.transaction, c.position, place limit ${PAGE}) c
     left join packets p on p.id = packet
     order by c.transaction, c.number`,
    [transaction, number],
  );
  // In this order all that is settled comes first.
  const changes = rows.filter(({ settled }) => settled).map(({ settled: _settled, ...change }) => change);
  return { changes, heldBack: changes.length < rows.length };
}

/** Whoever was away for longer asks for everything anew. */
const KEPT_SECONDS = 3_600;

/** Forgets what is old, and what was restored into a database that counts its transactions anew. */
export async function pruneChanges(pool: Pool): Promise<void> {
  await pool.query(
    `with gone as (
       delete from changes where at < now() - make_interval(secs => ${KEPT_SECONDS}) or transaction >= pg_snapshot_xmax(pg_current_snapshot())
       returning transaction, ${LAST_NUMBER} as number)
     update changes_pruned p set transaction = last.transaction, number = last.number
     from (select transaction, number from gone where transaction < pg_snapshot_xmax(pg_current_snapshot())
       order by transaction desc, number desc limit 1) last
     where (last.transaction, last.number) > (p.transaction, p.number)`,
  );
}

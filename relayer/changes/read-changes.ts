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

/** Where the feed ends now: what is read after it is new. */
export async function newestPosition(pool: Pool): Promise<Position> {
  const { rows } = await pool.query<{ position: string }>(
    `select coalesce((select transaction || '-' || position from changes
         where transaction < pg_snapshot_xmin(pg_current_snapshot()) order by changes.transaction desc, changes.position desc limit 1),
       (select transaction || '-' || position from changes_pruned)) as position`,
  );
  return rows[0]?.position ?? "0-0";
}

/** Undefined when changes after the position were forgotten, or it is of another database: everything has to be asked for anew. */
export async function readChanges(pool: Pool, after: Position): Promise<Read | undefined> {
  const [transaction, number] = parsePosition(after);
  const known = await pool.query<{ ok: boolean }>(
    `select (transaction, position) <= ($1::text::xid8, $2::bigint) and $1::text::xid8 < pg_snapshot_xmax(pg_current_snapshot()) as ok
     from changes_pruned`,
    [transaction, number],
  );
  if (known.rows[0]?.ok !== true) return undefined;
  const { rows } = await pool.query<FeedChange & { settled: boolean }>(
    `select transaction || '-' || position as position, kind, id, what, ${iso("at")} as at,
       case kind when 'lane' then array[id] else lanes end as lanes,
       transaction < pg_snapshot_xmin(pg_current_snapshot()) as settled
     from changes c where (c.transaction, c.position) > ($1::text::xid8, $2::bigint)
     order by c.transaction, c.position limit ${PAGE}`,
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
       returning transaction, position)
     update changes_pruned p set transaction = last.transaction, position = last.position
     from (select transaction, position from gone where transaction < pg_snapshot_xmax(pg_current_snapshot())
       order by transaction desc, position desc limit 1) last
     where (last.transaction, last.position) > (p.transaction, p.position)`,
  );
}

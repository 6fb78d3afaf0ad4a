// Lanes for people: what waits, what was delivered, how fast and at what cost, and why a lane stands still.
import type { Pool } from "pg";
import type { LaneView } from "#sdk/api/views.ts";
import { iso } from "./iso.ts";

/** How many of the newest speak for a lane: enough for a 95th percentile, few enough to be read at any time. */
const DELIVERIES = 200;
const BATCHES = 50;

/** By id; all of them, or those named. */
export async function listLanes(pool: Pool, ids?: readonly string[]): Promise<LaneView[]> {
  const { rows } = await pool.query<LaneView>(
    // What waits is counted in one go for all of them: there may be many.
    `with open as (select lane, count(*) as backlog, min(watched_at) as oldest from deliveries
       where status not in ('delivered', 'obsolete') and ($1::text[] is null or lane = any($1)) group by lane)
     select l.id, l.source_chain as "sourceChain", l.target_chain as "targetChain", l.client_id as "client",
       coalesce(open.backlog, 0)::text as "backlog", coalesce(t.delivered, 0)::text as "delivered",
       extract(epoch from now() - open.oldest)::float8 as "oldestSeconds",
       l.attempts as "failuresInARow", ${iso("l.next_attempt_at")} as "nextAttemptAt", l.error_code as "errorCode", l.error,
       latency.view as "latency", cost.view as "cost",
       case when l.paused_at is not null then jsonb_build_object(
         'at', ${iso("l.paused_at")}, 'by', l.paused_by, 'because', l.paused_because) end as "paused"
     from lanes l left join lane_totals t on t.lane = l.id left join open on open.lane = l.id,
       lateral (select case when count(*) > 0 then jsonb_build_object('deliveries', count(*),
           'p50Seconds', percentile_disc(0.5) within group (order by took),
           'p95Seconds', percentile_disc(0.95) within group (order by took)) end as view
         from (select extract(epoch from closed_at - watched_at)::float8 as took from deliveries d
           where d.lane = l.id and d.status = 'delivered' order by closed_at desc limit ${DELIVERIES}) newest) latency,
       lateral (select case when sum(messages) > 0 then jsonb_build_object('messages', sum(messages),
           'perMessage', trunc(sum(fee) / sum(messages))::text) end as view
         from (select (result -> 'transaction' ->> 'fee')::numeric as fee, jsonb_array_length(result -> 'deliveries') as messages
           from batches b where b.lane = l.id and b.status = 'logged' order by closed_at desc limit ${BATCHES}) newest
         where fee is not null) cost
     where $1::text[] is null or l.id = any($1) order by l.id`,
    [ids ?? null],
  );
  return rows;
}

/** Why operators paused lanes, by lane. */
export async function listPauses(pool: Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ id: string; by: string; because: string }>(
    `select id, paused_by as "by", paused_because as "because" from lanes where paused_at is not null order by id`,
  );
  return Object.fromEntries(rows.map(({ id, by, because }) => [id, `paused ${describePause({ by, because })}`]));
}

export const describePause = ({ by, because }: Pick<NonNullable<LaneView["paused"]>, "by" | "because">): string =>
  `by ${by}: ${because}`;

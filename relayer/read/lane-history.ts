// One lane over time, from the figures that are kept with every delivery, and what waited by the minute.
import type { Pool } from "pg";
import type { LaneHistory } from "#sdk/api/views.ts";

/** Figures are kept in steps of so many seconds; those asked for are multiples of the shortest. */
const KEPT = [86_400, 3_600, 300] as const;
export const STEP_SECONDS = 300;

export interface HistoryRequest {
  readonly lane: string;
  readonly stepSeconds: number;
  /** Unix seconds, multiples of the step: from `since` on, before `until`. */
  readonly since: number;
  readonly until: number;
}

/** The middle of a bucket on the scale it is made by: at most 9 % off. */
const secondsOf = (bucket: number): number => Number((0.1 * 2 ** ((bucket + 0.5) / 4)).toPrecision(3));

function percentile(buckets: readonly (readonly [number, number])[], share: number): number {
  const wanted = Math.ceil(share * buckets.reduce((sum, [, count]) => sum + count, 0));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= wanted) return secondsOf(bucket);
  }
  return 0;
}

export async function laneHistory(pool: Pool, request: HistoryRequest): Promise<LaneHistory> {
  const { lane, stepSeconds, since, until } = request;
  const { rows } = await pool.query<{ step: string; buckets: [number, number][]; fee: string }>(
    `with steps as (
       select at / $2::bigint as step, bucket, sum(delivered)::int as delivered from lane_latencies
       where lane = $1 and step = $5 and at >= $3 and at < $4 group by 1, 2),
     fees as (
       select at / $2::bigint as step, sum(fee) as fee from lane_fees where lane = $1 and at >= $3 and at < $4 group by 1)
     select s.step::text, jsonb_agg(jsonb_build_array(bucket, delivered) order by bucket) as buckets, coalesce(max(f.fee), 0)::text as fee
     from steps s left join fees f using (step) group by s.step order by s.step`,
    [lane, stepSeconds, since, until, KEPT.find((kept) => stepSeconds % kept === 0)],
  );
  const waiting = await pool.query<{ step: string; backlog: number; oldestSeconds: number | null }>(
    `select (at / $2::bigint)::text as step, max(backlog)::int as backlog, max(oldest_seconds) as "oldestSeconds"
     from lane_backlogs where lane = $1 and at >= $3 and at < $4 group by at / $2::bigint order by at / $2::bigint`,
    [lane, stepSeconds, since, until],
  );
  const begin = (step: string): string => new Date(Number(step) * stepSeconds * 1000).toISOString();
  return {
    lane,
    stepSeconds,
    steps: rows.map(({ step, buckets, fee }) => ({
      at: begin(step),
      delivered: buckets.reduce((sum, [, count]) => sum + count, 0),
      p50Seconds: percentile(buckets, 0.5),
      p95Seconds: percentile(buckets, 0.95),
      fee,
    })),
    waiting: waiting.rows.map(({ step, ...most }) => ({ at: begin(step), ...most })),
  };
}

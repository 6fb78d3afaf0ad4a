// What waits in each lane, noted by the minute so that people can look back; several relayers on one database note it once.
import type { Pool } from "pg";

const KEPT_SECONDS = 31 * 86_400;

export async function noteBacklogs(pool: Pool): Promise<void> {
  await pool.query(
    `insert into lane_backlogs (lane, at, backlog, oldest_seconds)
     select l.id, (floor(extract(epoch from now()) / 60) * 60)::bigint, count(d.id), extract(epoch from now() - min(d.watched_at))
     from lanes l left join deliveries d on d.lane = l.id and d.status not in ('delivered', 'obsolete')
     group by l.id on conflict do nothing`,
  );
  await pool.query("delete from lane_backlogs where at < extract(epoch from now()) - $1::bigint", [KEPT_SECONDS]);
}

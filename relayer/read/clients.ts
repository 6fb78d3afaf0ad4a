// Light clients for people: what they trust, until when, and whether they contradict their chain.
import type { Pool } from "pg";
import type { ClientView, ContradictionView } from "#sdk/api/views.ts";
import { iso } from "./iso.ts";

/** By lane; all of them, or those named `chain/client`. */
export async function listClients(pool: Pool, ids?: readonly string[]): Promise<ClientView[]> {
  const { rows } = await pool.query<ClientView>(
    `select l.target_chain as "chain", l.client_id as "client", l.source_chain as "follows", l.client_status as "status",
       l.client_height::text as "height", l.client_timestamp::text as "timestamp",
       l.client_expires_at::text as "expiresAt", ${iso("l.client_read_at")} as "readAt",
       ${iso("l.compared_at")} as "comparedAt", l.uncompared as "uncompared",
       case when c.id is not null then jsonb_build_object('height', c.height::text, 'what', c.what, 'basis', c.basis,
         'foundAt', ${iso("c.found_at")}, 'stands', c.stands, 'report', c.report, 'transaction', c.transaction,
         'reportError', c.report_error) end as "contradiction"
     from lanes l left join contradictions c on c.lane = l.id and c.resumed_at is null
     where $1::text[] is null or l.id = any($1) order by l.id`,
    [ids ?? null],
  );
  return rows;
}

export function describeContradiction(one: ContradictionView): string {
  const fate =
    one.report === "wanted"
      ? `not frozen: ${one.reportError ?? "a report is being made"}`
      : `frozen by ${one.transaction === null ? "somebody else's report" : `our report in ${one.transaction}`}`;
  const found = `${one.stands ? "" : "no more, but "}at height ${one.height} ${one.what} (${one.basis})`;
  return `CLIENT_CONTRADICTED, lane stopped: ${found}; ${fate}`;
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

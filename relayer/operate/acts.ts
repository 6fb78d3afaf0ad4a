// What operators do to a running relay: pause, resume and clear a lane, and retry a packet. Through the database, so that every
// process honours it; each act that changes something is in the proof log before it takes effect.
import type { Pool } from "pg";
import { z } from "zod";
import { transaction } from "#relayer/database/transaction.ts";
import { judgeAgain } from "#relayer/packets/batches.ts";
import type { LogWriter } from "#relayer/proof-log/proof-log.ts";

/** Why; it is shown to everybody and kept for ever. */
export const reason = z
  .string()
  .trim()
  .min(1)
  .max(400)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "expected one line of text");

export interface Actor {
  /** The name of a token, or of whoever works on the machine itself. */
  readonly by: string;
  readonly because?: string | undefined;
}

/** Whether it changed anything: a second time it does not. Undefined when there is nothing of that name. */
export type Act = (stores: Stores, id: string, actor: Actor) => Promise<boolean | undefined>;

export interface Stores {
  readonly pool: Pool;
  readonly log: LogWriter;
}

async function record(log: LogWriter, event: string, what: Record<string, string>, actor: Actor): Promise<void> {
  const because = actor.because === undefined ? {} : { because: actor.because };
  await log.append({ kind: "control", event, detail: { ...what, by: actor.by, ...because } });
}

async function laneRow(pool: Pool, id: string): Promise<{ paused: boolean; clear: boolean } | undefined> {
  const { rows } = await pool.query<{ paused: boolean; clear: boolean }>(
    "select paused_at is not null as paused, clear_due as clear from lanes where id = $1",
    [id],
  );
  return rows[0];
}

/** Nothing new is proven or signed for it, its light client is not refreshed; what is signed is finished. */
export const pauseLane: Act = async ({ pool, log }, lane, actor) => {
  const row = await laneRow(pool, lane);
  if (row === undefined || row.paused) return row && false;
  await record(log, "lane paused by an operator", { lane }, actor);
  const { rowCount } = await pool.query(
    "update lanes set paused_at = now(), paused_by = $2, paused_because = $3 where id = $1 and paused_at is null",
    [lane, actor.by, actor.because ?? ""],
  );
  return rowCount === 1;
};

export const resumePausedLane: Act = async ({ pool, log }, lane, actor) => {
  const row = await laneRow(pool, lane);
  if (row === undefined || !row.paused) return row && false;
  await record(log, "paused lane resumed by an operator", { lane }, actor);
  return transaction(pool, async (session) => {
    const { rowCount } = await session.query(
      `update lanes set paused_at = null, paused_by = null, paused_because = null, next_attempt_at = now()
       where id = $1 and paused_at is not null`,
      [lane],
    );
    if (rowCount !== 1) return false;
    await judgeAgain(session, lane);
    return true;
  });
};

/** The chains themselves are asked at once what is pending, by whichever process is the first to look. */
export const clearLane: Act = async ({ pool, log }, lane, actor) => {
  const row = await laneRow(pool, lane);
  if (row === undefined || row.clear) return row && false;
  await record(log, "lane cleared by an operator", { lane }, actor);
  const { rowCount } = await pool.query("update lanes set clear_due = true where id = $1 and not clear_due", [lane]);
  return rowCount === 1;
};

/** What rests after a failure, and its lane, are tried at once. Waiting for finality is no failure. */
export const retryPacket: Act = async ({ pool, log }, packet, actor) => {
  const [chain, client, sequence] = packet.split("/");
  const { rows } = await pool.query<{ id: bigint | null; lane: string | null }>(
    `select d.id, d.lane from packets p left join (deliveries d join lanes l on l.id = d.lane) on d.packet_id = p.id
       and d.status not in ('delivered', 'obsolete')
       and ((d.next_attempt_at > now() and d.wait_height is null) or l.next_attempt_at > now())
     where p.source_chain = $1 and p.source_client = $2 and p.sequence = $3`,
    [chain, client, sequence],
  );
  const [ids, lanes] = [rows.flatMap(({ id }) => id ?? []), rows.flatMap(({ lane }) => lane ?? [])];
  if (rows.length === 0 || ids.length === 0) return rows.length === 0 ? undefined : false;
  await record(log, "packet retried by an operator", { packet }, actor);
  return transaction(pool, async (session) => {
    const delivery = await session.query(
      `update deliveries set next_attempt_at = now()
       where id = any($1) and status = 'watched' and wait_height is null and next_attempt_at > now()`,
      [ids],
    );
    const lane = await session.query(
      "update lanes set next_attempt_at = now() where id = any($1) and next_attempt_at > now()",
      [lanes],
    );
    return (delivery.rowCount ?? 0) + (lane.rowCount ?? 0) > 0;
  });
};

export const acts = { pause: pauseLane, resume: resumePausedLane, clear: clearLane, retry: retryPacket } as const;
export type ActName = keyof typeof acts;

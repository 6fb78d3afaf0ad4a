// Batches: messages of one lane that travel with one envelope, and the stage they are in. A lane has several only where all but one wait
// for their transaction's block.
// Status before action, so that a kill leaves a trace.
import { randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import type { SubmitResult } from "#adapters/target-chain.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { RetryRule } from "#relayer/pipeline/retry-rule.ts";
import type { Delivery } from "./deliveries.ts";

export const OPEN_STATUSES = ["proving", "queued", "verifying", "submitting", "logging"] as const;
export type BatchStatus = (typeof OPEN_STATUSES)[number];

export interface Batch {
  readonly id: string;
  readonly status: Exclude<BatchStatus, "proving">;
  readonly envelope: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly envelopeHash: string;
  /** What the target answered, once it did. */
  readonly result: SubmitResult | undefined;
}

const decimal = z.string().transform((value) => BigInt(value));
const storedResult = z.object({
  transaction: z.object({ id: z.string(), height: decimal, fee: decimal }).optional(),
  deliveries: z.array(
    z.discriminatedUnion("status", [
      z.object({ status: z.literal("delivered") }),
      z.object({ status: z.literal("already") }),
      z.object({ status: z.literal("refused"), reason: z.string() }),
      z.object({ status: z.literal("left") }),
    ]),
  ),
  most: z.int().positive().optional(),
});

export const decodeResult = (stored: unknown): SubmitResult => storedResult.parse(stored);

const encodeResult = (result: SubmitResult): string =>
  JSON.stringify(result, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));

const idsOf = (deliveries: readonly Delivery[]): bigint[] => deliveries.map(({ id }) => id);

/**
 * Takes the deliveries up as one batch, in their order; without any, it only updates the light client. Returns those that were still
 * to be taken.
 */
export async function beginBatch(
  pool: Pool,
  lane: string,
  due: readonly Delivery[],
): Promise<{ id: string; deliveries: Delivery[] }> {
  const id = randomUUID();
  const { rows } = await pool.query<{ deliveries: bigint[] }>(
    `with taken as (
       update deliveries set status = 'batched', batch_id = $1, wait_height = null where id = any($3) and status = 'watched' returning id)
     insert into batches (id, lane, status, deliveries, proving_at)
     values ($1, $2, 'proving', array(
       select id from unnest($3::bigint[]) with ordinality as due (id, position) join taken using (id) order by position), now())
     returning deliveries`,
    [id, lane, idsOf(due)],
  );
  const taken = new Set(rows[0]?.deliveries);
  return { id, deliveries: due.filter((delivery) => taken.has(delivery.id)) };
}

/** Sets the status, and when it was entered; the column of its time has its name. */
const enter = (status: BatchStatus): string => `status = '${status}', ${status}_at = now()`;

export async function proveBatch(pool: Pool, id: string, envelope: Uint8Array): Promise<Batch> {
  const envelopeHash = bytesToHex(sha256(envelope));
  await pool.query(`update batches set ${enter("queued")}, envelope = $2, envelope_sha256 = $3 where id = $1`, [
    id,
    Buffer.from(envelope),
    envelopeHash,
  ]);
  return { id, status: "queued", envelope, envelopeHash, result: undefined };
}

/**
 * Whoever was away meanwhile finds the batch elsewhere than it left it, because another process carried it on. Throws CANCELLED: what it
 * wanted to write is nobody's business any more.
 */
function requireStill(id: string, rows: readonly unknown[]): void {
  if (rows.length === 0) throw new CausewayError("CANCELLED", `batch ${id} was carried on by another process`);
}

/** A worker begins to verify it. `waited`: seconds since its proof was stored. Throws CANCELLED, as all that follow. */
export async function takeBatch(pool: Pool, batch: Batch): Promise<{ batch: Batch; waited: number }> {
  const { rows } = await pool.query<{ waited: number }>(
    `update batches set ${enter("verifying")} where id = $1 and status in ('queued', 'verifying')
     returning extract(epoch from now() - queued_at)::float8 as waited`,
    [batch.id],
  );
  requireStill(batch.id, rows);
  return { batch: { ...batch, status: "verifying" }, waited: rows[0]?.waited ?? 0 };
}

/** It was judged good. */
export async function passBatch(pool: Pool, batch: Batch): Promise<Batch> {
  const { rows } = await pool.query(
    `update batches set ${enter("submitting")} where id = $1 and status = 'verifying' returning id`,
    [batch.id],
  );
  requireStill(batch.id, rows);
  return { ...batch, status: "submitting" };
}

/** The target answered. */
export async function answerBatch(pool: Pool, batch: Batch, result: SubmitResult): Promise<Batch> {
  const { rows } = await pool.query(
    `update batches set ${enter("logging")}, result = $2, transaction = $3
     where id = $1 and status in ('verifying', 'submitting') returning id`,
    [batch.id, encodeResult(result), result.transaction?.id ?? null],
  );
  requireStill(batch.id, rows);
  return { ...batch, status: "logging", result };
}

/** What was judged before and has no transaction yet is judged once more: what the light client trusts may be another. */
export async function judgeAgain(session: PoolClient, lane: string): Promise<void> {
  await session.query(
    `update batches b set ${enter("queued")} where lane = $1 and status in ('verifying', 'submitting')
       and not exists (select from transactions t where t.batch_id = b.id)`,
    [lane],
  );
}

/** Back to the start of the pipeline. Takes the values of `returned`. */
const RETURNED = `returned as (
  update deliveries set status = 'watched', attempts = attempts + $3, next_attempt_at = now() + make_interval(secs => $4),
    error_code = $5, error = $6, wait_height = $7 where id = any($2) and status = 'batched' and batch_id = $1)`;

/**
 * One message alone carries its failure, and waits; of several it is not known whose it is, so they are tried again at once, fewer at a
 * time. What waits for a height is no failure, and waits in any number.
 */
function returned(batch: string, deliveries: readonly Delivery[], rule: RetryRule): unknown[] {
  const alone = deliveries.length === 1;
  const delay = alone || !rule.spendsAttempt ? rule.delay : 0;
  const spent = alone && rule.spendsAttempt ? 1 : 0;
  return [batch, idsOf(deliveries), spent, delay / 1000, rule.code, rule.message, rule.height ?? null];
}

/** Some of a batch that is being proven have to wait, and the others stay in it. */
export async function leaveOut(
  pool: Pool,
  id: string,
  waiting: readonly Delivery[],
  others: readonly Delivery[],
  rule: RetryRule,
): Promise<void> {
  await pool.query(`with ${RETURNED} update batches set deliveries = $8 where id = $1`, [
    ...returned(id, waiting, rule),
    idsOf(others),
  ]);
}

/** It could not be proven: nothing is left of it but what its deliveries say. */
export async function dropBatch(
  pool: Pool,
  id: string,
  deliveries: readonly Delivery[],
  rule: RetryRule,
): Promise<void> {
  await pool.query(
    `with ${RETURNED} delete from batches where id = $1 and status = 'proving'`,
    returned(id, deliveries, rule),
  );
}

/** Its messages are taken up anew, in another number perhaps. A batch that was judged before stays. */
export async function forgetBatch(pool: Pool, id: string): Promise<void> {
  await pool.query(
    `with gone as (delete from batches where id = $1 and verifying_at is null returning deliveries)
     update deliveries d set status = 'watched' from gone
     where d.id = any(gone.deliveries) and d.status = 'batched' and d.batch_id = $1`,
    [id],
  );
}

/** The evidence will not be used: its messages are proven anew. */
export async function abandonBatch(
  pool: Pool,
  batch: Batch,
  deliveries: readonly Delivery[],
  status: "refused" | "abandoned",
  rule: RetryRule,
): Promise<void> {
  await pool.query(
    `with ${RETURNED} update batches set status = $8, envelope = null, closed_at = now(), error_code = $5, error = $6
     where id = $1 and closed_at is null`,
    [...returned(batch.id, deliveries, rule), status],
  );
}

export interface ClosedBatch {
  readonly lane: string;
  readonly batch: Batch;
  readonly deliveries: readonly Delivery[];
  readonly result: SubmitResult;
  /** What a refused message's reason means for it. */
  ruleFor(delivery: Delivery, reason: string): RetryRule;
  /** How many messages one transaction carries: what was known when the batch began, and from now on; undefined when nothing new is. */
  readonly most: { readonly before: number | undefined; readonly now: number | undefined };
}

/**
 * Everything is in the log: what was delivered is done, what the target refused or left starts again, and the lane works. Batches under way
 * beside it may have shown meanwhile that less fits into one: then it is not more.
 */
export async function closeBatch(pool: Pool, closed: ClosedBatch): Promise<void> {
  const { lane, batch, deliveries, result, most } = closed;
  const rules = deliveries.map((delivery, index) => {
    const outcome = result.deliveries[index];
    return outcome?.status === "refused" ? closed.ruleFor(delivery, outcome.reason) : undefined;
  });
  const done = result.deliveries.map(({ status }) => status === "delivered" || status === "already");
  await pool.query(
    `with outcomes as (
       select * from unnest($3::bigint[], $4::boolean[], $5::integer[], $6::float8[], $7::text[], $8::text[])
         as o (id, done, spent, delay, error_code, error)),
     settled as (
       update deliveries d set status = case when done then 'delivered' else 'watched' end, closed_at = case when done then now() end,
         transaction = case when done then coalesce($9, d.transaction) else d.transaction end, attempts = attempts + spent,
         next_attempt_at = now() + make_interval(secs => delay), error_code = o.error_code, error = o.error, wait_height = null
       from outcomes o where d.id = o.id and d.status = 'batched' and d.batch_id = $1),
     working as (
       update lanes set attempts = 0, next_attempt_at = now(), error_code = null, error = null,
         most_messages = case when most_messages is not distinct from $11 or $10 < most_messages then coalesce($10, most_messages)
           else most_messages end where id = $2)
     update batches set status = 'logged', envelope = null, closed_at = now() where id = $1 and closed_at is null`,
    [
      batch.id,
      lane,
      idsOf(deliveries),
      done,
      rules.map((rule) => (rule === undefined ? 0 : 1)),
      rules.map((rule) => (rule?.delay ?? 0) / 1000),
      rules.map((rule) => rule?.code ?? null),
      rules.map((rule) => rule?.message ?? null),
      result.transaction?.id ?? null,
      most.now ?? null,
      most.before ?? null,
    ],
  );
}

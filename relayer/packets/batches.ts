// Batches: messages of one lane that travel with one envelope. A lane has at most one that is not closed.
import { randomUUID } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { z } from "zod";
import type { SubmitResult } from "#adapters/adapter.ts";
import { transaction } from "#relayer/database/transaction.ts";
import type { Lane } from "#relayer/routes.ts";
import { closeDeliveries, moveDeliveries, returnDeliveries } from "./deliveries.ts";
import type { Delivery, OpenStatus } from "./deliveries.ts";
import type { RetryRule } from "#relayer/pipeline/3-queue.ts";

export type BatchStatus = Exclude<OpenStatus, "proving">;

export interface Batch {
  readonly id: string;
  readonly status: BatchStatus;
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
    ]),
  ),
});

const encodeResult = (result: SubmitResult): string =>
  JSON.stringify(result, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));

export async function openBatch(pool: Pool, lane: string): Promise<Batch | undefined> {
  const { rows } = await pool.query<{
    id: string;
    status: BatchStatus;
    envelope: Buffer;
    envelope_sha256: string;
    result: unknown;
  }>(
    `select id, status, envelope, envelope_sha256, result from batches
     where lane = $1 and status in ('queued', 'verifying', 'submitting', 'logging')`,
    [lane],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    id: row.id,
    status: row.status,
    envelope: new Uint8Array(row.envelope),
    envelopeHash: row.envelope_sha256,
    result: row.result === null ? undefined : storedResult.parse(row.result),
  };
}

/** Without deliveries: a batch that only updates the light client. */
export async function createBatch(
  pool: Pool,
  lane: Lane,
  envelope: Uint8Array,
  deliveries: readonly Delivery[],
): Promise<Batch> {
  const id = randomUUID();
  const envelopeHash = bytesToHex(sha256(envelope));
  const ids = deliveries.map((delivery) => delivery.id);
  await transaction(pool, async (session) => {
    await session.query(
      "insert into batches (id, lane, status, envelope, envelope_sha256) values ($1, $2, 'queued', $3, $4)",
      [id, lane.id, Buffer.from(envelope), envelopeHash],
    );
    await session.query(
      `insert into batch_messages (batch_id, position, delivery_id)
       select $1, position - 1, delivery from unnest($2::bigint[]) with ordinality as m (delivery, position)`,
      [id, ids],
    );
    await session.query("update deliveries set batch_id = $2 where id = any($1)", [ids, id]);
    await moveDeliveries(session, ids, "queued");
  });
  return { id, status: "queued", envelope, envelopeHash, result: undefined };
}

export async function moveBatch(
  pool: Pool,
  batch: Batch,
  deliveries: readonly Delivery[],
  status: BatchStatus,
  result?: SubmitResult,
): Promise<Batch> {
  await transaction(pool, async (session) => {
    await session.query(
      "update batches set status = $2, result = coalesce($3, result), transaction = coalesce($4, transaction) where id = $1",
      [batch.id, status, result === undefined ? null : encodeResult(result), result?.transaction?.id ?? null],
    );
    await moveDeliveries(
      session,
      deliveries.map(({ id }) => id),
      status,
    );
  });
  return { ...batch, status, result: result ?? batch.result };
}

/** What was judged before and has no transaction yet is judged once more: what the light client trusts may be another. */
export async function judgeAgain(session: PoolClient, lane: string): Promise<void> {
  await session.query(
    `update batches b set status = 'queued' where lane = $1 and status in ('verifying', 'submitting')
       and not exists (select from transactions t where t.batch_id = b.id)`,
    [lane],
  );
}

const CLOSE =
  "update batches set status = $2, envelope = null, closed_at = now(), error_code = $3, error = $4 where id = $1";

/** Everything is in the log: what was delivered is done, what the target refused starts again. */
export async function closeBatch(
  pool: Pool,
  batch: Batch,
  deliveries: readonly Delivery[],
  result: SubmitResult,
  ruleFor: (delivery: Delivery, reason: string) => RetryRule,
): Promise<void> {
  await transaction(pool, async (session) => {
    const done = deliveries.filter((_, index) => result.deliveries[index]?.status !== "refused");
    await closeDeliveries(
      session,
      done.map(({ id }) => id),
      "delivered",
      result.transaction?.id,
    );
    for (const [index, delivery] of deliveries.entries()) {
      const outcome = result.deliveries[index];
      if (outcome?.status === "refused")
        await returnDeliveries(session, [delivery.id], ruleFor(delivery, outcome.reason), { spendsAttempt: true });
    }
    await session.query(CLOSE, [batch.id, "logged", null, null]);
  });
}

/** The evidence will not be used: its messages are proven anew. */
export async function abandonBatch(
  pool: Pool,
  batch: Batch,
  deliveries: readonly Delivery[],
  status: "refused" | "abandoned",
  rule: RetryRule,
): Promise<void> {
  // One message alone carries its failure; of several it is not known which is at fault, so each is tried alone at once.
  const alone = deliveries.length === 1;
  await transaction(pool, async (session) => {
    await returnDeliveries(
      session,
      deliveries.map(({ id }) => id),
      alone ? rule : { ...rule, delay: 0 },
      { spendsAttempt: alone && rule.spendsAttempt },
    );
    await session.query(CLOSE, [batch.id, status, rule.code, rule.message]);
  });
}

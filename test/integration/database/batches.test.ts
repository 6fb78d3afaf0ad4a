// A batch is carried on by one process after another: one that was away, and comes back to what it had in hand, changes nothing any more.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { transaction } from "#relayer/database/transaction.ts";
import {
  abandonBatch,
  answerBatch,
  beginBatch,
  closeBatch,
  dropBatch,
  forgetBatch,
  passBatch,
  proveBatch,
  takeBatch,
} from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import { dueDeliveries } from "#relayer/packets/deliveries.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import type { RetryRule } from "#relayer/pipeline/retry-rule.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { A, B, eventsOf, fakeRoutes, packetOf } from "#test/support/packet-events.ts";

const LANE = `${B.chain}/${B.client}`;
const RESULT = { deliveries: [{ status: "delivered" }] } as const;
const rule: RetryRule = {
  code: "RPC_UNREACHABLE",
  message: "test",
  spendsAttempt: true,
  delay: 0,
  keepsBatch: false,
  height: undefined,
};

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
let due: Delivery[];

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await registerLanes(database.pool, fakeRoutes);
});

beforeEach(async () => {
  await database.pool.query("truncate batches, packets, packet_events, deliveries cascade");
  const { sent } = eventsOf(packetOf(1n));
  await transaction(database.pool, (session) => ingest(session, fakeRoutes, A.chain, [sent]));
  due = await dueDeliveries(database.pool, LANE, { messages: 10, bytes: 100_000 }, false);
  expect(due).toHaveLength(1);
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

async function queued(): Promise<Batch> {
  const { id } = await beginBatch(database.pool, LANE, due);
  return proveBatch(database.pool, id, Uint8Array.of(1));
}

const close = (batch: Batch): Promise<void> =>
  closeBatch(database.pool, {
    lane: LANE,
    batch,
    deliveries: due,
    result: RESULT,
    ruleFor: () => rule,
    most: { before: undefined, now: undefined },
  });

/** Of the batch, its delivery, and the batch that the delivery is in. */
async function standing({ id }: { readonly id: string }): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select (select status from batches where id = $1) as batch, status as delivery, batch_id = $1 as here from deliveries`,
    [id],
  );
  return Object.values(rows[0] ?? {});
}

test("a batch goes its way in order", async () => {
  const { batch } = await takeBatch(database.pool, await queued());
  await close(await answerBatch(database.pool, await passBatch(database.pool, batch), RESULT));
  expect(await standing(batch)).toEqual(["logged", "delivered", true]);
});

test("a closed batch is not put under way again", async () => {
  const { batch } = await takeBatch(database.pool, await queued());
  await close(await answerBatch(database.pool, batch, RESULT));
  const away = { code: "CANCELLED" };
  await expect(takeBatch(database.pool, batch)).rejects.toMatchObject(away);
  await expect(passBatch(database.pool, batch)).rejects.toMatchObject(away);
  await expect(answerBatch(database.pool, batch, RESULT)).rejects.toMatchObject(away);
  await abandonBatch(database.pool, batch, due, "abandoned", rule);
  await dropBatch(database.pool, batch.id, due, rule);
  await forgetBatch(database.pool, batch.id);
  expect(await standing(batch)).toEqual(["logged", "delivered", true]);
});

test("a batch that was judged again meanwhile is not passed by the judgement before", async () => {
  const { batch } = await takeBatch(database.pool, await queued());
  await database.pool.query("update batches set status = 'queued'");
  await expect(passBatch(database.pool, batch)).rejects.toMatchObject({ code: "CANCELLED" });
  expect(await standing(batch)).toEqual(["queued", "batched", true]);
});

test("what is in another batch by now is not taken out of it", async () => {
  const { batch: gone } = await takeBatch(database.pool, await queued());
  await abandonBatch(database.pool, gone, due, "abandoned", rule);
  const other = await queued();
  await abandonBatch(database.pool, gone, due, "abandoned", rule);
  await close(gone);
  expect(await standing(other)).toEqual(["queued", "batched", true]);
  expect((await standing(gone))[0]).toBe("abandoned");
});

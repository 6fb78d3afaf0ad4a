// Stored nonce lanes: nothing is broadcast before it is recorded, and one holder at a time across processes.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StoredTransaction, TransactionStore } from "#adapters/transaction-store.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { openTransactionStore } from "#relayer/packets/transaction-store.ts";
import type { ClosableTransactionStore } from "#relayer/packets/transaction-store.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;
let stores: ClosableTransactionStore[];

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  stores = [openTransactionStore(database), openTransactionStore(database)];
});

beforeEach(async () => {
  await database.pool.query("delete from transactions; delete from nonce_lanes");
});

afterAll(async () => {
  await Promise.all(stores.map((each) => each.close()));
  await database.close();
  await dir.remove();
});

const LANE = { chainId: "x:1", signer: "0xabc" };
const store = (): TransactionStore => stores[0] as TransactionStore;

const signed = (nonce: bigint, id: string, batchId = "batch"): StoredTransaction => ({
  batchId,
  nonce,
  raw: new Uint8Array([1, 2, Number(nonce)]),
  id,
  fee: { maxFeePerGas: "18446744073709551616" },
  createdAt: 1_800_000_000_123,
});

test("a lane that was never used has no next nonce", async () => {
  expect(await store().withLane(LANE, (lane) => lane.nextNonce())).toBeUndefined();
});

test("what is recorded comes back as it was, oldest nonce first, replacements after what they replace", async () => {
  const all = [signed(7n, "a"), signed(8n, "b"), signed(7n, "c")];
  await store().withLane(LANE, async (lane) => {
    for (const transaction of all) await lane.record(transaction);
    expect(await lane.nextNonce()).toBe(9n);
    expect(await lane.unsettled()).toEqual([all[0], all[2], all[1]]);
  });
  expect(await store().ofBatch("x:1", "batch")).toHaveLength(3);
});

test("recording the same transaction again changes nothing", async () => {
  await store().withLane(LANE, async (lane) => {
    await lane.record(signed(7n, "a"));
    await lane.record(signed(7n, "a"));
    expect(await lane.unsettled()).toHaveLength(1);
  });
});

test("a settled nonce is settled with all that were signed for it, and stays known to its batch", async () => {
  await store().withLane(LANE, async (lane) => {
    await lane.record(signed(7n, "a"));
    await lane.record(signed(7n, "b"));
    await lane.settle(7n, "b");
    expect(await lane.unsettled()).toEqual([]);
    expect(await lane.nextNonce()).toBe(8n);
  });
  expect((await store().ofBatch("x:1", "batch")).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a reset sets the next nonce, also back", async () => {
  await store().withLane(LANE, async (lane) => {
    await lane.record(signed(7n, "a"));
    await lane.reset(3n);
    expect(await lane.nextNonce()).toBe(3n);
  });
});

test("signers and chains do not see each other", async () => {
  await store().withLane(LANE, (lane) => lane.record(signed(7n, "a")));
  for (const other of [
    { ...LANE, signer: "0xdef" },
    { ...LANE, chainId: "x:2" },
  ])
    await store().withLane(other, async (lane) => {
      expect(await lane.nextNonce()).toBeUndefined();
      expect(await lane.unsettled()).toEqual([]);
    });
  expect(await store().ofBatch("x:2", "batch")).toEqual([]);
});

test("one holder at a time, in this process and in others", async () => {
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    inside += 1;
    most = Math.max(most, inside);
    await delay(5);
    inside -= 1;
  };
  const six = stores.flatMap((either) => Array.from({ length: 6 }, () => either.withLane(LANE, work)));
  await Promise.all(six);
  expect(most).toBe(1);
});

test("a failure inside gives the lane back", async () => {
  const failing = store().withLane(LANE, async () => {
    throw new TypeError("inside");
  });
  await expect(failing).rejects.toThrow("inside");
  expect(await stores.at(-1)?.withLane(LANE, async () => "mine")).toBe("mine");
});

// Stored nonce lanes: nothing is broadcast before it is recorded, and one holder at a time across processes.
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { StoredTransaction, TransactionStore } from "#adapters/transaction-store.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { openLeaseSession } from "#relayer/leases/session.ts";
import type { LeaseSession } from "#relayer/leases/session.ts";
import { openTransactionStore } from "#relayer/packets/transaction-store.ts";
import type { ClosableTransactionStore } from "#relayer/packets/transaction-store.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";

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

test("who waits for a signer is let in at once when the session of its holder ends", async () => {
  const [mine, theirs] = stores as [ClosableTransactionStore, ClosableTransactionStore];
  const [inside, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = mine.withLane(LANE, async (lane) => {
    inside.resolve();
    await go.promise;
    await lane.record(signed(7n, "late"));
  });
  await inside.promise;
  const waiting = theirs.withLane(LANE, (lane) => lane.record(signed(7n, "first")));
  await until("both are there", async () => (await lockers()).length === 2);
  const [holder] = (await lockers()).filter(({ granted }) => granted);
  await database.pool.query("select pg_terminate_backend($1)", [holder?.pid]);
  await waiting;
  go.resolve();
  // It lost the signer with its session: nothing is recorded, and so nothing broadcast.
  await expect(holding).rejects.toThrow();
  expect((await store().ofBatch("x:1", "batch")).map(({ id }) => id)).toEqual(["first"]);
});

async function lockers(): Promise<{ pid: number; granted: boolean }[]> {
  const { rows } = await database.pool.query<{ pid: number; granted: boolean }>(
    "select pid, granted from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'",
  );
  return rows;
}

describe("a relayer's store", () => {
  let session: LeaseSession;
  let held: number | undefined;
  let fenced: ClosableTransactionStore;

  beforeEach(async () => {
    session = await openLeaseSession(database.url, () => undefined);
    held = session.id;
    fenced = openTransactionStore(database, { sessionOf: (chain) => (chain === LANE.chainId ? held : undefined) });
  });

  afterEach(async () => {
    await fenced.close();
    await session.close();
  });

  const record = (): Promise<void> => fenced.withLane(LANE, (lane) => lane.record(signed(7n, "a")));
  const expectNothing = async (): Promise<void> => {
    expect(await store().ofBatch("x:1", "batch")).toEqual([]);
    expect(await store().withLane(LANE, (lane) => lane.nextNonce())).toBeUndefined();
  };

  test("records on a chain that its process holds", async () => {
    await session.take([LANE.chainId]);
    await record();
    await record();
    expect(await store().ofBatch("x:1", "batch")).toHaveLength(1);
    expect(await store().withLane(LANE, (lane) => lane.nextNonce())).toBe(8n);
  });

  test("does not even ask for a signer on a chain that it does not hold", async () => {
    held = undefined;
    await expect(record()).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(fenced.withLane({ ...LANE, chainId: "x:2" }, async () => "in")).rejects.toMatchObject({
      code: "CANCELLED",
    });
    await expectNothing();
  });

  test("records nothing when it only believes that it holds the chain", async () => {
    await expect(record()).rejects.toMatchObject({ code: "CANCELLED" });
    await session.take(["x:2"]);
    await expect(record()).rejects.toMatchObject({ code: "CANCELLED" });
    await expectNothing();
  });

  test("records nothing when the chain is lost while it signs, to nobody or to somebody", async () => {
    await session.take([LANE.chainId]);
    const other = await openLeaseSession(database.url, () => undefined);
    try {
      const signing = fenced.withLane(LANE, async (lane) => {
        await session.giveBack(LANE.chainId);
        await expect(lane.record(signed(7n, "a"))).rejects.toMatchObject({ code: "CANCELLED" });
        expect(await other.take([LANE.chainId])).toEqual([LANE.chainId]);
        await lane.record(signed(7n, "a"));
      });
      await expect(signing).rejects.toMatchObject({ code: "CANCELLED" });
      await expectNothing();
    } finally {
      await other.close();
    }
  });

  test("reads and settles what is recorded, whoever holds the chain", async () => {
    await session.take([LANE.chainId]);
    await record();
    await session.giveBack(LANE.chainId);
    await fenced.withLane(LANE, async (lane) => {
      expect(await lane.unsettled()).toHaveLength(1);
      await lane.settle(7n, "a");
      expect(await lane.unsettled()).toEqual([]);
    });
  });
});

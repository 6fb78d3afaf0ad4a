// Packets whose time is over on their destination's clock: each is looked at once, whenever it is known and however long it waits.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { expirePackets, ingest } from "#relayer/packets/ingest.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { A, B, fakeRoutes, rawPayload } from "#test/support/packet-events.ts";

const TIMEOUT = 1_000n;

const place = { height: 7n, timestamp: 70n, transaction: "0x1", index: 0 };
const sent = (sequence: bigint): PacketEvent => ({
  kind: "sent",
  ...place,
  sequence,
  clientId: A.client,
  packet: {
    sequence,
    sourceClient: A.client,
    destinationClient: B.client,
    timeoutTimestamp: TIMEOUT,
    payloads: [rawPayload],
  },
});
const received = (sequence: bigint): PacketEvent => ({ kind: "received", ...place, sequence, clientId: B.client });

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await registerLanes(database.pool, fakeRoutes);
});

beforeEach(async () => {
  await database.pool.query("truncate packets cascade");
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

const take = (chain: string, ...events: readonly PacketEvent[]) =>
  transaction(database.pool, (session) => ingest(session, fakeRoutes, chain, events));
const expire = (timestamp: bigint) =>
  transaction(database.pool, (session) => expirePackets(session, B.chain, 9n, timestamp));

async function deliveries(): Promise<string[]> {
  const { rows } = await database.pool.query<{ leg: string; status: string }>(
    "select leg, status from deliveries order by packet_id, id",
  );
  return rows.map(({ leg, status }) => `${leg} ${status}`);
}

test("a packet is timed out when its time is over, and not before", async () => {
  await take(A.chain, sent(1n));
  expect(await expire(TIMEOUT - 1n)).toBe(0);
  expect(await deliveries()).toEqual(["receive watched"]);
  expect(await expire(TIMEOUT)).toBe(1);
  expect(await deliveries()).toEqual(["receive obsolete", "timeout watched"]);
});

test("it is looked at once, and never again", async () => {
  await take(A.chain, sent(1n), sent(2n));
  expect(await expire(TIMEOUT)).toBe(2);
  // Were they looked at again, they would be timed out again.
  await database.pool.query("delete from deliveries where leg = 'timeout'");
  expect(await expire(TIMEOUT + 1n)).toBe(0);
  expect(await deliveries()).toEqual(["receive obsolete", "receive obsolete"]);
});

test("one that was received is not timed out, and not looked at again either", async () => {
  await take(A.chain, sent(1n));
  await take(B.chain, received(1n));
  expect(await expire(TIMEOUT)).toBe(0);
  await database.pool.query("delete from packet_events where kind = 'received'");
  expect(await expire(TIMEOUT + 1n)).toBe(0);
  expect(await deliveries()).toEqual(["receive delivered"]);
});

test("one that is known only when its time is over already is timed out with the destination's next block", async () => {
  expect(await expire(TIMEOUT + 5n)).toBe(0);
  await take(A.chain, sent(1n));
  expect(await expire(TIMEOUT + 6n)).toBe(1);
  expect(await deliveries()).toEqual(["receive obsolete", "timeout watched"]);
});

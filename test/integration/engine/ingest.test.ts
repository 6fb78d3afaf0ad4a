// Events come in any order: a packet that is only named waits until the chain that sent it says what is in it.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { dueDeliveries } from "#relayer/packets/deliveries.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import { lanesWithWork, registerLanes, wakeLanes } from "#relayer/packets/lanes.ts";
import { listPackets, readPacket } from "#relayer/read/packets.ts";
import { createRoutes } from "#relayer/routes.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";

const [A, B] = [
  { chain: "fake:a", client: "fake-client-0" },
  { chain: "fake:b", client: "fake-client-1" },
];
const routes = createRoutes([[A, B]]);
const lanes = routes.lanes.map(({ id }) => id);
const LIMITS = { messages: 10, bytes: 100_000 };
const ID = `${A.chain}/${A.client}/1`;

const packet: Packet = {
  sequence: 1n,
  sourceClient: A.client,
  destinationClient: B.client,
  timeoutTimestamp: 1_000n,
  payloads: [
    { sourcePort: "test", destinationPort: "test", version: "v1", encoding: "raw", value: Uint8Array.of(1, 2) },
  ],
};
const place = { sequence: 1n, height: 7n, timestamp: 70n, transaction: "0x1", index: 0 };
const sent: PacketEvent = { kind: "sent", ...place, clientId: A.client, packet };
const written: PacketEvent = {
  kind: "acknowledgementWritten",
  ...place,
  clientId: B.client,
  acknowledgements: [Uint8Array.of(9)],
};
const acknowledged: PacketEvent = { kind: "acknowledged", ...place, clientId: A.client };

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await registerLanes(database.pool, routes);
});

beforeEach(async () => {
  await database.pool.query("truncate packets, packet_events, deliveries cascade");
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

const take = (chain: string, ...events: PacketEvent[]): Promise<number> =>
  transaction(database.pool, (session) => ingest(session, routes, chain, events));
const due = async (lane: string) =>
  (await dueDeliveries(database.pool, lane, LIMITS, false)).map((each) => each.message);

test("an acknowledgement that is read before the sending waits for it", async () => {
  expect(await take(B.chain, written)).toBe(1);
  expect(await due(`${A.chain}/${A.client}`)).toEqual([]);
  expect(await lanesWithWork(database.pool, lanes)).toEqual([]);
  expect(await wakeLanes(database.pool, B.chain, 100n, 1)).toEqual([]);
  expect(await readPacket(database.pool, ID)).toMatchObject({
    status: "received",
    timeoutTimestamp: null,
    payloads: null,
    bytes: null,
    acknowledgements: ["09"],
  });
  await take(A.chain, sent);
  expect(await lanesWithWork(database.pool, lanes)).toEqual([`${A.chain}/${A.client}`]);
  expect(await due(`${A.chain}/${A.client}`)).toEqual([
    { kind: "acknowledge", packet, acknowledgements: [Uint8Array.of(9)] },
  ]);
  // It was received: nobody is to be paid for that again.
  expect(await due(`${B.chain}/${B.client}`)).toEqual([]);
});

test("a settled packet whose sending is read last asks for nothing", async () => {
  await take(A.chain, acknowledged);
  await take(B.chain, written);
  await take(A.chain, sent);
  for (const { id } of routes.lanes) expect(await due(id)).toEqual([]);
  expect((await listPackets(database.pool, { limit: 5 })).packets).toMatchObject([
    { id: ID, status: "acknowledged", timeoutTimestamp: "1000" },
  ]);
});

test("what is in a packet stays when it is only named again", async () => {
  await take(A.chain, sent);
  await take(B.chain, written);
  await take(B.chain, written);
  expect(await readPacket(database.pool, ID)).toMatchObject({ timeoutTimestamp: "1000", status: "received" });
});

test("events of other clients, and packets addressed past the route, are left alone", async () => {
  expect(await take(A.chain, { ...acknowledged, clientId: "fake-client-9" })).toBe(0);
  expect(await take("fake:c", written)).toBe(0);
  const astray = { ...packet, destinationClient: "fake-client-8" };
  expect(await take(A.chain, { ...sent, packet: astray })).toBe(0);
  expect((await listPackets(database.pool, { limit: 5 })).packets).toEqual([]);
});

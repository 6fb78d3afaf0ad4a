// What the tables say of packets: kept as events come, listed by many filters, found by any id.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PacketEvent } from "#adapters/packet-event.ts";
import { messageId } from "#adapters/protocol/message-id.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { transaction } from "#relayer/database/transaction.ts";
import { ingest } from "#relayer/packets/ingest.ts";
import { registerLanes } from "#relayer/packets/lanes.ts";
import { namePackets } from "#relayer/packets/name-packets.ts";
import type { PacketFilter, PacketNames } from "#relayer/read/packet-filter.ts";
import { listPackets, readPacket } from "#relayer/read/packets.ts";
import { search } from "#relayer/read/search.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { A, B, eventsOf, fakeRoutes, messagePayload, packetOf, transferPayload } from "#test/support/packet-events.ts";

const ALICE = "0xAliceAliceAlice";
const BOB = "0xBobBobBob";
const LANE_A = `${A.chain}/${A.client}`;
const LANE_B = `${B.chain}/${B.client}`;

const packets = [
  packetOf(1n, [transferPayload(ALICE, BOB)]),
  packetOf(2n, [messagePayload(BOB, "somebody")]),
  packetOf(3n),
  packetOf(4n, [transferPayload("carol", "carol")]),
  packetOf(5n),
];
const [one, two, three, four, five] = packets.map(eventsOf);
const nameOf = (sequence: number): string => `${LANE_A}/${sequence}`;

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let database: Database;

const take = (chain: string, ...events: (PacketEvent | undefined)[]): Promise<number> =>
  transaction(database.pool, (session) =>
    ingest(
      session,
      fakeRoutes,
      chain,
      events.filter((event) => event !== undefined),
    ),
  );

beforeAll(async () => {
  dir = await makeDataDir();
  database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await registerLanes(database.pool, fakeRoutes);
  // One is sent, two received, three acknowledged, four timed out, five acknowledged; and the events of five come backwards.
  await take(A.chain, one?.sent, two?.sent, three?.sent, four?.sent);
  await take(B.chain, two?.received, three?.received, three?.written);
  await take(A.chain, three?.acknowledged, four?.timedOut, five?.acknowledged);
  await take(B.chain, five?.written, five?.received);
  await take(A.chain, five?.sent);
});

afterAll(async () => {
  await database.close();
  await dir.remove();
});

const list = async (filter: Partial<PacketFilter> = {}): Promise<number[]> =>
  (await listPackets(database.pool, { limit: 50, ...filter })).packets.map(({ sequence }) => Number(sequence));
const named = (names: PacketNames): Promise<number[]> => list({ named: names });

test("a packet's status only moves forward, in whatever order its events are read", async () => {
  const { packets } = await listPackets(database.pool, { limit: 50 });
  expect(packets.map(({ sequence, status }) => `${sequence} ${status}`)).toEqual([
    "5 acknowledged",
    "4 timedOut",
    "3 acknowledged",
    "2 received",
    "1 sent",
  ]);
});

test.each<[PacketFilter["status"], number[]]>([
  ["sent", [1]],
  ["received", [2]],
  ["acknowledged", [5, 3]],
  ["timedOut", [4]],
])("status %s", async (status, expected) => {
  expect(await list({ status })).toEqual(expected);
});

test.each<[string, PacketNames, number[]]>([
  ["the source chain", { chain: A.chain }, [5, 4, 3, 2, 1]],
  ["the destination chain", { chain: B.chain }, [5, 4, 3, 2, 1]],
  ["a chain nobody knows", { chain: "fake:c" }, []],
  ["the lane there", { lane: LANE_B }, [5, 4, 3, 2, 1]],
  ["the lane back", { lane: LANE_A }, [5, 4, 3, 2, 1]],
  ["a light client of another chain", { lane: `${A.chain}/${B.client}` }, []],
  ["a lane that is only a chain", { lane: A.chain }, []],
  ["a chain that is a lane", { chain: LANE_A }, []],
  ["a lane and its other chain", { lane: LANE_A, chain: B.chain }, [5, 4, 3, 2, 1]],
  ["a lane and a third chain", { lane: LANE_A, chain: "fake:c" }, []],
  ["a sender, in any case", { account: ALICE.toUpperCase() }, [1]],
  ["an account in payloads of two kinds", { account: BOB }, [2, 1]],
  ["somebody who sends to themselves", { account: "carol" }, [4]],
  ["part of an account", { account: "0xBob" }, []],
  ["an account and a status", { account: BOB, chain: B.chain }, [2, 1]],
  ["a transaction", { transaction: "acknowledgementWritten 3" }, [3]],
  ["a transaction nobody saw", { transaction: "received 1" }, []],
])("named by %s", async (_, names, expected) => {
  expect(await named(names)).toEqual(expected);
});

test("filters narrow each other", async () => {
  expect(await list({ status: "received", named: { account: BOB } })).toEqual([2]);
  expect(await list({ status: "timedOut", named: { account: BOB } })).toEqual([]);
  expect(await list({ pending: true })).toEqual([2, 1]);
  expect(await list({ pending: false, named: { lane: LANE_B } })).toEqual([5, 4, 3]);
});

test("held is what waits for more than finality, and its code is shown", async () => {
  const hold = (sequence: number, code: string | null): Promise<unknown> =>
    database.pool.query(
      `update deliveries d set error_code = $2 from packets p where p.id = d.packet_id and p.sequence = $1 and d.status = 'watched'`,
      [sequence, code],
    );
  await hold(1, "NOT_FINAL_YET");
  expect(await list({ held: true })).toEqual([]);
  await hold(1, "INSUFFICIENT_FUNDS");
  const { packets } = await listPackets(database.pool, { limit: 5, held: true });
  expect(packets).toMatchObject([{ id: nameOf(1), errorCode: "INSUFFICIENT_FUNDS" }]);
  expect(await list({ held: false })).toEqual([5, 4, 3, 2]);
  await hold(1, null);
  expect(await list({ held: true })).toEqual([]);
  // Of its lane, too: for one that is to be received there, and not for one that waits for nothing there.
  await database.pool.query("update lanes set error_code = 'RPC_UNREACHABLE' where id = $1", [LANE_B]);
  expect((await listPackets(database.pool, { limit: 5, held: true })).packets).toMatchObject([
    { id: nameOf(1), errorCode: "RPC_UNREACHABLE" },
  ]);
  await database.pool.query("insert into contradictions (lane, height, what, basis) values ($1, 1, 'x', 'told')", [
    LANE_B,
  ]);
  expect((await readPacket(database.pool, nameOf(1)))?.errorCode).toBe("CLIENT_CONTRADICTED");
  await database.pool.query("delete from contradictions");
  await database.pool.query("update lanes set error_code = 'NOT_FINAL_YET'");
  expect(await list({ held: true })).toEqual([]);
  await database.pool.query("update lanes set error_code = null");
});

test("pages cover everything once, also among packets of one instant and by either end", async () => {
  for (const names of [{}, { lane: LANE_B }, { chain: A.chain }]) {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await listPackets(database.pool, { limit: 2, before, named: names });
      seen.push(...page.packets.map(({ sequence }) => sequence));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(["5", "4", "3", "2", "1"]);
  }
});

test("a full last page has nothing after it", async () => {
  expect((await listPackets(database.pool, { limit: 5 })).next).toBeNull();
  expect((await listPackets(database.pool, { limit: 4 })).next).not.toBeNull();
});

test("a time range", async () => {
  await database.pool.query("update packets set created_at = '2026-01-02T00:00:00Z' where sequence = 3");
  expect(await list({ since: "2026-01-01T00:00:00Z", until: "2026-01-03T00:00:00Z" })).toEqual([3]);
  expect(await list({ until: "2026-01-02T00:00:00Z" })).toEqual([]);
  expect(await list({ since: "2026-01-02T00:00:00.001Z" })).toEqual([5, 4, 2, 1]);
  // Newest first is by that time, too, and pages follow it.
  expect(await list()).toEqual([5, 4, 2, 1, 3]);
});

test("message ids are kept, and given to packets that were stored without", async () => {
  const [packet] = packets;
  const id = packet && messageId(A.chain, packet);
  expect(await readPacket(database.pool, nameOf(1))).toMatchObject({ messageId: id });
  await database.pool.query("update packets set message_id = null where sequence in (1, 2, 4)");
  await database.pool.query("delete from packet_accounts");
  expect(await named({ account: BOB })).toEqual([]);
  await namePackets(database.pool, new AbortController().signal);
  expect(await readPacket(database.pool, nameOf(1))).toMatchObject({ messageId: id });
  expect(await named({ account: ALICE })).toEqual([1]);
  expect(await named({ account: "carol" })).toEqual([4]);
});

test("what an endpoint told falsely at first is replaced, accounts and all", async () => {
  await take(A.chain, eventsOf(packetOf(6n, [transferPayload("mallory", "mallory")])).sent);
  const truth = packetOf(6n, [transferPayload("dave", "dave")]);
  await take(A.chain, eventsOf(truth).sent);
  expect(await named({ account: "mallory" })).toEqual([]);
  expect(await named({ account: "dave" })).toEqual([6]);
  expect(await readPacket(database.pool, nameOf(6))).toMatchObject({ messageId: messageId(A.chain, truth) });
});

const hits = async (query: string): Promise<string[]> =>
  (await search(database.pool, query)).hits.map(({ kind, id, path }) => `${kind} ${id} ${path}`);
const packetHit = (sequence: number): string => `packet ${nameOf(sequence)} /v1/packets/${nameOf(sequence)}`;

test("search finds a packet by its name and by its message id, however that is written", async () => {
  expect(await hits(` ${nameOf(2)} `)).toEqual([packetHit(2)]);
  const id = packets[1] === undefined ? "" : messageId(A.chain, packets[1]);
  expect(await hits(id)).toEqual([packetHit(2)]);
  expect(await hits(`0x${id.toUpperCase()}`)).toEqual([packetHit(2)]);
});

test("search finds a transaction and its packets", async () => {
  expect(await hits("received 3")).toEqual([
    "transaction received 3 /v1/packets?transaction=received%203",
    packetHit(3),
  ]);
});

test.each([
  ["EVM chains", `0x${"abc1".repeat(16)}`],
  ["Cosmos chains", "ABC1".repeat(16)],
])("search and lists take a transaction's hash as %s write it, and as people do", async (_, hash) => {
  await database.pool.query("update packet_events set transaction = $1 where packet_id = $2 and kind = 'sent'", [
    hash,
    (await database.pool.query("select id from packets where sequence = 2")).rows[0].id,
  ]);
  const digits = "abc1".repeat(16);
  for (const spelling of [digits, digits.toUpperCase(), `0x${digits}`, `0X${digits.toUpperCase()}`]) {
    expect(await hits(spelling)).toEqual([`transaction ${hash} /v1/packets?transaction=${hash}`, packetHit(2)]);
    const { packets: listed } = await listPackets(database.pool, { named: { transaction: spelling }, limit: 5 });
    expect(listed.map(({ id }) => id)).toEqual([nameOf(2)]);
  }
});

test("search finds lanes, light clients and chains", async () => {
  const lane = [`lane ${LANE_A} /v1/lanes/${LANE_A}`, `client ${LANE_A} /v1/clients/${LANE_A}`];
  expect(await hits(LANE_A)).toEqual(lane);
  expect(await hits(A.client)).toEqual(lane);
  expect(await hits(A.chain)).toEqual([`chain ${A.chain} /v1/chains/${A.chain}`]);
});

test("search finds an account and what it sent or received", async () => {
  expect(await hits(BOB)).toEqual([`account ${BOB} /v1/packets?account=${BOB}`, packetHit(2), packetHit(1)]);
});

test.each(["", " ", "nothing", "7", "#0", "fake:a/none-0/1", `${LANE_A}/99`, `${LANE_A}/1/2`, "%", "'; --", "0x"])(
  "search finds nothing for %j",
  async (query) => {
    expect(await search(database.pool, query)).toEqual({ query, hits: [] });
  },
);

test("a log entry is found by its index, once there is one", async () => {
  await database.pool.query("insert into log_entries (index, leaf, body) values (7, $1, '')", [Buffer.alloc(32)]);
  for (const query of ["7", "#7"]) expect(await hits(query)).toEqual(["logEntry 7 /v1/log/entries/7"]);
});

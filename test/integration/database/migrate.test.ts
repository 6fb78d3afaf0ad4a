// A database of an earlier version is brought up to date with what is in it.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import pg from "pg";
import { messageId } from "#adapters/protocol/message-id.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { readDeliveries } from "#relayer/packets/deliveries.ts";
import { laneState } from "#relayer/packets/lanes.ts";
import { namePackets } from "#relayer/packets/name-packets.ts";
import { laneHistory } from "#relayer/read/lane-history.ts";
import { listLanes } from "#relayer/read/lanes.ts";
import { listPackets, readPacket } from "#relayer/read/packets.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger } from "#test/support/fake-relay.ts";
import { A, B, packetOf, transferPayload } from "#test/support/packet-events.ts";

const EARLIER = ["001-relay.sql", "002-proof-log.sql", "003-contradictions.sql"];
const LANE = `${B.chain}/${B.client}`;
/** Every status that a delivery without an end could have; all of a batch had its own, but for a kill in between. */
const OPEN = ["watched", "proving", "queued", "verifying", "submitting", "logging"];

let dir: Awaited<ReturnType<typeof makeDataDir>>;
let server: Database;
let database: Database;

beforeAll(async () => {
  dir = await makeDataDir();
  server = await openDatabase({ dataDir: dir.path, logger: testLogger });
  await server.pool.query("create database earlier");
  const url = server.url.replace(/causeway$/, "earlier");
  const old = new pg.Client(url);
  await old.connect();
  await old.query("create table migrations (name text primary key, applied_at timestamptz not null default now())");
  for (const name of EARLIER) {
    await old.query(await readFile(new URL(`../../../relayer/database/migrations/${name}`, import.meta.url), "utf8"));
    await old.query("insert into migrations (name) values ($1)", [name]);
  }
  await old.query(
    "insert into lanes (id, source_chain, source_client, target_chain, client_id) values ($1, $2, $3, $4, $5)",
    [LANE, A.chain, A.client, B.chain, B.client],
  );
  await old.query(
    `insert into batches (id, lane, status, envelope, envelope_sha256, result, closed_at) values
       ('b', $1, 'logged', null, '', '{"transaction": {"id": "t", "height": "1", "fee": "77"}, "deliveries": []}', '2026-03-01T10:02:00Z'),
       ('c', $1, 'abandoned', null, '', null, '2026-03-01T10:02:00Z'), ('d', $1, 'verifying', '\\x01', '', null, null)`,
    [LANE],
  );
  const kinds = [[], ["received"], ["received", "acknowledged"], ["timedOut"], ["acknowledgementWritten"]];
  for (const [index, others] of kinds.entries()) {
    const packet = packetOf(BigInt(index + 1), [transferPayload(`sender-${index + 1}`, "receiver")]);
    const { rows } = await old.query<{ id: string }>(
      `insert into packets (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes)
       values ($1, $2, $3, $4, $5, 1, $6) returning id`,
      [A.chain, A.client, index + 1, B.chain, B.client, Buffer.from(encodePacket(packet))],
    );
    for (const kind of ["sent", ...others])
      await old.query(
        "insert into packet_events (packet_id, kind, chain, height, timestamp, transaction) values ($1, $2, 'x', 1, 1, 'x')",
        [rows[0]?.id, kind],
      );
    if (others.includes("received"))
      await old.query(
        `insert into deliveries (packet_id, leg, lane, status, min_height, watched_at, closed_at)
         values ($1, 'receive', $2, 'delivered', 1, '2026-03-01T10:00:00Z', '2026-03-01T10:02:00Z')`,
        [rows[0]?.id, LANE],
      );
  }
  for (const [index, status] of OPEN.entries()) {
    const packet = packetOf(BigInt(index + 11));
    await old.query(
      `with p as (
         insert into packets (source_chain, source_client, sequence, destination_chain, destination_client, timeout_timestamp, bytes)
         values ($1, $2, $3, $4, $5, 1, $6) returning id)
       insert into deliveries (packet_id, leg, lane, status, min_height, batch_id, proving_at, queued_at, verifying_at, submitting_at)
       select id, 'receive', $7, $8, 1, $9, '2026-03-02T10:00:01Z', '2026-03-02T10:00:02Z', '2026-03-02T10:00:03Z', null from p`,
      [
        A.chain,
        A.client,
        packet.sequence,
        B.chain,
        B.client,
        Buffer.from(encodePacket(packet)),
        LANE,
        status,
        status === "watched" || status === "proving" ? null : "d",
      ],
    );
  }
  await old.query(
    `insert into batch_messages select 'd', row_number() over (order by id desc) - 1, id from deliveries where batch_id = 'd'`,
  );
  await old.end();
  database = await openDatabase({ url, dataDir: dir.path, logger: testLogger });
});

afterAll(async () => {
  await database.close();
  await server.close();
  await dir.remove();
});

test("packets get their status", async () => {
  const { packets } = await listPackets(database.pool, { limit: 20 });
  const settled = packets.filter(({ sequence }) => Number(sequence) <= 10);
  expect(settled.map(({ status, messageId }) => [status, messageId])).toEqual([
    ["received", null],
    ["timedOut", null],
    ["acknowledged", null],
    ["received", null],
    ["sent", null],
  ]);
});

test("what was under way is in its batch, in its order, and at its stage", async () => {
  const { rows } = await database.pool.query<{ sequence: bigint; status: string }>(
    `select p.sequence, d.status from deliveries d join packets p on p.id = d.packet_id where p.sequence > 10 order by p.sequence`,
  );
  expect(rows.map(({ sequence, status }) => `${sequence} ${status}`)).toEqual([
    "11 watched",
    "12 watched",
    "13 batched",
    "14 batched",
    "15 batched",
    "16 batched",
  ]);
  const { open } = await laneState(database.pool, LANE, []);
  expect(open).toMatchObject([{ id: "d", status: "verifying" }]);
  const deliveries = await readDeliveries(database.pool, open[0]?.deliveries ?? []);
  expect(deliveries.map(({ message }) => Number(message.packet.sequence))).toEqual([16, 15, 14, 13]);
  const view = await readPacket(database.pool, `${A.chain}/${A.client}/14`);
  expect(view?.deliveries).toMatchObject([
    {
      status: "verifying",
      batch: "d",
      provingAt: "2026-03-02T10:00:01.000Z",
      verifyingAt: "2026-03-02T10:00:03.000Z",
      submittingAt: null,
    },
  ]);
  const waiting = await readPacket(database.pool, `${A.chain}/${A.client}/12`);
  expect(waiting?.deliveries).toMatchObject([{ status: "watched", batch: null, provingAt: null }]);
});

test("lanes get their figures", async () => {
  const [lane] = await listLanes(database.pool);
  expect(lane).toMatchObject({ delivered: "2", latency: { deliveries: 2, p50Seconds: 120 }, paused: null });
  const since = Date.parse("2026-03-01T00:00:00Z") / 1000;
  const { steps } = await laneHistory(database.pool, { lane: LANE, stepSeconds: 300, since, until: since + 86_400 });
  expect(steps).toMatchObject([{ at: "2026-03-01T10:00:00.000Z", delivered: 2, fee: "77" }]);
});

test("nothing of that is told as a change", async () => {
  expect((await database.pool.query("select from changes")).rowCount).toBe(0);
});

test("message ids and accounts are given afterwards, also by two processes at once", async () => {
  const { signal } = new AbortController();
  await Promise.all([namePackets(database.pool, signal), namePackets(database.pool, signal)]);
  const first = packetOf(1n, [transferPayload("sender-1", "receiver")]);
  const { packets } = await listPackets(database.pool, { limit: 10, named: { account: "sender-1" } });
  expect(packets).toMatchObject([{ sequence: "1", messageId: messageId(A.chain, first) }]);
  expect((await listPackets(database.pool, { limit: 10, named: { account: "RECEIVER" } })).packets).toHaveLength(5);
});

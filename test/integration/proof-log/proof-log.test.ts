// The proof log on a real database: durable, provable, append-only, and unwilling to forget or to sign two histories.
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openCheckpoint } from "#sdk/evidence/checkpoint.ts";
import { openProofLog } from "#relayer/proof-log/open.ts";
import type { ProofLog } from "#relayer/proof-log/proof-log.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "#sdk/evidence/tree.ts";
import { intentEntry, openLogDatabase, quiet, sha256, verdictEntry } from "./log-database.ts";
import type { LogDatabase } from "./log-database.ts";

const envelope = Buffer.from("an envelope");
const trusted = Buffer.from("a trusted state");
const control = (event: string) => ({ kind: "control" as const, event });

let database: LogDatabase;
let dataDir: string;
let log: ProofLog;

/** As an attacker with full rights over the database would. */
async function tamper(sql: string): Promise<void> {
  const session = await database.pool.connect();
  try {
    await session.query("set session_replication_role = replica");
    await session.query(sql);
  } finally {
    session.release(true);
  }
}

beforeAll(async () => {
  database = await openLogDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  await tamper(
    "truncate log_entries, log_nodes, log_packets, log_blobs; update log_head set size = 0, root = sha256(''), key = null, note = null, note_size = null",
  );
  dataDir = await mkdtemp(join(tmpdir(), "causeway-log-key-"));
  log = await openProofLog(database.pool, { dataDir, logger: quiet, now: () => 1_700_000_000_000 });
});
afterEach(async () => {
  await log.close();
  await rm(dataDir, { recursive: true });
});

describe("appending", () => {
  it("gives indices in order, and every entry is proven under the signed checkpoint", async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => log.append(control(`event ${index}`))));
    expect(results.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, index) => BigInt(index)));
    const { note, key, size, root } = await log.checkpoint();
    expect(openCheckpoint(note, key)).toEqual({ size: 50n, root: Uint8Array.from(root) });
    for (let index = 0n; index < size; index += 1n) {
      const entry = await log.entry(index);
      const leaf = leafHash(entry?.bytes ?? Buffer.alloc(0));
      expect(verifyInclusion({ leaf, index, size, root, proof: await log.inclusion(index, size) })).toBe(true);
    }
    expect((await log.check()).problems).toEqual([]);
  });

  it("extends every earlier tree", async () => {
    const heads = [];
    for (let round = 0; round < 9; round += 1) {
      await log.append(control(`round ${round}`));
      heads.push(await log.head());
    }
    const last = heads.at(-1);
    if (last === undefined) throw new Error("no heads");
    for (const { size, root } of heads)
      expect(
        verifyConsistency({
          from: size,
          to: last.size,
          fromRoot: root,
          toRoot: last.root,
          proof: await log.consistency(size, last.size),
        }),
      ).toBe(true);
  });

  it("keeps evidence by hash, once, and finds what was said about a packet", async () => {
    await log.append(verdictEntry(5n, envelope, trusted), [envelope, trusted]);
    await log.append(intentEntry(5n, envelope));
    await log.append(verdictEntry(6n, envelope, trusted), [trusted]);
    expect(await log.blob(sha256(envelope))).toEqual(envelope);
    const packet = { sourceChain: "eip155:1", sourceClient: "beacon-7", sequence: "5" };
    const found = await log.entriesOf(packet);
    expect(found.map(({ index, entry }) => [index, entry.kind])).toEqual([
      [0n, "verdict"],
      [1n, "intent"],
    ]);
    expect(await log.entriesOf({ ...packet, sourceChain: "eip155:2" })).toEqual([]);
    const { rows } = await database.pool.query<{ count: bigint }>("select count(*) from log_blobs");
    expect(rows[0]?.count).toBe(2n);
  });

  it("refuses an entry whose evidence it was not given, and writes its neighbours", async () => {
    const [bad, good] = await Promise.allSettled([
      log.append(verdictEntry(1n, envelope, trusted), [envelope]),
      log.append(control("neighbour")),
    ]);
    expect(bad).toMatchObject({ status: "rejected", reason: { code: "INVALID_ARGUMENT" } });
    expect(good).toMatchObject({ status: "fulfilled", value: { index: 0n } });
  });

  it("refuses what is no entry or is too large for one", async () => {
    await expect(log.append({ kind: "control", event: "" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(log.append(control("lone \ud800"))).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const detail = { text: "x".repeat(65_536) };
    await expect(log.append({ ...control("large"), detail })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect((await log.head()).size).toBe(0n);
  });

  it("refuses after it was closed, having written what came before", async () => {
    const written = log.append(control("last"));
    await log.close();
    await expect(log.append(control("late"))).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await written).toEqual({ index: 0n });
  });

  it("takes turns with another process on the same database", async () => {
    const other = await openProofLog(database.pool, { dataDir, logger: quiet });
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? log : other).append(control(`event ${index}`))),
    );
    await other.close();
    expect(await log.check()).toMatchObject({ size: 40n, problems: [] });
  });

  it("recovers when its connection is killed in the middle of a transaction", async () => {
    const blocker = await database.pool.connect();
    await blocker.query("begin");
    await blocker.query("select from log_head for update");
    const lost = log.append(control("lost"));
    const refused = expect(lost).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retry: "later" });
    await expect
      .poll(async () => {
        const { rowCount } = await database.pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and query like '%log_head%'",
        );
        return rowCount;
      })
      .toBe(1);
    await refused;
    await blocker.query("rollback");
    blocker.release();
    expect(await log.append(control("next"))).toEqual({ index: 0n });
    expect((await log.check()).problems).toEqual([]);
  });
});

describe("the database refuses to forget", () => {
  it.each([
    "update log_entries set body = '' where index = 0",
    "delete from log_entries",
    "truncate log_entries cascade",
    "update log_blobs set body = ''",
    "delete from log_blobs",
    "delete from log_nodes",
    "delete from log_packets",
    "delete from log_head",
    "update log_head set size = 0",
    "update log_head set root = sha256('x')",
    "update log_head set key = 'other'",
    "update log_head set note_size = null",
    "insert into log_head (singleton, size, root) values (true, 0, sha256(''))",
    "insert into log_blobs (hash, body) values (sha256('x'), 'y')",
  ])("%s", async (sql) => {
    await log.append(verdictEntry(1n, envelope, trusted), [envelope, trusted]);
    await expect(database.pool.query(sql)).rejects.toThrow();
    expect((await log.check()).problems).toEqual([]);
  });
});

describe("tampering behind the database's back is found and named", () => {
  it.each([
    ["update log_entries set body = body || ' ' where index = 3", "the leaf of entry 3 is not its hash"],
    [
      "update log_entries set body = replace(convert_from(body, 'UTF8'), 'event 3', 'event 4')::bytea, leaf = sha256('\\x00'::bytea || replace(convert_from(body, 'UTF8'), 'event 3', 'event 4')::bytea) where index = 3",
      "the signed checkpoint has another root than the entries give at size 9",
    ],
    ["delete from log_entries where index = 8", "entry 8 is missing"],
    ["delete from log_entries where index = 4", "entry 4 is missing"],
    ["update log_nodes set hash = sha256('x') where level = 1 and position = 1", "tree node 1/1 is missing or wrong"],
    ["delete from log_nodes where level = 3", "tree node 3/0 is missing or wrong"],
    ["insert into log_nodes values (7, 7, sha256('x'))", "there are 8 tree nodes where the entries give 7"],
    ["update log_head set root = sha256('x')", "the head has another root than the entries give at size 9"],
    ["update log_head set note = replace(note, '9', '8')", "the signed checkpoint is refused"],
    ["update log_head set size = 8, note = null, note_size = null", "there are 9 entries, the head counts 8"],
    ["delete from log_packets", 'the packet index lacks "eip155:1 beacon-7 1 8"'],
    ["update log_packets set sequence = 2", 'the packet index has "eip155:1 beacon-7 2 8", which no entry says'],
    ["delete from log_blobs where body = 'an envelope'", "of entry 8 is missing"],
    [
      "alter table log_blobs drop constraint log_blobs_check; update log_blobs set body = 'forged' where body = 'an envelope'; alter table log_blobs add constraint log_blobs_check check (hash = sha256(body)) not valid",
      `the evidence ${sha256(envelope)} was altered`,
    ],
  ])("%s", async (sql, problem) => {
    for (let index = 0; index < 8; index += 1) await log.append(control(`event ${index}`));
    await log.append(verdictEntry(1n, envelope, trusted), [envelope, trusted]);
    expect((await log.check()).problems).toEqual([]);
    await tamper(sql);
    const { problems } = await log.check();
    expect(problems.join("\n")).toContain(problem);
  });

  it("and nothing is appended to a tree that does not fit its root", async () => {
    await log.append(control("one"));
    await tamper("update log_entries set leaf = sha256('x')");
    await expect(log.append(control("two"))).rejects.toMatchObject({ code: "LOG_INCONSISTENT" });
  });
});

describe("opening", () => {
  it("keeps its key in a file that only its owner reads, and uses it again", async () => {
    const { key } = await log.checkpoint();
    expect((await stat(join(dataDir, "log", "key.pem"))).mode & 0o777).toBe(0o600);
    const again = await openProofLog(database.pool, { dataDir, logger: quiet });
    expect((await again.checkpoint()).key).toBe(key);
    await again.close();
  });

  it("appends without signing where the key is another machine's, and the key's holder signs for both", async () => {
    await log.append(control("ours"));
    const elsewhere = await mkdtemp(join(tmpdir(), "causeway-log-other-"));
    const other = await openProofLog(database.pool, { dataDir: elsewhere, logger: quiet });
    await other.append(control("theirs"));
    expect((await other.checkpoint()).size).toBe(1n);
    expect((await log.checkpoint()).size).toBe(2n);
    expect((await other.checkpoint()).size).toBe(2n);
    await other.close();
    await rm(elsewhere, { recursive: true });
    expect((await log.check()).problems).toEqual([]);
  });

  it("refuses a key file that holds no key", async () => {
    await writeFile(join(dataDir, "log", "key.pem"), "nonsense");
    await expect(openProofLog(database.pool, { dataDir, logger: quiet })).rejects.toMatchObject({
      code: "MISSING_SECRET",
    });
  });

  it("refuses a database that went back in time, or holds another history", async () => {
    for (let index = 0; index < 3; index += 1) await log.append(control(`event ${index}`));
    const open = () => openProofLog(database.pool, { dataDir, logger: quiet });
    await tamper(
      "delete from log_entries where index = 2; update log_head set note = null, note_size = null, size = 2, root = (select hash from log_nodes where level = 1 and position = 0)",
    );
    await expect(open()).rejects.toMatchObject({ code: "LOG_INCONSISTENT", message: expect.stringContaining("2 log") });
    await tamper("update log_head set size = 3; insert into log_entries values (2, sha256('other'), 'other')");
    await expect(open()).rejects.toMatchObject({
      code: "LOG_INCONSISTENT",
      message: expect.stringContaining("other log entries"),
    });
  });

  it("says what it was asked for that it does not have", async () => {
    await log.append(control("one"));
    await expect(log.inclusion(1n, 1n)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(log.inclusion(0n, 2n)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(log.consistency(0n, 1n)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(log.consistency(1n, 2n)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await log.entry(1n)).toBeUndefined();
    expect(await log.blob("00".repeat(32))).toBeUndefined();
  });
});

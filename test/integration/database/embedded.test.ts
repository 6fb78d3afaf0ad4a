// The embedded database: shared, adopted after a kill, restarted when killed, stopped by whoever leaves last.
import { readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEmbeddedDatabase } from "#relayer/database/embedded.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { makeDataDir } from "#test/support/data-dir.ts";
import { testLogger, until } from "#test/support/fake-relay.ts";

let dir: Awaited<ReturnType<typeof makeDataDir>>;
const opened = new Set<Database>();

beforeEach(async () => {
  dir = await makeDataDir();
});

afterEach(async () => {
  await Promise.all([...opened].map((database) => database.close()));
  opened.clear();
  await dir.remove();
});

async function open(): Promise<Database> {
  const database = await openDatabase({ dataDir: dir.path, logger: testLogger });
  opened.add(database);
  return database;
}

async function close(database: Database): Promise<void> {
  opened.delete(database);
  await database.close();
}

const socketDirectory = ({ url }: { url: string }): string =>
  decodeURIComponent(/@(?<host>[^/]+)\//.exec(url)?.groups?.["host"] ?? "");
const pidFile = (): string => join(dir.path, "postgres", "postmaster.pid");
const serverPid = async (): Promise<number> => Number((await readFile(pidFile(), "utf8")).split("\n")[0]);

test("two relayers that start at once share one server, and the last to leave stops it", async () => {
  const [first, second] = await Promise.all([open(), open()]);
  await first.pool.query("create table shared (value integer)");
  await second.pool.query("insert into shared values (7)");
  await close(first);
  const { rows } = await second.pool.query("select value from shared");
  expect(rows).toEqual([{ value: 7 }]);
  await close(second);
  await expect(stat(pidFile())).rejects.toMatchObject({ code: "ENOENT" });
  await expect(stat(socketDirectory(first))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what was stored is there after a restart, and migrations run once", async () => {
  const first = await open();
  await first.pool.query("insert into cursors (chain, height, hash) values ('test:1', 5, 'x')");
  await close(first);
  const second = await open();
  const { rows } = await second.pool.query("select height from cursors where chain = 'test:1'");
  expect(rows).toEqual([{ height: 5n }]);
});

test("a killed server comes back under its users", async () => {
  const database = await open();
  const before = await serverPid();
  process.kill(before, "SIGKILL");
  await until("another server runs", async () => (await serverPid().catch(() => before)) !== before);
  await until("it answers", () =>
    database.pool.query("select 1").then(
      () => true,
      () => false,
    ),
  );
});

test("a server that cannot start for longer than anybody waits at first comes back all the same", async () => {
  const problems: string[] = [];
  const logger = { ...testLogger, error: (_: object, message: string) => problems.push(message) };
  const embedded = await openEmbeddedDatabase({ dataDir: dir.path, logger, patience: 2_000 });
  const configuration = join(dir.path, "postgres", "postgresql.conf");
  try {
    await rename(configuration, `${configuration}.gone`);
    process.kill(await serverPid(), "SIGKILL");
    await until("it was given up twice", () => problems.length >= 2);
    expect(new Set(problems)).toEqual(new Set(["the embedded database does not come back: trying on"]));
    await rename(`${configuration}.gone`, configuration);
    await until("it answers", async () => {
      const client = new pg.Client(embedded.url);
      client.on("error", () => undefined);
      try {
        await client.connect();
        return true;
      } catch {
        return false;
      } finally {
        await client.end();
      }
    });
  } finally {
    await embedded.close();
  }
  await expect(stat(pidFile())).rejects.toMatchObject({ code: "ENOENT" });
});

test("a pid file that another program's pid is in does not keep the server from starting", async () => {
  const first = await open();
  const pid = await serverPid();
  await close(first);
  const { writeFile, chown } = await import("node:fs/promises");
  const text = [String(process.pid), join(dir.path, "postgres"), "1", "5432", "", "", ""].join("\n");
  await writeFile(pidFile(), text);
  const owner = await stat(join(dir.path, "postgres"));
  await chown(pidFile(), owner.uid, owner.gid);
  const second = await open();
  expect((await second.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  expect(await serverPid()).not.toBe(pid);
});

test("only the server's user and root can reach its socket", async () => {
  const database = await open();
  expect((await stat(socketDirectory(database))).mode & 0o077).toBe(0);
  const wrong = database.url.replace(/:[^:@]+@/, ":wrong@");
  await expect(openDatabase({ url: wrong, dataDir: dir.path, logger: testLogger })).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
});

test("a DATABASE_URL that leads nowhere is one clear error", async () => {
  const url = "postgres://causeway@127.0.0.1:1/causeway";
  await expect(openDatabase({ url, dataDir: dir.path, logger: testLogger })).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
    hint: expect.stringContaining("DATABASE_URL"),
  });
});

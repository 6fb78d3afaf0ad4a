// Brings the database's tables up to date: every migrations/NNN-name.sql once, in order, by one process at a time.
import { readdir, readFile } from "node:fs/promises";
import type { Pool } from "pg";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";

const MIGRATIONS = new URL("migrations/", import.meta.url);

export async function migrate(pool: Pool, logger: Logger): Promise<void> {
  const names = (await readdir(MIGRATIONS)).filter((name) => /^\d{3}-[a-z-]+\.sql$/.test(name)).sort();
  const session = await pool.connect();
  try {
    await session.query("begin");
    await session.query("select pg_advisory_xact_lock(hashtext('causeway migrations'))");
    await session.query(
      "create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())",
    );
    const { rows } = await session.query<{ name: string }>("select name from migrations");
    const applied = new Set(rows.map(({ name }) => name));
    for (const name of names.filter((name) => !applied.has(name))) {
      await session.query(await readFile(new URL(name, MIGRATIONS), "utf8")).catch((cause: Error) => {
        throw new CausewayError("STORE_UNAVAILABLE", `migration ${name} failed: ${cause.message}`, { cause });
      });
      await session.query("insert into migrations (name) values ($1)", [name]);
      logger.info({ migration: name }, "database migrated");
    }
    await session.query("commit");
  } catch (error) {
    await session.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    session.release();
  }
}

// Opens the one database: DATABASE_URL, or an embedded Postgres under the data directory; migrated either way.
import type { Pool } from "pg";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { openEmbeddedDatabase } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { openPool } from "./open-pool.ts";

export interface Database {
  /** Integers wider than 32 bits (bigint, numeric) come back as bigint, alone and (bigint) in arrays. */
  readonly pool: Pool;
  /** For those who need their own connections. Contains the password. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Absent: an embedded server under `dataDir`. */
  readonly url?: string | undefined;
  readonly dataDir: string;
  readonly logger: Logger;
}

export async function openDatabase({ url, dataDir, logger }: DatabaseOptions): Promise<Database> {
  const embedded = url === undefined ? await openEmbeddedDatabase({ dataDir, logger }) : undefined;
  const connectionString = url ?? embedded?.url ?? "";
  const pool = openPool(connectionString, { max: 24 });
  // The pool calls itself ended before its last connections are: what a stopping server then tells them is no loss.
  let closing = false;
  pool.on("error", (error) => {
    if (!closing) logger.warn({ error: error.message }, "a database connection was lost");
  });
  const close = async (): Promise<void> => {
    closing = true;
    await pool.end();
    await embedded?.close();
  };
  try {
    await migrate(pool, logger);
  } catch (cause) {
    await close();
    if (cause instanceof CausewayError) throw cause;
    throw new CausewayError("STORE_UNAVAILABLE", `the database cannot be used: ${(cause as Error).message}`, { cause });
  }
  return { pool, url: connectionString, close };
}

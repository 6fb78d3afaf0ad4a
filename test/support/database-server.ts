// A Postgres for one test file, and in it a database of its own for each test.
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { makeDataDir } from "./data-dir.ts";
import { testLogger } from "./fake-relay.ts";

/** With empty tables; whoever wants to look into them asks its pool. */
export interface TestDatabase extends Pick<Database, "pool" | "url"> {
  /** Where a relayer of this database keeps its files. */
  readonly data: string;
}

export interface DatabaseServer {
  /** Of the server's files, and of all that belongs to its databases. */
  readonly directory: string;
  create(): Promise<TestDatabase>;
  close(): Promise<void>;
}

export async function startDatabaseServer(): Promise<DatabaseServer> {
  const directory = await makeDataDir();
  const server = await openDatabase({ dataDir: directory.path, logger: testLogger });
  const databases: Database[] = [];
  return {
    directory: directory.path,
    async create() {
      const name = `test_${databases.length + 1}`;
      await server.pool.query(`create database ${name}`);
      const data = `${directory.path}/${name}`;
      const url = server.url.replace(/causeway$/, name);
      const database = await openDatabase({ url, dataDir: data, logger: testLogger });
      databases.push(database);
      return { pool: database.pool, url, data };
    },
    async close() {
      await Promise.all(databases.map((database) => database.close()));
      await server.close();
      await directory.remove();
    },
  };
}

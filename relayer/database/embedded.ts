// The embedded Postgres that a relayer uses without DATABASE_URL: started, kept running, and stopped by whoever leaves last.
import { createHash } from "node:crypto";
import { access, chmod, constants, mkdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { findBinaries } from "./binaries.ts";
import { prepareCluster, startServer, stopServer } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import { obstacle, serverUser } from "./server-user.ts";
import type { ServerUser } from "./server-user.ts";

export interface EmbeddedDatabase {
  readonly url: string;
  close(): Promise<void>;
}

/** Held shared by every relayer that uses the server, exclusively by the one that stops it. */
const IN_USE = "hashtext('causeway server in use')";
const START_TIMEOUT = 60_000;
const BETWEEN_ATTEMPTS = 1_000;
const LEAVING = 5_000;

async function refuge(): Promise<string> {
  const base = await access("/var/lib", constants.W_OK).then(
    () => "/var/lib",
    () => tmpdir(),
  );
  return join(base, "causeway");
}

/** Where the database's files can be: under `dataDir`, unless its user cannot get there. */
async function chooseDirectory(dataDir: string, user: ServerUser | undefined, logger: Logger): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  let blocked = await obstacle(dataDir, user);
  if (blocked === dataDir) {
    logger.info({ dataDir, user: user?.name }, "letting the database's user pass through the data directory");
    await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
    blocked = await obstacle(dataDir, user);
  }
  if (blocked === undefined) return join(dataDir, "postgres");
  const base = await refuge();
  const directory = join(base, `postgres-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`);
  logger.warn(
    { blocked, directory, user: user?.name },
    "the database's user cannot reach the data directory: its files go elsewhere",
  );
  await mkdir(base, { recursive: true, mode: 0o755 });
  return directory;
}

function connectionUrl(cluster: Cluster, database: string): string {
  return `postgres://causeway:${cluster.password}@${encodeURIComponent(cluster.socketDirectory)}/${database}`;
}

/** A session that says "in use" for as long as it lives; undefined while the server is not there or is going down. */
async function enter(cluster: Cluster): Promise<pg.Client | undefined> {
  const session = new pg.Client({
    connectionString: connectionUrl(cluster, "postgres"),
    application_name: "causeway keeper",
    connectionTimeoutMillis: 5_000,
  });
  session.on("error", () => undefined);
  try {
    await session.connect();
    await session.query(`select pg_advisory_lock_shared(${IN_USE})`);
    return session;
  } catch {
    await session.end().catch(() => undefined);
    return undefined;
  }
}

interface Entering {
  readonly cluster: Cluster;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly patience: number;
  readonly cancelled: () => boolean;
}

async function startAndEnter({ cluster, logger, patience, cancelled }: Entering): Promise<pg.Client> {
  let deadline = Date.now() + patience;
  for (let round = 0; Date.now() < deadline; round += 1) {
    const session = await enter(cluster);
    if (session !== undefined) return session;
    // Who leaves while a server starts waits for it, to stop it.
    if (cancelled()) deadline = Math.min(deadline, Date.now() + LEAVING);
    // A server that was killed leaves children for a moment, and until they end no new one can start: so, more than once.
    else if (round % 20 === 0) await startServer(cluster, logger);
    await delay(50);
  }
  throw new CausewayError("STORE_UNAVAILABLE", "the embedded database does not answer", {
    hint: `see ${join(cluster.directory, "server.log")}`,
  });
}

/** Once it was there, it is waited for as long as it takes. Undefined when nobody needs it any more. */
async function comeBack(entering: Entering): Promise<pg.Client | undefined> {
  const { cluster, logger, cancelled } = entering;
  const { directory } = cluster;
  logger.warn({ directory }, "the embedded database went away: starting it again");
  while (!cancelled()) {
    try {
      return await startAndEnter(entering);
    } catch (error) {
      if (cancelled()) break;
      logger.error(
        { directory, error: (error as Error).message },
        "the embedded database does not come back: trying on",
      );
      await delay(BETWEEN_ATTEMPTS);
    }
  }
  return undefined;
}

async function createDatabase(session: pg.Client): Promise<void> {
  await session.query("create database causeway").catch((error: { code?: string }) => {
    const duplicate = error.code === "42P04" || error.code === "23505";
    if (!duplicate) throw error;
  });
}

export async function openEmbeddedDatabase(options: {
  readonly dataDir: string;
  readonly logger: Logger;
  /** Milliseconds that it may take to answer. */
  readonly patience?: number;
}): Promise<EmbeddedDatabase> {
  const { logger } = options;
  const user = await serverUser();
  const directory = await chooseDirectory(resolve(options.dataDir), user, logger);
  const binaries = await findBinaries(user, await refuge(), logger);
  const cluster = await prepareCluster(directory, binaries, user, logger);
  let closing = false;

  const entering = { cluster, logger, patience: options.patience ?? START_TIMEOUT, cancelled: () => closing };
  const keep = (opened: pg.Client): pg.Client => {
    opened.once("end", () => {
      if (!closing) session = comeBack(entering).then((returned) => returned && keep(returned));
    });
    return opened;
  };
  const first = keep(await startAndEnter(entering));
  let session: Promise<pg.Client | undefined> = Promise.resolve(first);
  await createDatabase(first);

  return {
    url: connectionUrl(cluster, "causeway"),
    async close() {
      closing = true;
      const last = await session;
      if (last === undefined) return;
      try {
        await last.query(`select pg_advisory_unlock_shared(${IN_USE})`);
        const { rows } = await last.query<{ alone: boolean }>(`select pg_try_advisory_lock(${IN_USE}) as alone`);
        if (rows[0]?.alone === true) await stopServer(cluster);
      } finally {
        await last.end().catch(() => undefined);
      }
    },
  };
}

// The files and the server process of the embedded Postgres: created once, started when nobody runs it yet.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, chmod, chown, lstat, mkdir, open, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerUser } from "./server-user.ts";

export interface Cluster {
  readonly directory: string;
  /** Where the server's socket is: short, because socket paths are limited to about 100 bytes. */
  readonly socketDirectory: string;
  readonly password: string;
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
}

const PASSWORD_FILE = "relayer-password";
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const identity = (user: ServerUser | undefined) => (user === undefined ? {} : { uid: user.uid, gid: user.gid });

/** Resolves with what it complained about, or undefined when all went well. */
async function runInitdb(
  binaries: Binaries,
  user: ServerUser | undefined,
  directory: string,
  options: readonly string[],
): Promise<string | undefined> {
  const initdb = spawn(binaries.initdb, ["--pgdata", directory, ...options], {
    ...identity(user),
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"] },
  });
  let problem = "";
  initdb.stderr.on("data", (chunk: Buffer) => (problem += chunk.toString()));
  return once(initdb, "close").then(
    ([code]) => (code === 0 ? undefined : `initdb ended with ${String(code)}: ${problem.trim()}`),
    (error: Error) => error.message,
  );
}

async function initialize(directory: string, binaries: Binaries, user: ServerUser | undefined): Promise<void> {
  const fresh = `${directory}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const passwordFile = `${fresh}.password`;
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString("base64url"), { mode: 0o600 });
  if (user !== undefined) {
    await chown(fresh, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const login = ["--username", "causeway", "--pwfile", passwordFile, "--auth", "scram-sha-256"];
  const format = ["--encoding", "UTF8", "--no-locale", "--no-instructions", "--no-sync"];
  const problem = await runInitdb(binaries, user, fresh, [...login, ...format]);
  if (problem !== undefined) {
    await Promise.all([rm(fresh, { recursive: true, force: true }), rm(passwordFile, { force: true })]);
    throw new CausewayError("STORE_UNAVAILABLE", `the embedded database could not be created: ${problem}`);
  }
  await rename(passwordFile, join(fresh, PASSWORD_FILE));
  // Two relayers may get here together: the rename lets one win, and the other's files are dropped.
  await rename(fresh, directory).catch(() => rm(fresh, { recursive: true, force: true }));
  // What was created reaches the disk while the server starts already; what the server writes, it syncs itself.
  void runInitdb(binaries, user, directory, ["--sync-only"]);
}

async function makeSocketDirectory(directory: string, user: ServerUser | undefined): Promise<string> {
  const name = `causeway-${createHash("sha256").update(directory).digest("hex").slice(0, 16)}`;
  const path = join(tmpdir(), name);
  const owner = user?.uid ?? process.getuid?.() ?? 0;
  try {
    await mkdir(path, { mode: 0o700 });
    if (user !== undefined) await chown(path, user.uid, user.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = await lstat(path);
  // Anyone may have made a directory of that name first; then its owner could answer in the database's place.
  if (!found.isDirectory() || (found.uid !== owner && found.uid !== process.getuid?.()))
    throw new CausewayError("STORE_UNAVAILABLE", `${path} belongs to another user`, { hint: `remove ${path}` });
  if (user !== undefined && found.uid !== user.uid) await chown(path, user.uid, user.gid);
  await chmod(path, 0o700);
  return path;
}

/** Creates the cluster under `directory` when there is none. */
export async function prepareCluster(
  directory: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  logger: Logger,
): Promise<Cluster> {
  if (!(await exists(join(directory, PASSWORD_FILE)))) {
    logger.info({ directory, user: user?.name }, "creating the embedded database");
    await initialize(directory, binaries, user);
  }
  const password = (await readFile(join(directory, PASSWORD_FILE), "utf8")).trim();
  return { directory, socketDirectory: await makeSocketDirectory(directory, user), password, binaries, user };
}

/** A pid file left by a killed server keeps the next one from starting once its pid belongs to some other program. */
async function removeStalePidFile(cluster: Cluster, logger: Logger): Promise<void> {
  const file = join(cluster.directory, "postmaster.pid");
  const pid = (await readFile(file, "utf8").catch(() => "")).split("\n")[0] ?? "";
  if (!/^\d+$/.test(pid) || process.platform !== "linux") return;
  const program = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (program.includes("postgres")) return;
  logger.warn({ file, pid }, "removing the pid file that a killed database server left");
  await rm(file, { force: true });
}

/**
 * Starts the server unless one runs already, detached: it outlives a killed relayer, and the next one goes on with it.
 * A second server on the same files ends by itself, so this may be called at any time.
 */
export async function startServer(cluster: Cluster, logger: Logger): Promise<void> {
  await removeStalePidFile(cluster, logger);
  // Another relayer may have stopped the server meanwhile, and taken it along.
  await makeSocketDirectory(cluster.directory, cluster.user);
  const output = await open(join(cluster.directory, "server.log"), "a", 0o600);
  const server = spawn(
    cluster.binaries.postgres,
    [
      "-D",
      cluster.directory,
      "-k",
      cluster.socketDirectory,
      "-c",
      "listen_addresses=",
      "-c",
      "unix_socket_permissions=0700",
      "-c",
      "max_connections=200",
    ],
    {
      ...identity(cluster.user),
      cwd: cluster.directory,
      detached: true,
      stdio: ["ignore", output.fd, output.fd],
      env: { PATH: process.env["PATH"] },
    },
  );
  server.on("error", (error) => logger.error({ error: error.message }, "the embedded database could not be started"));
  server.unref();
  await output.close();
}

/** Fast shutdown: ends every session, writes a checkpoint, exits. Its socket's directory goes with it. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const file = join(cluster.directory, "postmaster.pid");
  const pid = Number((await readFile(file, "utf8").catch(() => "")).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  try {
    process.kill(pid, "SIGINT");
  } catch {
    return;
  }
  for (let waited = 0; waited < 30_000 && (await exists(file)); waited += 25)
    await new Promise((resolve) => setTimeout(resolve, 25));
  // It stays where a server has started anew already.
  await rmdir(cluster.socketDirectory).catch(() => undefined);
}

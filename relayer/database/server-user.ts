// Which operating-system user runs the embedded Postgres (it refuses to run as root), and what that user can reach.
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ["postgres", "nobody"];

/** Undefined when the relayer is not root: then the server runs as the same user. Throws STORE_UNAVAILABLE without a candidate. */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const candidate of CANDIDATES) {
    const [name, , uid, gid] = users.find(([name]) => name === candidate) ?? [];
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new CausewayError("STORE_UNAVAILABLE", "the embedded database cannot run as root", {
    hint: `run the relayer as another user, create one of the users ${CANDIDATES.join(", ")}, or set DATABASE_URL`,
  });
}

/** The first directory on the way to `path`, from the root down, that the user may not pass through. */
export async function obstacle(path: string, user: ServerUser | undefined): Promise<string | undefined> {
  if (user === undefined) return undefined;
  const parents: string[] = [];
  for (let at = path; at !== dirname(at); at = dirname(at)) parents.unshift(at);
  for (const parent of parents) {
    const { mode, uid, gid } = await stat(parent);
    const execute = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & execute) === 0) return parent;
  }
  return undefined;
}

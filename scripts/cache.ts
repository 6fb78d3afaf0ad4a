// What is built once for a user and kept outside the checkout, under $CAUSEWAY_CACHE.
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export type Progress = (line: string) => void;

export const cacheFolder = (): string => process.env["CAUSEWAY_CACHE"] ?? join(homedir(), ".cache", "causeway");

/** Holds a lock file that names its owner's process; a lock whose owner is gone is taken over. */
export async function withLock(path: string, progress: Progress, work: () => Promise<void>): Promise<void> {
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    // A hard link appears with its content, so nobody ever reads a lock without an owner.
    for (let waited = 0; !(await linked(mine, path)); waited += 1) {
      const owner = Number(await readFile(path, "utf8").catch(() => process.pid));
      if (!isAlive(owner)) await rm(path, { force: true });
      else if (waited % 15 === 0) progress(`waiting for process ${owner}, which is building the same`);
      await sleep(1000);
    }
    try {
      await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

const linked = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(
    () => true,
    () => false,
  );

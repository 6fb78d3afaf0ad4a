// Where a test run puts what it needs for a moment: in memory where there is plenty. A file system without a journal, as virtual
// machines like to have, passes over every file deleted in the last minute when it creates one, and the tests' databases are
// thousands of files that come and go.
import { chmodSync, constants, mkdtempSync, rmSync } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const IN_MEMORY = "/dev/shm";
/** statfs(2). */
const TMPFS_MAGIC = 0x01021994;
/** Bytes. A run takes half a gigabyte. */
const PLENTY = 4 * 2 ** 30;

async function isPlenty(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    const { type, bavail, bsize } = await statfs(path);
    return type === TMPFS_MAGIC && bavail * bsize >= PLENTY && process.availableMemory() >= PLENTY;
  } catch {
    return false;
  }
}

/** What somebody still writes to stays, and is no reason to fail. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    console.error(`${path} is left: ${(error as Error).message}`);
  }
}

/** Gone when this process ends. */
export async function makeTemporaryFolder(): Promise<string> {
  const path = mkdtempSync(join((await isPlenty(IN_MEMORY)) ? IN_MEMORY : tmpdir(), "causeway-tests-"));
  // The databases' user passes through it where root runs the tests.
  chmodSync(path, 0o711);
  process.once("exit", () => remove(path));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  return path;
}

// What this machine last knew the log to be, kept outside the database: a database restored from a backup would otherwise
// let the log sign a second history.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { LogHead } from "#sdk/evidence/checkpoint.ts";

const seenHead = z.strictObject({
  size: z.string().regex(/^(0|[1-9][0-9]*)$/),
  root: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Undefined before the first write. Throws LOG_INCONSISTENT when the file is not what this machine wrote. */
export async function readSeenHead(path: string): Promise<LogHead | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { size, root } = seenHead.parse(JSON.parse(text));
    return { size: BigInt(size), root: Buffer.from(root, "hex") };
  } catch (cause) {
    throw new CausewayError("LOG_INCONSISTENT", `${path} does not hold the log's last known size and root`, { cause });
  }
}

/** Replaced in one step, so that a crash leaves the old or the new one. */
export async function writeSeenHead(path: string, head: LogHead): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(
    temporary,
    JSON.stringify({ size: head.size.toString(), root: Buffer.from(head.root).toString("hex") }),
  );
  await rename(temporary, path);
}

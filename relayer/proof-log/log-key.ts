// The log's signing key: made on first use, a file only its owner can read.
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";
import { decodeNoteKey, encodeNoteKey, fingerprint, generateNoteKey, noteSigner } from "./note-signer.ts";
import type { NoteSigner } from "./note-signer.ts";

const isMissing = (error: unknown): boolean => (error as { code?: unknown }).code === "ENOENT";

/** Undefined when there is no such file. Throws MISSING_SECRET when it holds no key. */
export async function readLogKey(path: string): Promise<NoteSigner | undefined> {
  try {
    const key = decodeNoteKey(await readFile(path, "utf8"));
    // Two logs are told apart by their name alone, so it is made from the key.
    return noteSigner(`causeway/${fingerprint(key)}`, key);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new CausewayError("MISSING_SECRET", `the proof log's key cannot be read: ${(cause as Error).message}`, {
      context: { path },
      hint: "restore the file from its backup: the log cannot be signed without it",
      cause,
    });
  }
}

/** Throws when the file exists: a log's key is never overwritten. A crash leaves all of it or nothing. */
export async function createLogKey(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await writeFile(temporary, encodeNoteKey(generateNoteKey()), { mode: 0o600, flag: "wx", flush: true });
  await link(temporary, path);
  await rm(temporary);
}

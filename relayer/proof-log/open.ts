// Opens the proof log on the relayer's database.
import { join } from "node:path";
import type { Pool } from "pg";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { LogHead } from "#sdk/evidence/checkpoint.ts";
import { checkLog } from "./check.ts";
import { lockHead } from "./lock-head.ts";
import { createLogKey, readLogKey } from "./log-key.ts";
import type { NoteSigner } from "./note-signer.ts";
import type { ProofLog } from "./proof-log.ts";
import { openReader } from "./reader.ts";
import { readNodes } from "./read-nodes.ts";
import { readSeenHead, writeSeenHead } from "./seen-head.ts";
import { inStore } from "./store-error.ts";
import { rootHash, rootNodes } from "#sdk/evidence/tree.ts";
import { openWriter } from "./writer.ts";

export interface ProofLogOptions {
  /** Holds the log's signing key and what this machine last saw of the log, under `log/`. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** Throws LOG_INCONSISTENT when the database holds less, or something else, than this machine has seen of the log. */
export async function openProofLog(pool: Pool, options: ProofLogOptions): Promise<ProofLog> {
  const { dataDir, logger, now = Date.now } = options;
  const seenPath = join(dataDir, "log", "seen.json");
  return inStore("be opened", async () => {
    await refuseOlderLog(pool, seenPath);
    const signer = await claimKey(pool, join(dataDir, "log", "key.pem"), logger);
    const onHead = (head: LogHead): Promise<void> =>
      writeSeenHead(seenPath, head).catch((error: Error) =>
        // What was appended is durable all the same; only a later roll-back of the database might go unnoticed.
        logger.warn({ path: seenPath, error: error.message }, "the log's size could not be noted outside the database"),
      );
    const writer = openWriter({ pool, signer, now, onHead });
    return { ...openReader(pool, signer), ...writer, check: () => inStore("be read", () => checkLog(pool)) };
  });
}

async function refuseOlderLog(pool: Pool, seenPath: string): Promise<void> {
  const seen = await readSeenHead(seenPath);
  if (seen === undefined) return;
  const { rows } = await pool.query<{ size: bigint }>("select size from log_head");
  const size = rows[0]?.size ?? 0n;
  if (size >= seen.size) {
    const read = await readNodes(pool, rootNodes(seen.size));
    if (Buffer.compare(rootHash(seen.size, read), seen.root) === 0) return;
  }
  throw new CausewayError(
    "LOG_INCONSISTENT",
    size < seen.size
      ? `the database holds ${size} log entries, this machine has signed or seen ${seen.size}`
      : `the database holds other log entries than this machine has signed or seen (first ${seen.size})`,
    {
      context: { seen: seenPath },
      hint: "restore the database's newest state; to start a new log on purpose, move the folder `log` of the data directory away",
    },
  );
}

/** The first to open a log gives it its key; later ones sign if they hold the same. */
async function claimKey(pool: Pool, path: string, logger: Logger): Promise<NoteSigner | undefined> {
  const session = await pool.connect();
  try {
    await session.query("begin");
    await lockHead(session);
    const { rows } = await session.query<{ key: string | null }>("select key from log_head");
    const key = rows[0]?.key ?? null;
    let signer = await readLogKey(path);
    if (key === null) {
      if (signer === undefined) await createLogKey(path);
      signer ??= await readLogKey(path);
      await session.query("update log_head set key = $1", [signer?.verifierKey]);
      logger.info({ key: signer?.verifierKey, path }, "the proof log has its key");
    }
    await session.query("commit");
    session.release();
    if (key === null || signer?.verifierKey === key) return signer;
    logger.warn({ key, path }, "this machine does not hold the proof log's key: it appends, another one signs");
    return undefined;
  } catch (error) {
    session.release(true);
    throw error;
  }
}

// A throw-away embedded database with a proof log, for these tests.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "#adapters/logger.ts";
import type { NewLogEntry } from "#sdk/evidence/log-entry.ts";
import { openDatabase } from "#relayer/database/open.ts";
import type { Database } from "#relayer/database/open.ts";
import { createHash } from "node:crypto";

const silent = (): void => undefined;
export const quiet: Logger = { debug: silent, info: silent, warn: silent, error: silent };

export interface LogDatabase extends Database {
  readonly dataDir: string;
}

/** On DATABASE_URL's server when there is one, else embedded; gone after `close`. */
export async function openLogDatabase(): Promise<LogDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), "causeway-log-"));
  const database = await openDatabase({ dataDir, logger: quiet });
  return {
    ...database,
    dataDir,
    async close() {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const batch = (sequence: bigint, envelope: Uint8Array) => ({
  batchId: `batch-${sequence}`,
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  messages: [
    {
      leg: "receive" as const,
      sourceChain: "eip155:1",
      sourceClient: "beacon-7",
      sequence: sequence.toString(),
      commitment: "c0".repeat(32),
    },
  ],
  envelope: sha256(envelope),
});

export const verdictEntry = (sequence: bigint, envelope: Uint8Array, trusted: Uint8Array): NewLogEntry => ({
  kind: "verdict",
  ...batch(sequence, envelope),
  family: "test",
  trusted: sha256(trusted),
  now: "1700000000",
  verdict: { ok: true, height: "12", timestamp: "1699999999" },
});

export const intentEntry = (sequence: bigint, envelope: Uint8Array): NewLogEntry => ({
  kind: "intent",
  ...batch(sequence, envelope),
});

// Writes a packet's audit bundle and judges it as an auditor would: from the file alone.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import { verifierOf } from "#adapters/verifiers.ts";
import { exportBundle } from "#relayer/audit/export-bundle.ts";
import { parsePacketId } from "#sdk/evidence/packet-id.ts";
import type { AuditReport } from "#sdk/evidence/report.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import type { LogReader } from "#relayer/proof-log/proof-log.ts";

export interface AuditedPacket {
  readonly path: string;
  readonly report: AuditReport;
  /** Indices of the packet's entries in the proof log. */
  readonly entries: readonly string[];
}

export async function auditPacket(pool: Pool, log: LogReader, id: string, directory: string): Promise<AuditedPacket> {
  const name = parsePacketId(id);
  const path = join(directory, `${id.replaceAll(/[:/]/g, "-")}.audit.json`);
  await writeFile(path, await exportBundle(pool, log, name));
  const report = verifyBundle(await readFile(path), { verifierOf });
  const entries = await log.entriesOf(name);
  return { path, report, entries: entries.map(({ index }) => index.toString()) };
}

// relay.md: the table of what was measured last.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Measurement } from "./measurements.ts";

/** Returns its path. */
export async function writeTable(measured: readonly Measurement[]): Promise<string> {
  const path = join(import.meta.dirname, "../relay.md");
  await writeFile(path, `${JSON.stringify(measured.length)}\n`);
  return path;
}

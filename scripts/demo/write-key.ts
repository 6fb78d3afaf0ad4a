// A key of the demo in a file, as an operator would have it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A secret reference to it. */
export async function writeKey(directory: string, name: string, privateKey: string): Promise<{ file: string }> {
  const file = join(directory, `${name}.key`);
  await writeFile(file, privateKey, { mode: 0o600 });
  return { file };
}

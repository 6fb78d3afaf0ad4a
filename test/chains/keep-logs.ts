// For whoever has to find out why a test failed: the logs outlive the chains.
import { copyFile, glob, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const KEPT = fileURLToPath(new URL("../../.causeway/chains", import.meta.url));

/** Every log below `dir`, put under the test's name. */
export async function keepLogs(dir: string, name: string): Promise<void> {
  const kept = join(KEPT, name);
  await mkdir(kept, { recursive: true });
  for await (const path of glob("{*,pos/*,simd-*/*}.log", { cwd: dir }))
    await copyFile(join(dir, path), join(kept, path.replaceAll("/", "-")));
  console.error(`     logs are kept in ${kept}`);
}

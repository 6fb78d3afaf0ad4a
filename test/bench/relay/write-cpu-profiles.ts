// The relayer's own processor time by function and folder, for whoever wants to know what to make cheaper.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "#scripts/steps/step.ts";
import { summarizeProfile } from "./cpu-profile.ts";
import type { SelfTime } from "./cpu-profile.ts";

const FUNCTIONS = 25;
const FOLDERS = 20;

/** One text of all profiles in the folder, in the order in which they began; returns its path. */
export async function writeCpuProfiles(profiles: string, name: string): Promise<string> {
  const lines: string[] = [];
  const files = (await readdir(profiles)).filter((file) => file.endsWith(".cpuprofile")).toSorted();
  for (const file of files) {
    const { seconds, folders, functions } = await summarizeProfile(join(profiles, file), root);
    const row = (time: SelfTime): string =>
      `${time.seconds.toFixed(2).padStart(9)} s ${((100 * time.seconds) / seconds).toFixed(1).padStart(5)} %  ${time.name}`;
    lines.push(`${file}: ${seconds.toFixed(1)} s busy, from the process's start to its end`);
    lines.push("  by folder, with what V8 and Node did for it", ...folders.slice(0, FOLDERS).map(row));
    lines.push(`  the first ${FUNCTIONS} functions, self time`, ...functions.slice(0, FUNCTIONS).map(row), "");
  }
  const path = join(root, ".causeway/bench", name);
  await mkdir(join(root, ".causeway/bench"), { recursive: true });
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

// What a V8 profile of the processor's time says: self time by function and by folder of the sources.
import { readFile } from "node:fs/promises";
import { z } from "zod";

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});

export interface SelfTime {
  readonly name: string;
  readonly seconds: number;
}

export interface CpuSummary {
  /** Without the time in which nothing ran. */
  readonly seconds: number;
  readonly folders: readonly SelfTime[];
  readonly functions: readonly SelfTime[];
}

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** `root`: the repository's folder. A package of others counts as one folder. */
function folderOf(url: string, root: string): string {
  if (url === "") return "(V8)";
  if (url.startsWith("node:")) return "node:*";
  const found = PACKAGE.exec(url)?.[1];
  if (found !== undefined) return found;
  const path = url.replace("file://", "").replace(`${root}/`, "");
  return path.split("/").slice(0, -1).join("/");
}

function sumBy(entries: Iterable<readonly [string, number]>): SelfTime[] {
  const sums = new Map<string, number>();
  for (const [name, seconds] of entries) sums.set(name, (sums.get(name) ?? 0) + seconds);
  return [...sums].map(([name, seconds]) => ({ name, seconds })).sort((left, right) => right.seconds - left.seconds);
}

export async function summarizeProfile(path: string, root: string): Promise<CpuSummary> {
  const { nodes, samples, timeDeltas } = profile.parse(JSON.parse(await readFile(path, "utf8")));
  const self = new Map<number, number>();
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1e6);
  const busy = nodes
    .filter(({ callFrame }) => callFrame.functionName !== "(idle)" && callFrame.functionName !== "(program)")
    .map(({ id, callFrame }) => ({ callFrame, seconds: self.get(id) ?? 0 }));
  return {
    seconds: busy.reduce((sum, { seconds }) => sum + seconds, 0),
    folders: sumBy(busy.map(({ callFrame, seconds }) => [folderOf(callFrame.url, root), seconds])),
    functions: sumBy(
      busy.map(({ callFrame: { functionName, url, lineNumber }, seconds }) => {
        const place = url === "" ? "" : ` ${folderOf(url, root)}/${url.split("/").at(-1)}:${lineNumber + 1}`;
        return [`${functionName === "" ? "(anonymous)" : functionName}${place}`, seconds];
      }),
    ),
  };
}

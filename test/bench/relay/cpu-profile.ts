// What a V8 profile of the processor's time says: self time by function, and by folder of the sources with what the platform did for each.
import { readFile } from "node:fs/promises";
import { z } from "zod";

const profileNode = z.object({
  id: z.int(),
  callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
  children: z.array(z.int()).optional(),
});
const profile = z.object({
  nodes: z.array(profileNode),
  samples: z.array(z.int()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});
type ProfileNode = z.infer<typeof profileNode>;

export interface SelfTime {
  readonly name: string;
  readonly seconds: number;
}

export interface CpuSummary {
  /** Without the time in which nothing ran. */
  readonly seconds: number;
  /** V8 and Node count for the folder that called them; "(event loop)" is what nobody in particular called. */
  readonly folders: readonly SelfTime[];
  readonly functions: readonly SelfTime[];
}

const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const NOTHING_RAN = new Set(["(idle)", "(program)"]);

/** A package of others counts as one folder; undefined for the platform. `root`: the repository's folder. */
function folderOf(url: string, root: string): string | undefined {
  if (url === "" || url.startsWith("node:") || url.startsWith("wasm:")) return undefined;
  const path = url.replace("file://", "");
  return PACKAGE.exec(path)?.[1] ?? path.replace(root, "").split("/").slice(0, -1).join("/").replace(/^\//, "");
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode, root: string): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  if (url === "") return name;
  const folder = folderOf(url, root);
  return `${name} ${folder === undefined ? url : `${folder}/${url.split("/").at(-1)}`}:${lineNumber + 1}`;
}

function sumBy(entries: Iterable<readonly [string, number]>): SelfTime[] {
  const sums = new Map<string, number>();
  for (const [name, seconds] of entries) sums.set(name, (sums.get(name) ?? 0) + seconds);
  return [...sums]
    .filter(([, seconds]) => seconds > 0)
    .map(([name, seconds]) => ({ name, seconds }))
    .toSorted((left, right) => right.seconds - left.seconds);
}

/** The folder of each node, or of the nearest that called it. */
function blame(nodes: readonly ProfileNode[], root: string): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const folders = new Map<number, string>();
  const open: { readonly node: ProfileNode; readonly above: string }[] = [];
  const [first] = nodes;
  if (first !== undefined) open.push({ node: first, above: "(event loop)" });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const folder = folderOf(next.node.callFrame.url, root) ?? next.above;
    folders.set(next.node.id, folder);
    for (const id of next.node.children ?? []) {
      const node = byId.get(id);
      if (node !== undefined) open.push({ node, above: folder });
    }
  }
  return folders;
}

export function summarizeSamples(value: unknown, root: string): CpuSummary {
  const { nodes, samples, timeDeltas } = profile.parse(value);
  const self = new Map<number, number>();
  for (const [index, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1e6);
  const folders = blame(nodes, root);
  const busy = nodes.filter(({ callFrame }) => !NOTHING_RAN.has(callFrame.functionName));
  const time = ({ id }: ProfileNode): number => self.get(id) ?? 0;
  return {
    seconds: busy.reduce((sum, node) => sum + time(node), 0),
    folders: sumBy(busy.map((node) => [folders.get(node.id) ?? "", time(node)])),
    functions: sumBy(busy.map((node) => [nameOf(node, root), time(node)])),
  };
}

export const summarizeProfile = async (path: string, root: string): Promise<CpuSummary> =>
  summarizeSamples(JSON.parse(await readFile(path, "utf8")), root);

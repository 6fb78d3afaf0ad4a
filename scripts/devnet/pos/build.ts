// geth and Prysm, built once per version.
import { join } from "node:path";
import type { Progress } from "#scripts/cache.ts";
import { buildGoModule } from "../go-build.ts";

/** Paths of the programs. */
export interface PosPrograms {
  readonly geth: string;
  readonly "beacon-chain": string;
  readonly validator: string;
  readonly prysmctl: string;
}

const modules = [
  { name: "geth", programs: ["geth"] },
  { name: "prysm", programs: ["beacon-chain", "prysmctl", "validator"] },
] as const;

/** Idempotent and safe to run twice at once. Throws TOOL_MISSING or NODE_FAILED. */
export async function buildPosPrograms(progress: Progress): Promise<PosPrograms> {
  const paths: Record<string, string> = {};
  for (const { name, programs } of modules) {
    const folder = await buildGoModule({ name, programs, source: join(import.meta.dirname, "go", name) }, progress);
    for (const program of programs) paths[program] = join(folder, program);
  }
  return paths as unknown as PosPrograms;
}

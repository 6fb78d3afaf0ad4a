// On what a run was measured.
import { execFileSync } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import { root } from "#scripts/steps/step.ts";

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryGibibytes: number;
  readonly system: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    model: all[0]?.model.trim() ?? "unknown",
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}

/** The commit that is measured, with a mark when files differ from it; undefined outside a repository. */
export function describeCommit(): string | undefined {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty=+"], { cwd: root, encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

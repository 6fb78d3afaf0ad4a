// Halmos over test/symbolic, in a copy of the sources.
import { join } from "node:path";
import { readFile, rm } from "node:fs/promises";
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { root } from "#scripts/steps/step.ts";
import type { Progress } from "#scripts/cache.ts";
import { runTool } from "./run-tool.ts";
import { makeSourceTree } from "./source-tree.ts";
import type { Replacement } from "./source-tree.ts";

/** `proven` for all inputs within the check's bounds, `refuted` by an example; `unfinished` is everything else. */
export interface CheckResult {
  /** `<contract>.<function>`. */
  readonly check: string;
  readonly outcome: "proven" | "refuted" | "unfinished";
  readonly seconds: number;
}

/** Loops longer than those of any check. */
const ALWAYS = ["--loop", "300", "--solver-timeout-assertion", "120s", "--no-status"];

const PROVEN = 0;
const REFUTED = 1;

const report = z.object({
  test_results: z.record(
    z.string(),
    z.array(
      z.object({
        name: z.string(),
        exitcode: z.int(),
        time: z.tuple([z.number()], z.unknown()).nullable(),
        num_bounded_loops: z.int().nullable(),
      }),
    ),
  ),
});

/** From the report that `halmos --json-output` writes. A loop that was cut short leaves a check unfinished, whatever it says. */
export function checkResults(json: unknown): CheckResult[] {
  return Object.entries(report.parse(json).test_results).flatMap(([path, results]) =>
    results.map(({ name, exitcode, time, num_bounded_loops: cut }) => ({
      check: `${path.slice(path.lastIndexOf(":") + 1)}.${name.replace(/\(.*/, "")}`,
      outcome: exitcode === REFUTED ? "refuted" : exitcode === PROVEN && cut === 0 ? "proven" : "unfinished",
      seconds: time?.[0] ?? 0,
    })),
  );
}

/** Throws NODE_FAILED when there is no report. */
export async function runHalmos(
  name: string,
  replacements: readonly Replacement[],
  options: readonly string[],
  tools: string,
  progress: Progress,
): Promise<CheckResult[]> {
  const tree = join(root, ".causeway/analysis", name);
  const output = join(tree, "report.json");
  await makeSourceTree(tree, replacements);
  await rm(output, { force: true });
  const code = await runTool({
    command: "halmos",
    args: ["--root", tree, "--forge-build-out", ".causeway/forge/out", "--json-output", output, ...ALWAYS, ...options],
    cwd: tree,
    tools,
    env: { FOUNDRY_PROFILE: "symbolic" },
    progress,
    // After a counterexample, solvers that are still at work are ended, and say so.
    shown: (line) => /^(\[|Compil|Solc|Error|WARNING|ERROR)/.test(line) && !line.includes("executor has been shutdown"),
  });
  const text = await readFile(output, "utf8").catch(() => undefined);
  if (text === undefined)
    throw new CausewayError("NODE_FAILED", `halmos ended with exit code ${code}`, { hint: "see its output above" });
  return checkResults(JSON.parse(text));
}

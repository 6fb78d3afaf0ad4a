// Slither over contracts/evm, as forge compiles it.
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { CausewayError } from "#adapters/protocol/error.ts";
import { root } from "#scripts/steps/step.ts";
import type { Progress } from "#scripts/cache.ts";
import { slitherFindings } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { runTool } from "./run-tool.ts";

const folder = join(root, ".causeway/analysis/slither");

/** Throws NODE_FAILED when the contracts do not compile or Slither does not finish. */
export async function runSlither(tools: string, progress: Progress): Promise<Findings> {
  const report = join(folder, "report.json");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const common = { cwd: root, tools, progress };
  const places = ["--out", join(folder, "out"), "--cache-path", join(folder, "cache")];
  progress("compiling the contracts");
  const built = await runTool({
    ...common,
    command: "forge",
    args: ["build", "--build-info", "--skip", "test/**", ...places],
    shown: (line) => !line.startsWith("Warning"),
  });
  if (built !== 0) throw failed("forge build", built);
  progress("running Slither");
  const source = ["--compile-force-framework", "foundry", "--foundry-ignore-compile", "--foundry-out-directory"];
  const sink = ["--filter-paths", "(^|/)node_modules/", "--json", report, "--fail-none"];
  const code = await runTool({
    ...common,
    command: "slither",
    args: [".", ...source, join(folder, "out"), ...sink],
    shown: (line) => / analyzed \(|Error|Traceback/.test(line),
  });
  if (code !== 0) throw failed("slither", code);
  return slitherFindings(JSON.parse(await readFile(report, "utf8")));
}

const failed = (what: string, code: number): CausewayError =>
  new CausewayError("NODE_FAILED", `${what} ended with exit code ${code}`, { hint: "see its output above" });

// `npm run analyse`: Slither and Halmos over the contracts, compared with contracts/evm/ANALYSIS.md. `npm run analyse -- slither`
// runs one part, `--json` prints the outcome as one object.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { mutations } from "#test/symbolic/mutations.ts";
import { compareFindings, readAnalysis } from "./analysis/answers.ts";
import { runHalmos } from "./analysis/halmos.ts";
import type { CheckResult } from "./analysis/halmos.ts";
import { installPythonTools } from "./analysis/python-tools.ts";
import { runSlither } from "./analysis/slither.ts";
import { standIns } from "./analysis/stand-ins.ts";
import { countsLine } from "./steps/counts.ts";
import { root } from "./steps/step.ts";

interface Part {
  /** What was confirmed. */
  readonly passed: readonly string[];
  /** One sentence for each problem. */
  readonly problems: readonly string[];
}

const progress = (line: string): void => console.error(line);
const { answers, checks } = readAnalysis(await readFile(join(root, "contracts/evm/ANALYSIS.md"), "utf8"));

/** What the file lists and Halmos ran, compared with what had to come out. */
function judge(results: readonly CheckResult[], expected: CheckResult["outcome"]): Part {
  const ran = new Map(results.map((result) => [result.check, result.outcome]));
  const names = [...new Set([...checks, ...ran.keys()])].sort();
  const problems = names.flatMap((check) => {
    const outcome = ran.get(check);
    if (!checks.includes(check)) return [`${check}: ran, but ANALYSIS.md does not list it`];
    if (outcome === undefined) return [`${check}: ANALYSIS.md lists it, but it did not run`];
    return outcome === expected ? [] : [`${check}: ${outcome}, not ${expected}`];
  });
  return { passed: names.filter((check) => ran.get(check) === expected && checks.includes(check)), problems };
}

const parts: Readonly<Record<string, (tools: string) => Promise<Part>>> = {
  async slither(tools) {
    const found = await runSlither(tools, progress);
    const problems = compareFindings(found, answers);
    return { passed: [...found.keys()].filter((key) => found.get(key) === answers.get(key)), problems };
  },
  async symbolic(tools) {
    return judge(await runHalmos("symbolic", standIns, [], tools, progress), "proven");
  },
  async mutations(tools) {
    return judge(
      await runHalmos("mutations", [...standIns, ...mutations], ["--early-exit"], tools, progress),
      "refuted",
    );
  },
};

const args = process.argv.slice(2);
const names = args.filter((arg) => arg !== "--json");
const unknown = names.filter((name) => parts[name] === undefined);
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}

const outcome: Record<string, Part> = {};
try {
  const tools = await installPythonTools(progress);
  for (const [name, run] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    progress(`== ${name}`);
    outcome[name] = await run(tools);
  }
} catch (error) {
  if (!isCausewayError(error)) throw error;
  console.error(`${error.message}\n→ ${error.hint}`);
  process.exit(1);
}

const passed = Object.values(outcome).reduce((sum, part) => sum + part.passed.length, 0);
const failed = Object.values(outcome).reduce((sum, part) => sum + part.problems.length, 0);
if (args.includes("--json")) console.log(JSON.stringify(outcome));
else {
  for (const [name, part] of Object.entries(outcome)) {
    console.log(`${name.padEnd(10)} ${part.passed.length} as expected, ${part.problems.length} not`);
    for (const problem of part.problems) console.log(`  ${problem}`);
  }
  if (failed > 0) console.log("→ fix the contract, or answer in contracts/evm/ANALYSIS.md why it is right");
  console.log(countsLine({ passed, failed, skipped: 0 }));
}
process.exitCode = failed > 0 ? 1 : 0;

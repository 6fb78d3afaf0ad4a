// `npm test`: every suite that needs nothing but npm; `npm test -- e2e unit` runs only those named.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { addCounts, countsLine, hardhatCounts, noCounts, vitestCounts } from "./steps/counts.ts";
import type { Counts } from "./steps/counts.ts";
import { pool } from "./steps/pool.ts";
import { reportOutcome, table } from "./steps/report.ts";
import { root, runStep } from "./steps/step.ts";
import type { Outcome, Step } from "./steps/step.ts";
import { makeTemporaryFolder } from "./steps/temporary-folder.ts";

const env = {
  /** What one program has compiled of the modules it loads, the next one loads: each run starts hundreds of them. */
  NODE_COMPILE_CACHE: join(root, ".causeway/compile-cache"),
  TMPDIR: await makeTemporaryFolder(),
};

interface Suite {
  readonly step: Step;
  readonly count: (outcome: Outcome) => Promise<Counts>;
}

function vitest(project: string, options: Pick<Step, "patient"> = {}): Suite {
  const report = join(root, ".causeway/steps", `${project}.json`);
  const reporters = ["--reporter", "default", "--reporter", "json", "--outputFile.json", report];
  return {
    step: { name: project, command: "vitest", args: ["run", "--project", project, ...reporters], env, ...options },
    async count() {
      const counts = vitestCounts(JSON.parse(await readFile(report, "utf8")));
      await rm(report);
      return counts;
    },
  };
}

/** One command is one test: it passes or it does not. */
const single = (step: Step): Suite => ({
  step,
  count: async ({ status }) => ({ passed: status === "ok" ? 1 : 0, failed: status === "ok" ? 0 : 1, skipped: 0 }),
});

const patient = true;

/** The longest first. Those that wait for chains more than they work come before those that only compute, and what these leave is theirs. */
const suites: readonly Suite[] = [
  vitest("e2e"),
  vitest("integration"),
  vitest("conformance"),
  {
    step: { name: "solidity", command: "hardhat", args: ["test", "solidity"], env, patient },
    count: async ({ output }) => hardhatCounts(output),
  },
  vitest("property", { patient }),
  vitest("unit"),
  single({ name: "gas", command: "scripts/gas.ts", args: ["--check"], env, patient }),
];

async function runSuite({ step, count }: Suite): Promise<readonly [Outcome, Counts]> {
  console.error(`…    ${step.name}`);
  const ran = await runStep(step);
  let counts = await count(ran).catch(() => noCounts);
  // A suite that failed without a failed test, or that ran nothing, is one failure: silence is not success.
  if (counts.failed === 0 && (ran.status !== "ok" || counts.passed === 0))
    counts = addCounts(counts, { ...noCounts, failed: 1 });
  const outcome: Outcome = counts.failed > 0 ? { ...ran, status: "FAIL" } : ran;
  reportOutcome(outcome, countsLine(counts));
  return [outcome, counts];
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !suites.some(({ step }) => step.name === name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(", ")}; there are ${suites.map(({ step }) => step.name).join(", ")}`);
  process.exit(2);
}
const chosen = suites.filter(({ step }) => names.length === 0 || names.includes(step.name));

const began = performance.now();
const results = await pool(chosen, 4, runSuite);
const total = results.map(([, counts]) => counts).reduce(addCounts, noCounts);
const failing = results.filter(([{ status }]) => status === "FAIL").map(([{ name }]) => name);
console.log(`\n${table(results.map(([outcome, counts]) => [outcome, countsLine(counts)]))}`);
console.log(`total${((performance.now() - began) / 1000).toFixed(1).padStart(29)} s`);
if (failing.length > 0) console.log(`failed: ${failing.join(", ")}`);
console.log(countsLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;

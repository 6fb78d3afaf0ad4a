// `npm run check`: everything that can be said about the code in under a minute. `--json` prints the outcomes as JSON.
import { availableParallelism } from "node:os";
import { pool } from "./steps/pool.ts";
import { countsLine } from "./steps/counts.ts";
import { reportOutcome, table } from "./steps/report.ts";
import { runStep } from "./steps/step.ts";
import type { Step } from "./steps/step.ts";

const solidity = ["contracts/**/*.sol", "test/contracts/**/*.sol", "test/symbolic/**/*.sol"];

// The longest first, so that the short ones fill the other core.
const steps: readonly Step[] = [
  { name: "unit tests", command: "vitest", args: ["run", "--project", "unit", "--reporter", "dot"] },
  { name: "types", command: "tsc", args: ["-p", "tsconfig.json"] },
  { name: "types of pure code", command: "tsc", args: ["-p", "tsconfig.pure.json"] },
  { name: "types of browser code", command: "tsc", args: ["-p", "tsconfig.browser.json"] },
  { name: "lint", command: "oxlint", args: ["--type-aware"] },
  { name: "format", command: "oxfmt", args: ["--check"] },
  {
    name: "format of Solidity",
    command: "prettier",
    args: ["--check", "--no-error-on-unmatched-pattern", ...solidity],
  },
  { name: "generated code", command: "scripts/bytecode.ts", args: ["--check"] },
  { name: "bindings", command: "scripts/bindings.ts", args: ["--check"] },
  { name: "families", command: "scripts/check-families.ts" },
  { name: "unused code", command: "knip", args: ["--no-progress"], advisory: true },
];

const began = performance.now();
const outcomes = await pool(steps, Math.min(2, availableParallelism()), async (step) => {
  const outcome = await runStep(step);
  reportOutcome(outcome);
  return outcome;
});
const failed = outcomes.filter(({ status }) => status === "FAIL");
if (process.argv.includes("--json"))
  console.log(JSON.stringify(outcomes.map(({ name, status, seconds }) => ({ name, status, seconds }))));
else {
  console.log(`\n${table(outcomes.map((outcome) => [outcome, ""]))}`);
  console.log(`total${((performance.now() - began) / 1000).toFixed(1).padStart(29)} s`);
  if (failed.length > 0) console.log(`failed: ${failed.map(({ name }) => name).join(", ")}`);
  console.log(countsLine({ passed: outcomes.length - failed.length, failed: failed.length, skipped: 0 }));
}
process.exitCode = failed.length > 0 ? 1 : 0;

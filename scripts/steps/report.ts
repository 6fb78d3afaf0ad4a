// What a run of steps tells people: each step as it ends, the output of those that failed, one table at the close.
import { relative } from "node:path";
import { root } from "./step.ts";
import type { Outcome } from "./step.ts";

const SHOWN_LINES = 120;

const row = ({ name, status, seconds }: Outcome, note = ""): string =>
  `${status.padEnd(5)}${name.padEnd(22)}${seconds.toFixed(1).padStart(7)} s  ${note}`.trimEnd();

/** On standard error, so that `--json` keeps standard output to itself. */
export function reportOutcome(outcome: Outcome, note = ""): void {
  console.error(row(outcome, note));
  if (outcome.status === "ok") return;
  const lines = outcome.output.trimEnd().split("\n");
  const shown = outcome.status === "warn" ? lines.slice(0, 12) : lines.slice(-SHOWN_LINES);
  console.error(shown.map((line) => `     ${line}`).join("\n"));
  if (shown.length < lines.length) console.error(`     … all of it in ${relative(root, outcome.logPath)}`);
}

export const table = (rows: readonly (readonly [Outcome, string])[]): string =>
  rows.map(([outcome, note]) => row(outcome, note)).join("\n");

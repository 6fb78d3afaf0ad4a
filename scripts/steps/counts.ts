// How many tests passed, failed and were skipped, and the one line every run closes with.
import { z } from "zod";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export const countsLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), message: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/** From vitest's JSON report. A file that failed without a failed test of its own (it did not load) counts as one failure. */
export function vitestCounts(json: unknown): Counts {
  const report = vitestReport.parse(json);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** From the summary of `hardhat test solidity`: "12 passing", "1 failing", "2 skipped". */
export function hardhatCounts(output: string): Counts {
  const count = (word: string): number =>
    Number(new RegExp(String.raw`^\s*(\d+) ${word}\b`, "m").exec(output)?.[1] ?? 0);
  return { passed: count("passing"), failed: count("failing"), skipped: count("skipped") };
}

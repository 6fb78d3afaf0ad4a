// The closing line of a test run: nothing that failed may be counted as passed.
import { describe, expect, test } from "vitest";
import { addCounts, countsLine, hardhatCounts, noCounts, vitestCounts } from "#scripts/steps/counts.ts";

const report = (files: readonly { status: string; tests: readonly string[] }[]): unknown => {
  const tests = files.flatMap(({ tests: statuses }) => statuses);
  const count = (...statuses: string[]): number => tests.filter((status) => statuses.includes(status)).length;
  return {
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: count("skipped", "pending"),
    numTodoTests: count("todo"),
    testResults: files.map(({ status, tests: statuses }) => ({
      status,
      message: "",
      assertionResults: statuses.map((each) => ({ status: each })),
    })),
  };
};

describe("vitest's report", () => {
  test("counts passed, failed, skipped and todo", () => {
    const json = report([{ status: "failed", tests: ["passed", "passed", "failed", "skipped", "todo"] }]);
    expect(vitestCounts(json)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  test("a file that did not load is a failure although none of its tests failed", () => {
    const json = report([
      { status: "passed", tests: ["passed"] },
      { status: "failed", tests: [] },
    ]);
    expect(vitestCounts(json)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test("a file whose set-up failed after its tests were collected is a failure", () => {
    expect(vitestCounts(report([{ status: "failed", tests: ["skipped"] }])).failed).toBe(1);
  });

  test("something else than a report is refused", () => {
    expect(() => vitestCounts({ numPassedTests: "7" })).toThrow(/numPassedTests/);
  });
});

describe("hardhat's summary", () => {
  test("counts from the summary's lines", () => {
    expect(hardhatCounts("  ✔ test_one()\n\n  12 passing (2s)\n  3 failing\n  1 skipped\n")).toEqual({
      passed: 12,
      failed: 3,
      skipped: 1,
    });
  });

  test("takes no number from a test's name", () => {
    expect(hardhatCounts("  ✔ test_keeps 5 passing packets()\n  1 passing\n").passed).toBe(1);
  });

  test("counts nothing where there is no summary", () => {
    expect(hardhatCounts("HHE908: the compiler was not found")).toEqual(noCounts);
  });
});

describe("the closing line", () => {
  test("names skipped tests only when there are some", () => {
    expect(countsLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
    expect(countsLine({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
  });

  test("adds up", () => {
    expect(addCounts({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 })).toEqual({
      passed: 11,
      failed: 22,
      skipped: 33,
    });
  });
});

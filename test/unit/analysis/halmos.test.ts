// What counts as proven and as refuted, and what is replaced in the copy that is checked.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { readAnalysis } from "#scripts/analysis/answers.ts";
import { checkResults } from "#scripts/analysis/halmos.ts";
import { replaceText } from "#scripts/analysis/source-tree.ts";
import { standIns } from "#scripts/analysis/stand-ins.ts";
import { root } from "#scripts/steps/step.ts";
import { mutations } from "#test/symbolic/mutations.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");

const reportOf = (fields: Record<string, unknown>) => ({
  exitcode: 0,
  test_results: {
    "test/symbolic/SszCheck.sol:SszCheck": [
      { name: "check_chunk(uint64)", exitcode: 0, time: [1.5, 1, 0.5], num_bounded_loops: 0, ...fields },
    ],
  },
});

test("a check is proven when Halmos passes it and cut no loop short", () => {
  expect(checkResults(reportOf({}))).toEqual([{ check: "SszCheck.check_chunk", outcome: "proven", seconds: 1.5 }]);
});

test.each([
  ["a loop cut short", { num_bounded_loops: 1 }, "unfinished"],
  ["no word about loops", { num_bounded_loops: null }, "unfinished"],
  ["a counterexample", { exitcode: 1 }, "refuted"],
  ["a time-out", { exitcode: 2 }, "unfinished"],
  ["an instruction that it cannot follow", { exitcode: 3 }, "unfinished"],
  ["every path reverting", { exitcode: 4 }, "unfinished"],
  ["an exception, without a time", { exitcode: 5, time: null, num_bounded_loops: null }, "unfinished"],
])("%s is not proven", (_, fields, outcome) => {
  expect(checkResults(reportOf(fields))[0]?.outcome).toBe(outcome);
});

test("a report of another form is refused", () => {
  expect(() => checkResults({})).toThrow();
  expect(() => checkResults(reportOf({ exitcode: "0" }))).toThrow();
});

test("a replacement that is not there, or not once, is refused", () => {
  const file = "contracts/evm/libraries/Ssz.sol";
  expect(replaceText("a b c", { file, from: "b", to: "d" })).toBe("a d c");
  expect(replaceText("a b b", { file, from: "b", to: "$&", all: true })).toBe("a $& $&");
  expect(() => replaceText("a b b", { file, from: "b", to: "d" })).toThrow(/2 places/);
  expect(() => replaceText("a c", { file, from: "b", to: "d" })).toThrow(/0 places/);
  expect(() => replaceText("a c", { file, from: "b", to: "d", all: true })).toThrow(/0 places/);
});

test.each([...standIns, ...mutations])("$file still has what is replaced in the checked copy: $from", (replacement) => {
  expect(replaceText(read(replacement.file), replacement)).toContain(replacement.to);
});

test("ANALYSIS.md lists the checks that there are", () => {
  const written = globSync("test/symbolic/*.sol", { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/function (check_\w+)/g)].map(([, name]) => `${basename(path, ".sol")}.${name}`),
  );
  expect(readAnalysis(read("contracts/evm/ANALYSIS.md")).checks.toSorted()).toEqual(written.toSorted());
});

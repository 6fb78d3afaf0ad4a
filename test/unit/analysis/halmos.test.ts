// What counts as proven and as refuted, and what is replaced in the copy that is checked.
import { expect, test } from "vitest";
import { checkResults } from "#scripts/analysis/halmos.ts";
import { replaceText } from "#scripts/analysis/source-tree.ts";

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

// How findings and their answers are read and compared.
import { expect, test } from "vitest";
import { compareFindings, readAnalysis } from "#scripts/analysis/answers.ts";
import { slitherFindings } from "#scripts/analysis/findings.ts";

const contract = { type: "contract", name: "Router", source_mapping: { lines: [1, 2] } };
const method = {
  type: "function",
  name: "relay",
  type_specific_fields: { parent: contract, signature: "relay(bytes)" },
};
const local = { type: "variable", name: "free", type_specific_fields: { parent: method } };
const reportOf = (...detectors: unknown[]) => ({ success: true, error: null, results: { detectors } });

const markdown = [
  "# Title",
  "In `nothing` before the first detector counts.",
  "### `calls-loop`",
  "In Yul this reads otherwise: `not a place`.",
  "In `Router.relay` ×2,\n`Router.relay.free`.",
  "In `Router.other`.",
  "## Another chapter",
  "In `Router.after` no detector is meant.",
  "| check | says |\n|---|---|\n| `SszCheck.check_chunk` | `SszCheck.check_other` is not in the first cell |",
].join("\n\n");

test("findings are counted by detector and named by where they are", () => {
  const found = slitherFindings(
    reportOf(
      { check: "calls-loop", elements: [method, local] },
      { check: "calls-loop", elements: [method] },
      { check: "timestamp", elements: [local] },
      { check: "timestamp", elements: [contract] },
    ),
  );
  expect([...found]).toEqual([
    ["calls-loop Router.relay", 2],
    ["timestamp Router.relay.free", 1],
    ["timestamp Router", 1],
  ]);
});

test("a report without results has no findings; one that failed, or is of another form, is refused", () => {
  expect(slitherFindings({ success: true, error: null, results: {} }).size).toBe(0);
  expect(() => slitherFindings({ success: false, error: "no", results: {} })).toThrow();
  expect(() => slitherFindings({ success: true })).toThrow();
  expect(() => slitherFindings(reportOf({ check: "calls-loop", elements: [] }))).toThrow();
  expect(() => slitherFindings(reportOf({ elements: [method] }))).toThrow();
});

test("answers are the places below a detector, checks the first cells of a table", () => {
  const { answers, checks } = readAnalysis(markdown);
  expect([...answers]).toEqual([
    ["calls-loop Router.relay", 2],
    ["calls-loop Router.relay.free", 1],
    ["calls-loop Router.other", 1],
  ]);
  expect(checks).toEqual(["SszCheck.check_chunk"]);
});

test("says what is not answered, what is answered in vain, and what is found more often than answered", () => {
  const { answers } = readAnalysis(markdown);
  expect(compareFindings(answers, answers)).toEqual([]);
  const found = new Map([
    ["calls-loop Router.relay", 3],
    ["calls-loop Router.other", 1],
    ["timestamp Router.relay", 1],
  ]);
  expect(compareFindings(found, answers)).toEqual([
    "calls-loop Router.relay: found 3 times, answered 2 times",
    "calls-loop Router.relay.free: found 0 times, answered 1 times",
    "timestamp Router.relay: found 1 times, answered 0 times",
  ]);
});

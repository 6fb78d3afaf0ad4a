import { expect, test } from "vitest";
import { difference, parseSamples, sumSamples } from "#test/bench/relay/prometheus.ts";

const text = `# HELP causeway_stage_seconds Time a batch spent in a stage.
# TYPE causeway_stage_seconds histogram
causeway_stage_seconds_sum{stage="prove",where="a/b-0"} 1.5
causeway_stage_seconds_sum{stage="prove",where="c/d-0"} 2
causeway_stage_seconds_sum{stage="sub \\"mit\\"",where="a,b}"} 1e-3
causeway_log_size 7
`;

test("lines that are no samples are left out, labels may hold anything", () => {
  expect(parseSamples(text)).toHaveLength(4);
  expect(parseSamples(text)[2]).toEqual({
    name: "causeway_stage_seconds_sum",
    labels: { stage: 'sub \\"mit\\"', where: "a,b}" },
    value: 0.001,
  });
  expect(parseSamples(text)[3]).toEqual({ name: "causeway_log_size", labels: {}, value: 7 });
});

test("sums go over what is not named, and over processes", () => {
  const sums = sumSamples([text, text], "causeway_stage_seconds_sum", ["stage"]);
  expect(sums.get("prove")).toBe(7);
  expect(sumSamples([text], "causeway_stage", ["stage"]).size).toBe(0);
});

test("what was not there before has grown by all it is", () => {
  const grown = difference(
    new Map([
      ["new", 3],
      ["old", 5],
    ]),
    new Map([["old", 1]]),
  );
  expect([...grown]).toEqual([
    ["new", 3],
    ["old", 4],
  ]);
});

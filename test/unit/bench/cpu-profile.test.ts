import { expect, test } from "vitest";
import { summarizeSamples } from "#test/bench/relay/cpu-profile.ts";

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
  children,
});
const nodes = [
  node(1, "(root)", "", [2, 3, 5, 8]),
  node(2, "(idle)", ""),
  node(3, "prove", "file:///repo/relayer/pipeline/2-prove.ts", [4]),
  node(4, "writev", "", []),
  node(5, "encode", "file:///repo/node_modules/@noble/hashes/sha2.js", [6]),
  node(6, "", "node:internal/buffer", [7]),
  node(7, "prove", "file:///repo/relayer/pipeline/2-prove.ts"),
  node(8, "onRead", "node:net"),
];
const samples = [2, 3, 4, 4, 5, 6, 7, 8];
const summary = summarizeSamples({ nodes, samples, timeDeltas: samples.map(() => 500_000) }, "/repo");
const rows = (times: readonly { name: string; seconds: number }[]) => times.map((time) => [time.name, time.seconds]);

test("what the platform did counts for the folder that called it, and idle time for nothing", () => {
  expect(summary.seconds).toBe(3.5);
  expect(rows(summary.folders)).toEqual([
    ["relayer/pipeline", 2],
    ["@noble/hashes", 1],
    ["(event loop)", 0.5],
  ]);
});

test("a function's time is its own, wherever it was called from", () => {
  expect(rows(summary.functions)).toEqual([
    ["prove relayer/pipeline/2-prove.ts:10", 1],
    ["writev", 1],
    ["encode @noble/hashes/sha2.js:10", 0.5],
    ["(anonymous) node:internal/buffer:10", 0.5],
    ["onRead node:net:10", 0.5],
  ]);
});

test("what is no profile is refused", () => {
  expect(() => summarizeSamples({ nodes: [] }, "/repo")).toThrow();
  expect(() => summarizeSamples("nothing", "/repo")).toThrow();
});

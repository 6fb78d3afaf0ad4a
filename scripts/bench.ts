// `npm run bench`: off-chain measurements beside their goals. Printed for people, never asserted: machines differ.
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bench } from "#test/bench/bench.ts";
import { root } from "./steps/step.ts";

const names = process.argv.slice(2);
const files = globSync("test/bench/*.bench.ts", { cwd: root })
  .toSorted()
  .filter((path) => names.length === 0 || names.includes(basename(path, ".bench.ts")));

const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(10);
const mib = (value: number): string => `${value.toFixed(0)} MiB`.padStart(10);

const heads = ["median", "p95", "goal", "resident", "before", "heap"];

console.log(`${"what".padEnd(50)}${heads.map((head) => head.padStart(10)).join("")}`);
for (const file of files) {
  const { benches } = (await import(pathToFileURL(join(root, file)).href)) as { benches: readonly Bench[] };
  for (const bench of benches) {
    const { what, goal } = bench;
    const { median, p95, memory } = await bench.measure();
    const cells = [ms(median), ms(p95), ms(goal), mib(memory.peak), mib(memory.before), mib(memory.heap)];
    console.log(`${what.padEnd(50)}${cells.join("")}`);
  }
}
console.log("resident and heap: the most at any time, of a process that only verifies; before: what it needs to begin");

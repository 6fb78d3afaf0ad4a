// `npm run bench`: off-chain measurements beside their goals. Printed for people, never asserted: machines differ. `-- relay` is a
// program of its own, with options and minutes of running time: it runs only by its name.
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bench } from "#test/bench/bench.ts";
import { root } from "./steps/step.ts";

const names = process.argv.slice(2);
if (names[0] === "relay") {
  const { main } = await import("#test/bench/relay.bench.ts");
  await main(names.slice(1));
  process.exit();
}
const files = globSync("test/bench/*.bench.ts", { cwd: root })
  .toSorted()
  .map((path) => ({ path, name: basename(path, ".bench.ts") }))
  .filter(({ name }) => name !== "relay" && (names.length === 0 || names.includes(name)));

const cell = (value: number | undefined, digits: number, unit: string): string =>
  (value === undefined || Number.isNaN(value) ? "-" : `${value.toFixed(digits)} ${unit}`).padStart(10);
const ms = (value: number | undefined): string => cell(value, 1, "ms");
const mib = (value: number | undefined): string => cell(value, 0, "MiB");
const WIDTH = 60;

const heads = ["median", "p95", "max", "goal", "resident", "before", "heap"];

console.log(`${"what".padEnd(WIDTH)}${heads.map((head) => head.padStart(10)).join("")}`);
for (const { path } of files) {
  const { benches, close } = (await import(pathToFileURL(join(root, path)).href)) as {
    benches: readonly Bench[];
    close?: () => Promise<void>;
  };
  try {
    for (const bench of benches) {
      const { what, goal } = bench;
      const { median, p95, max, memory } = await bench.measure();
      const cells = [ms(median), ms(p95), ms(max), ms(goal), mib(memory?.peak), mib(memory?.before), mib(memory?.heap)];
      console.log(`${what.padEnd(WIDTH)}${cells.join("")}`);
    }
  } finally {
    await close?.();
  }
}
console.log("resident and heap: the most at any time, of a process that only verifies; before: what it needs to begin");

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

console.log(`${"what".padEnd(64)}${"measured".padStart(14)}${"goal".padStart(14)}`);
for (const file of files) {
  const { benches } = (await import(pathToFileURL(join(root, file)).href)) as { benches: readonly Bench[] };
  for (const bench of benches) {
    const { what, unit, goal } = bench;
    const value = await bench.measure();
    console.log(`${what.padEnd(64)}${`${value.toFixed(1)} ${unit}`.padStart(14)}${`${goal} ${unit}`.padStart(14)}`);
  }
}

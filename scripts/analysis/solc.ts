#!/usr/bin/env node
// The npm compiler under the command line of native solc, as far as forge uses it: `--version`, and `--standard-json` from standard
// input to standard output. Forge puts every source into the input, so it needs no path to be read. Runs under Node 24 (`npm run`).
import { readFileSync } from "node:fs";

const TAKES_VALUE = new Set(["--allow-paths", "--base-path", "--include-path"]);

function fail(problem: string): never {
  process.stderr.write(`solc.ts: ${problem}; it takes --version or --standard-json\n`);
  process.exit(1);
}

let mode: string | undefined;
const args = process.argv.slice(2);
for (let index = 0; index < args.length; index += 1) {
  const arg = args[index] ?? "";
  if (arg === "--version" || arg === "--standard-json") mode = arg;
  else if (TAKES_VALUE.has(arg)) index += 1;
  else fail(`unknown argument ${arg}`);
}
if (mode === undefined) fail("nothing to do");

const { default: solc } = await import("solc");
process.stdout.write(
  mode === "--version"
    ? `solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`
    : `${solc.compile(readFileSync(0, "utf8"))}\n`,
);

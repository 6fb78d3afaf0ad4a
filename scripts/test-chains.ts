// `npm run test:chains -- ethereum`: the suites that need real chains, whose programs are built once and cached.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { buildPosPrograms } from "./devnet/pos/build.ts";
import { buildSimd } from "./devnet/simd/build.ts";
import { addCounts, countsLine, noCounts, vitestCounts } from "./steps/counts.ts";
import type { Counts } from "./steps/counts.ts";
import { root, runStep } from "./steps/step.ts";

const progress = (line: string): void => console.error(line);
/** What each chain's suite needs built before it starts. */
const chains: Readonly<Record<string, () => Promise<unknown>>> = {
  ethereum: () => buildPosPrograms(progress),
  simd: () => buildSimd(progress),
};

const failure: Counts = { ...noCounts, failed: 1 };

async function runChain(name: string): Promise<Counts> {
  try {
    await chains[name]?.();
  } catch (error) {
    if (!isCausewayError(error)) throw error;
    // Whoever asks for this suite by name wants to know that it did not run: missing tools are a failure here too.
    console.error(`${name}: not run. ${error.message}\n→ ${error.hint}`);
    return failure;
  }
  const report = join(root, ".causeway/steps", `chains-${name}.json`);
  await mkdir(join(root, ".causeway/steps"), { recursive: true });
  const reporters = ["--reporter", "verbose", "--reporter", "json", "--outputFile.json", report];
  const { status } = await runStep({
    name: `chains-${name}`,
    command: "vitest",
    args: ["run", "--project", "chains", ...reporters, `test/chains/${name}.test.ts`],
    live: true,
  });
  const counts = await readFile(report, "utf8").then(
    (text) => vitestCounts(JSON.parse(text)),
    () => noCounts,
  );
  return counts.failed === 0 && (status !== "ok" || counts.passed === 0) ? addCounts(counts, failure) : counts;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => chains[name] === undefined);
if (unknown.length > 0) {
  console.error(`no chain ${unknown.join(", ")}; there are ${Object.keys(chains).join(", ")}`);
  process.exit(2);
}
let total = noCounts;
for (const name of names.length > 0 ? names : Object.keys(chains)) total = addCounts(total, await runChain(name));
console.log(countsLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;

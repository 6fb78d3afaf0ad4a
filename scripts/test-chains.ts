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

interface Suite {
  /** What it needs built before it starts. */
  readonly build: () => Promise<unknown>;
  readonly files: readonly string[];
}

const suites: Readonly<Record<string, Suite>> = {
  ethereum: { build: () => buildPosPrograms(progress), files: ["ethereum"] },
  cosmos: {
    build: () => buildSimd(progress),
    files: ["simd", "cosmos-conformance", "cosmos-governance", "cosmos", "cosmos-demo", "sdk-gas"],
  },
  "cosmos --pos": {
    build: async () => [await buildSimd(progress), await buildPosPrograms(progress)],
    files: ["cosmos-pos"],
  },
};

const failure: Counts = { ...noCounts, failed: 1 };

async function runSuite(name: string, { build, files }: Suite): Promise<Counts> {
  try {
    await build();
  } catch (error) {
    if (!isCausewayError(error)) throw error;
    // Whoever asks for this suite by name wants to know that it did not run: missing tools are a failure here too.
    console.error(`${name}: not run. ${error.message}\n→ ${error.hint}`);
    return failure;
  }
  const step = `chains-${name.replaceAll(/\W+/g, "-")}`;
  const report = join(root, `.causeway/steps/${step}.json`);
  await mkdir(join(root, ".causeway/steps"), { recursive: true });
  const reporters = ["--reporter", "verbose", "--reporter", "json", "--outputFile.json", report];
  const { status } = await runStep({
    name: step,
    command: "vitest",
    args: ["run", "--project", "chains", ...reporters, ...files.map((file) => `test/chains/${file}.test.ts`)],
    live: true,
  });
  const counts = await readFile(report, "utf8").then(
    (text) => vitestCounts(JSON.parse(text)),
    () => noCounts,
  );
  return counts.failed === 0 && (status !== "ok" || counts.passed === 0) ? addCounts(counts, failure) : counts;
}

const words = process.argv.slice(2);
const names = words.filter((word) => word !== "--pos");
if (words.includes("--pos")) names.push("cosmos --pos");
const unknown = names.filter((name) => suites[name] === undefined);
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}`);
  process.exit(2);
}
let total = noCounts;
for (const [name, suite] of Object.entries(suites))
  if (names.length === 0 || names.includes(name)) total = addCounts(total, await runSuite(name, suite));
console.log(countsLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;

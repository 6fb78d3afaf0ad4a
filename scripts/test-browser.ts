// `npm run test:browser`: the explorer in a real browser, which npm has not: Debian's, or the one that CAUSEWAY_CHROMIUM names.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openChromium } from "#test/support/chromium.ts";
import { addCounts, countsLine, noCounts, vitestCounts } from "./steps/counts.ts";
import type { Counts } from "./steps/counts.ts";
import { root, runStep } from "./steps/step.ts";

const failure: Counts = { ...noCounts, failed: 1 };

async function runSuite(): Promise<Counts> {
  try {
    await (await openChromium()).close();
  } catch (error) {
    // Whoever asks for this suite by name wants to know that it did not run.
    console.error(`browser: not run. ${(error as Error).message}`);
    return failure;
  }
  const report = join(root, ".causeway/steps/browser.json");
  await mkdir(join(root, ".causeway/steps"), { recursive: true });
  const reporters = ["--reporter", "default", "--reporter", "json", "--outputFile.json", report];
  const { status } = await runStep({
    name: "browser",
    command: "vitest",
    args: ["run", "--project", "browser", ...reporters, ...process.argv.slice(2)],
    live: true,
  });
  const counts = await readFile(report, "utf8").then(
    (text) => vitestCounts(JSON.parse(text)),
    () => noCounts,
  );
  return counts.failed === 0 && (status !== "ok" || counts.passed === 0) ? addCounts(counts, failure) : counts;
}

const counts = await runSuite();
console.log(countsLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

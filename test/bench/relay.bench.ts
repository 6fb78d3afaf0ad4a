// `npm run bench -- relay`: Causeway as a process of its own between two chains, beside the relayers that people use.
import { join } from "node:path";
import { makeDataDir } from "#test/support/data-dir.ts";
import { compare } from "./relay/compare.ts";
import { readMeasurements, writeMeasurements } from "./relay/measurements.ts";
import type { Measurement } from "./relay/measurements.ts";
import { parseOptions } from "./relay/options.ts";
import { comparisonLine } from "./relay/print.ts";
import { runPair } from "./relay/run-pair.ts";
import { writeTable } from "./relay/table.ts";

/** `words`: the command line behind the benchmark's name. */
export async function main(words: readonly string[]): Promise<void> {
  const options = parseOptions(words);
  const progress = (line: string): void => console.error(`  ${line}`);
  const print = options.json ? () => undefined : (line: string): void => console.log(line);
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
  const { signal } = stopping;
  const run = new Date().toISOString();
  const command = ["npm run bench -- relay", ...words].join(" ");
  const data = await makeDataDir();
  const found: Measurement[] = [];
  try {
    if (options.keep) progress(`logs and data in ${data.path}`);
    for (const pair of options.pair) {
      const closers: (() => Promise<unknown>)[] = [];
      try {
        const field = { dir: join(data.path, pair), progress, signal, closers };
        const keep = (measured: Measurement): unknown => found.push(measured);
        await runPair({ pair, run, command, print, found: keep }, options, field);
      } finally {
        for (const close of closers.toReversed()) await close();
      }
    }
    const kept = await readMeasurements();
    const comparisons = found
      .filter(({ relayer }) => relayer === "causeway")
      .flatMap((own) => compare(own, found, kept));
    for (const comparison of comparisons) print(comparisonLine(comparison));
    if (options.json) console.log(JSON.stringify({ run, command, measurements: found, comparisons }));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    // What was measured until somebody ended it is true, too.
    if (options.write && found.length > 0) progress(`table: ${await writeTable(await writeMeasurements(found))}`);
    if (!options.keep) await data.remove();
  }
}

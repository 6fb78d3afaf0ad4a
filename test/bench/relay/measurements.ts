// What was measured, run by run: kept beside the table, so that a relayer that is not at hand is compared as it was last.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Figures } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { PhaseName } from "./phase.ts";

export type PairName = "simd" | "evm" | "mixed";

export interface Measurement {
  readonly pair: PairName;
  readonly phase: PhaseName;
  readonly relayer: string;
  /** Version and settings. */
  readonly what: string;
  /** Of the relayer. */
  readonly processes: number;
  /** Same for all that ran on the same chains, one after the other: when it began. */
  readonly run: string;
  readonly command: string;
  readonly commit: string | undefined;
  readonly machine: Machine;
  readonly figures: Figures;
}

const path = join(import.meta.dirname, "measured.json");
/** We wrote it: its shape is checked as far as it is needed to tell a damaged file. */
const file = z.array(
  z.looseObject({ pair: z.string(), phase: z.string(), relayer: z.string(), run: z.iso.datetime() }),
);

export const readMeasurements = async (): Promise<Measurement[]> =>
  file.parse(JSON.parse(await readFile(path, "utf8"))) as unknown as Measurement[];

const keyOf = ({ pair, phase, relayer, processes }: Measurement): string => [pair, phase, relayer, processes].join(" ");

/** What was measured of the same before is replaced. */
export async function writeMeasurements(fresh: readonly Measurement[]): Promise<Measurement[]> {
  const all = new Map((await readMeasurements()).map((each) => [keyOf(each), each]));
  for (const each of fresh) all.set(keyOf(each), each);
  const sorted = [...all].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, each]) => each);
  await writeFile(path, `${JSON.stringify(sorted, undefined, 2)}\n`);
  return sorted;
}

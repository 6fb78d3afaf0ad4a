// How many cases a property test tries: all that are named where CI=true, a fifth of them where somebody waits for the run, and with
// PROPERTY_SCALE=20 more than any run has time for.
import fc from "fast-check";

const scale = Number(process.env["PROPERTY_SCALE"] ?? (process.env["CI"] === "true" ? 1 : 0.2));

/** So many drawn at random, after the examples, which are tried whatever the scale: what a test has to meet is among these. */
export const runs = <T = never>(
  count: number,
  examples: T[] = [],
): { readonly numRuns: number; readonly examples: T[] } => ({
  numRuns: examples.length + Math.ceil(count * scale),
  examples,
});

/** Cases that a generator makes in every run: what these meet, no test run misses by chance, unless the generator makes rubbish. */
export const alwaysDrawn = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { seed: 1, numRuns: count });

// Measures a family's verifier in a process of its own, which has not made the evidence: standard input holds one `VerifyInput` as
// JSON, bytes in hexadecimal, and the family; the answer on standard output is a `Measurement`.
import { readFileSync } from "node:fs";
import { GCProfiler } from "node:v8";
import { z } from "zod";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import type { Measurement } from "./bench.ts";

const ROUNDS = 41;
const WARM_UP = 10;
const MIB = 2 ** 20;

const bytes = z.string().transform((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
const { family, ...input } = z
  .object({
    family: z.enum(["evm", "cosmos"]),
    trusted: bytes,
    now: z.string().transform(BigInt),
    envelope: bytes,
  })
  .parse(JSON.parse(readFileSync(0, "utf8")));

const verify = { evm: verifyBeacon, cosmos: verifyComet }[family];
const before = process.memoryUsage.rss();
// A collection is when the heap has grown most; Node keeps no maximum of it.
const collections = new GCProfiler();
collections.start();
const times: number[] = [];
for (let round = -WARM_UP; round < ROUNDS; round += 1) {
  const began = performance.now();
  const verdict = verify(input);
  if (round >= 0) times.push(performance.now() - began);
  if (!verdict.ok) throw new Error(`the benchmark's evidence is refused: ${verdict.reason} at ${verdict.at}`);
}
const heaps = (collections.stop()?.statistics ?? []).map(({ beforeGC }) => beforeGC.heapStatistics.usedHeapSize);
times.sort((left, right) => left - right);
const at = (share: number): number => times[Math.ceil(share * ROUNDS) - 1] ?? Number.NaN;

const measurement: Measurement = {
  median: at(0.5),
  p95: at(0.95),
  memory: {
    before: before / MIB,
    peak: process.resourceUsage().maxRSS / 1024,
    heap: Math.max(...heaps, process.memoryUsage().heapUsed) / MIB,
  },
};
process.stdout.write(JSON.stringify(measurement));

// `npm run bench -- relay`: Causeway as a process of its own between two chains, beside the relayers that people use.
import { join } from "node:path";
import { makeDataDir } from "#test/support/data-dir.ts";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";
import { causewayRelayer } from "./relay/causeway-relayer.ts";
import type { Field } from "./relay/field.ts";
import type { Figures } from "./relay/figures.ts";
import { parseOptions } from "./relay/options.ts";
import { backlog, live, single } from "./relay/phase.ts";
import type { PhaseName, PhaseOptions } from "./relay/phase.ts";
import { figureLines } from "./relay/print.ts";
import type { BenchRelayer, RunningRelayer } from "./relay/relayer.ts";
import { openSimdField } from "./relay/simd-field.ts";

const PER_TRANSACTION = 100;
const PATIENCE_SECONDS = 400;

/** Runs the phases on one relayer; the backlog last, because it begins with a start. */
async function measure(
  relayer: BenchRelayer,
  only: readonly PhaseName[],
  options: PhaseOptions,
  found: (phase: PhaseName, figures: Figures) => void,
): Promise<void> {
  let running: RunningRelayer = await relayer.start();
  try {
    // What a first start has to do is not part of any phase.
    await relayer.idle(running);
    if (only.includes("live")) found("live", await live(relayer, running, options));
    if (only.includes("single")) found("single", await single(relayer, running, options));
    if (!only.includes("backlog")) return;
    await running.stop();
    found("backlog", await backlog(relayer, (started) => (running = started), options));
  } finally {
    await running.stop();
  }
}

export async function main(words: readonly string[]): Promise<void> {
  const options = parseOptions(words);
  const progress = (line: string): void => console.error(`  ${line}`);
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
  const { signal } = stopping;
  const data = await makeDataDir();
  const closers: (() => Promise<unknown>)[] = options.keep ? [] : [() => data.remove()];
  const results: Record<string, Partial<Record<PhaseName, Figures>>> = {};
  try {
    progress(`logs and data in ${data.path}`);
    const field: Field = await openSimdField({ dir: data.path, progress, signal, closers });
    const redis = redisAvailable ? await startRedis({ directory: data.path }) : undefined;
    if (redis !== undefined) closers.push(() => redis.stop());
    const relayer = causewayRelayer({
      dir: data.path,
      chains: field.chains,
      route: field.route,
      processes: options.processes,
      redisUrl: redis?.url,
      profiles: options.profile ? join(data.path, "profiles") : undefined,
    });
    const phase: PhaseOptions = {
      chains: field.chains,
      chainPids: field.chainPids,
      packets: options.packets,
      perTransaction: PER_TRANSACTION,
      patienceSeconds: PATIENCE_SECONDS,
      progress,
      signal,
    };
    const mine: Partial<Record<PhaseName, Figures>> = (results[relayer.name] = {});
    await measure(relayer, options.only, phase, (name, figures) => {
      mine[name] = figures;
      if (!options.json) for (const line of figureLines(relayer.name, name, figures)) console.log(line);
    });
    if (options.json) console.log(JSON.stringify(results));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

// One pair of chains, and every relayer that is there on it, one after the other.
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { redisAvailable, startRedis } from "#test/support/redis-server.ts";
import { causewayRelayer } from "./causeway-relayer.ts";
import type { FieldOptions } from "./field.ts";
import { describeCommit, describeMachine } from "./machine.ts";
import { measureRelayer } from "./measure-relayer.ts";
import type { Measurement, PairName } from "./measurements.ts";
import { openField } from "./open-field.ts";
import type { RelayBenchOptions } from "./options.ts";
import type { PeerName } from "./peers/open-peers.ts";
import { figureLines } from "./print.ts";
import { profileLines } from "./print-profile.ts";
import { writeCpuProfiles } from "./write-cpu-profiles.ts";

const PER_TRANSACTION = 100;
/** Of the slowest that was measured, with room; and what a start may take. */
const SLOWEST_PACKETS_PER_SECOND = 5;
const START_SECONDS = 120;
const packetsOf: Readonly<Record<PairName, number>> = { simd: 2_000, evm: 2_000, mixed: 500 };

export interface PairRun {
  readonly pair: PairName;
  /** When the run began, in ISO 8601. */
  readonly run: string;
  readonly command: string;
  readonly print: (line: string) => void;
  /** Told what was measured as soon as it was. */
  readonly found: (measured: Measurement) => void;
}

export async function runPair(
  { pair, run, command, print, found }: PairRun,
  options: RelayBenchOptions,
  fieldOptions: FieldOptions,
): Promise<void> {
  const { dir, progress, signal, closers } = fieldOptions;
  await mkdir(dir, { recursive: true });
  const wanted = (name: PeerName) => (options.relayers.includes(name) ? options[name] : undefined);
  const programs = { hermes: wanted("hermes"), rly: wanted("rly") };
  const { field, peers } = await openField(pair, programs, fieldOptions);
  const redis = redisAvailable ? await startRedis({ directory: dir }) : undefined;
  if (redis !== undefined) closers.push(() => redis.stop());
  const profiles = options.profile ? join(dir, "profiles") : undefined;
  const { processes } = options;
  const { chains, route } = field;
  const causeway = causewayRelayer({ dir, chains, route, processes, redisUrl: redis?.url, profiles });
  for (const relayer of [...(options.relayers.includes("causeway") ? [causeway] : []), ...peers]) {
    const { name, what } = relayer;
    progress(`${name}: ${what}`);
    const packets = options.packets ?? packetsOf[pair];
    const phaseOptions = {
      ...field,
      packets,
      perTransaction: PER_TRANSACTION,
      patienceSeconds: START_SECONDS + packets / SLOWEST_PACKETS_PER_SECOND,
      profile: options.profile,
      progress,
      signal,
    };
    await measureRelayer(relayer, options.only, phaseOptions, (phase, figures) => {
      const about = { pair, phase, relayer: name, what, processes: relayer === causeway ? processes : 1 };
      const measured = { ...about, run, command, commit: describeCommit(), machine: describeMachine(), figures };
      found(measured);
      for (const line of [...figureLines(measured), ...profileLines(figures, availableParallelism())]) print(line);
    });
  }
  if (profiles !== undefined) progress(`profiles: ${await writeCpuProfiles(profiles, `relay-${pair}-cpu.txt`)}`);
}

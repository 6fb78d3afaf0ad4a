// What is used between a phase's beginning and its end: processor time, memory, and what the relayer says of itself.
import type { PhaseFacts } from "./figures.ts";
import { cpuSeconds, machineSeconds, peakMebibytes, residentMebibytes } from "./processes.ts";
import type { ByRole, Role } from "./processes.ts";
import { profileOf } from "./profile.ts";
import type { RunningRelayer } from "./relayer.ts";

export interface Meter {
  read(packets: number): Promise<Pick<PhaseFacts, "cpu" | "elsewhere" | "memory" | "profile">>;
  close(): void;
}

export interface MeterOptions {
  /** Processes that are a chain though their names do not say so. */
  readonly chainPids: readonly number[];
  readonly profile: boolean;
}

const LOOK_MS = 2_000;

/** `before`: the relayer's metrics at the beginning; nothing where it was started just now. */
export function openMeter(
  running: RunningRelayer,
  { chainPids, profile }: MeterOptions,
  before: readonly string[] = [],
): Meter {
  const roots = new Map<number, Role>([
    ...running.pids.map((pid) => [pid, "relayer"] as const),
    ...chainPids.map((pid) => [pid, "chains"] as const),
  ]);
  const began = cpuSeconds(roots);
  const machine = machineSeconds();
  const peak = { database: 0, queue: 0 };
  const look = (): void => {
    const { database, queue } = residentMebibytes(roots);
    peak.database = Math.max(peak.database, database);
    peak.queue = Math.max(peak.queue, queue);
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    async read(packets) {
      const now = cpuSeconds(roots);
      const { busy, all } = machineSeconds();
      look();
      const used = (role: Role): number => now[role] - began[role];
      const after = profile ? await running.metrics?.() : undefined;
      const cpu: ByRole = {
        relayer: used("relayer"),
        database: used("database"),
        queue: used("queue"),
        chains: used("chains"),
        bench: used("bench"),
      };
      const ours = Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
      return {
        cpu,
        elsewhere: Math.max(0, busy - machine.busy - ours) / (all - machine.all),
        memory: { relayer: peakMebibytes(roots, "relayer"), ...peak },
        ...(after === undefined ? {} : { profile: profileOf(before, after, packets) }),
      };
    },
    close: () => clearInterval(timer),
  };
}

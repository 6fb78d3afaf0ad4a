// What processes have cost, by what they are for: read from /proc, so on Linux only.
import { readFileSync, readdirSync } from "node:fs";

export type Role = "relayer" | "database" | "queue" | "chains" | "bench";
/** What each has used. */
export type ByRole = Readonly<Record<Role, number>>;

const TICKS_PER_SECOND = 100;

/** What is known by its program's name, whoever started it. */
const roleOfName: Readonly<Record<string, Role>> = {
  postgres: "database",
  "redis-server": "queue",
  simd: "chains",
  anvil: "chains",
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Of itself and of its children that have ended. */
  readonly cpuSeconds: number;
}

function parseStat(text: string): Process {
  // The name stands in parentheses and may hold anything.
  const close = text.lastIndexOf(")");
  const [, parent, ...rest] = text.slice(close + 2).split(" ");
  const ticks = rest.slice(9, 13).reduce((sum, field) => sum + Number(field), 0);
  return {
    pid: Number(text.slice(0, text.indexOf(" "))),
    parent: Number(parent),
    name: text.slice(text.indexOf("(") + 1, close),
    cpuSeconds: ticks / TICKS_PER_SECOND,
  };
}

/** Undefined for a process that ended meanwhile, or that is nobody's to read. */
function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

function allProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProc(Number(name), "stat") ?? [])
    .map(parseStat);
}

export interface RoleOfProcess extends Process {
  readonly role: Role;
}

/** This process and everything it has started, directly or not; below a root everything has the root's role unless its name says another. */
export function findProcesses(roots: ReadonlyMap<number, Role>): RoleOfProcess[] {
  const children = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const found: RoleOfProcess[] = [];
  const walk = (process: Process, above: Role): void => {
    const role = roleOfName[process.name] ?? roots.get(process.pid) ?? above;
    found.push({ ...process, role });
    for (const child of children.get(process.pid) ?? []) walk(child, role);
  };
  const self = parseStat(readProc(process.pid, "stat") ?? "");
  walk(self, "bench");
  return found;
}

const nothing = (): Record<Role, number> => ({ relayer: 0, database: 0, queue: 0, chains: 0, bench: 0 });

/** Seconds of processor time since each process began. */
export function cpuSeconds(roots: ReadonlyMap<number, Role>): ByRole {
  const sums = nothing();
  for (const { role, cpuSeconds } of findProcesses(roots)) sums[role] += cpuSeconds;
  return sums;
}

/** Seconds of all processors together since the machine began: those in which something ran, and all there were. */
export function machineSeconds(): { readonly busy: number; readonly all: number } {
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, ...interrupts] = line
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map((ticks) => Number(ticks) / TICKS_PER_SECOND);
  const busy = interrupts.reduce((sum, seconds) => sum + seconds, user + nice + system);
  return { busy, all: busy + idle + waiting };
}

const kibibytes = (text: string | undefined, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text ?? "")?.[1] ?? 0);

/** MiB that are resident now; memory that several share is counted once, in shares. */
export function residentMebibytes(roots: ReadonlyMap<number, Role>): ByRole {
  const sums = nothing();
  for (const { role, pid } of findProcesses(roots))
    sums[role] += kibibytes(readProc(pid, "smaps_rollup"), "Pss") / 1024;
  return sums;
}

/** MiB; the most that any one process with this role has had since it began. */
export function peakMebibytes(roots: ReadonlyMap<number, Role>, role: Role): number {
  const peaks = findProcesses(roots)
    .filter((process) => process.role === role)
    .map(({ pid }) => kibibytes(readProc(pid, "status"), "VmHWM") / 1024);
  return Math.max(0, ...peaks);
}

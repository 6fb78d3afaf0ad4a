// relay.md: the table of what was measured last.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compare } from "./compare.ts";
import type { Measurement, PairName } from "./measurements.ts";
import type { PhaseName } from "./phase.ts";
import { allowed } from "./print.ts";
import { targetRows } from "./targets.ts";

const pairs: readonly (readonly [PairName, string])[] = [
  ["simd", "Two ibc-go chains, blocks of some 300 ms"],
  ["evm", "Two embedded EVM chains, blocks of 1 s"],
  ["mixed", "From an embedded EVM chain to an ibc-go chain"],
];
const phases: readonly (readonly [PhaseName, string])[] = [
  ["live", "live: the relayer waits, then all packets are sent"],
  ["backlog", "backlog: all packets are there when it starts"],
  ["single", "12 packets, one at a time"],
];

const number = (value: number, digits: number): string =>
  Number.isFinite(value)
    ? value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits })
    : "–";
const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const heads = [
  "relayer",
  "packets",
  "packets/s",
  "processors allow",
  "round trip s, median / p95",
  "in blocks",
  "CPU ms a packet",
  "+ database, queue",
  "chains'",
  "peak MiB",
  "+ database",
  "transactions",
  "packets twice",
  "gas a packet",
  "others' share of the machine",
  "run",
];

function row({ relayer, processes, figures, machine, run }: Measurement): string[] {
  const { cpu, memory, roundTripSeconds: seconds, roundTripBlocks: blocks } = figures;
  const own = memory.database === 0;
  return [
    processes === 1 ? relayer : `${relayer}, ${processes} processes`,
    `${number(figures.packets, 0)}${figures.left === 0 ? "" : `, ${number(figures.left, 0)} left`}`,
    number(figures.packetsPerSecond, 1),
    number(allowed(cpu, machine.cores), 0),
    `${number(seconds.median, 2)} / ${number(seconds.p95, 2)}`,
    `${number(blocks.median, 0)} / ${number(blocks.p95, 0)}`,
    number(cpu.relayer, 1),
    own ? "–" : `${number(cpu.database, 1)}, ${number(cpu.queue, 1)}`,
    number(cpu.chains, 1),
    number(memory.relayer, 0),
    own ? "–" : number(memory.database, 0),
    `${figures.transactions}${figures.failedTransactions === 0 ? "" : ` (${figures.failedTransactions} failed)`}`,
    String(figures.doubled),
    number(figures.gasPerPacket, 0),
    `${number(100 * figures.elsewhere, 0)} %`,
    run.slice(0, 16).replace("T", " "),
  ];
}

function section(measured: readonly Measurement[], [pair, title]: (typeof pairs)[number]): string[] {
  const of = phases.flatMap(([phase, what]) => {
    const rows = measured.filter((each) => each.pair === pair && each.phase === phase);
    if (rows.length === 0) return [];
    const ratios = rows
      .filter(({ relayer, processes }) => relayer === "causeway" && processes === 1)
      .flatMap((own) => compare(own, sameRun(own, measured), measured))
      .map(
        ({ peer, ratio, inSameRun }) =>
          `${number(ratio, 1)} × ${peer.relayer}${phase === "single" ? " (round trips)" : ""}, ${inSameRun ? "in the same run" : "in another run"}`,
      );
    const heading = [`### ${what}${ratios.length === 0 ? "" : `: ${ratios.join("; ")}`}`, ""];
    return [
      ...heading,
      line(heads),
      `|${heads.map((_, index) => (index === 0 ? "---" : "---:")).join("|")}|`,
      ...rows.map((each) => line(row(each))),
      "",
    ];
  });
  return of.length === 0 ? [] : [`## ${title}`, "", ...of];
}

const sameRun = ({ run }: Measurement, measured: readonly Measurement[]): Measurement[] =>
  measured.filter((each) => each.run === run);

/** What each run was: when, of which commit, by which command. */
function runs(measured: readonly Measurement[]): string[] {
  const byRun = Map.groupBy(measured, ({ run }) => run);
  return [...byRun]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([run, [first]]) => {
      const { machine, commit, command } = first as Measurement;
      const on = `${machine.cores} × ${machine.model}, ${machine.memoryGibibytes} GiB, ${machine.system}, Node ${machine.node}`;
      return `- ${run.slice(0, 16).replace("T", " ")} UTC${commit === undefined ? "" : `, commit ${commit}`}, ${on}: \`${command}\``;
    });
}

function settings(measured: readonly Measurement[]): string[] {
  const whats = new Set(
    measured.filter(({ processes }) => processes === 1).map(({ relayer, what }) => `- ${relayer}: ${what}`),
  );
  return [...whats].toSorted();
}

const INTRODUCTION = `# The relay beside its peers

Written by \`npm run bench -- relay --write\` from [relay/measured.json](relay/measured.json); what the words mean, and how to read it: [relay/README.md](relay/README.md). Figures
are of one machine on one day, with the chains, the relayer and what measures them on the same processors: only those of one run compare well.
`;

/** Returns its path. */
export async function writeTable(measured: readonly Measurement[]): Promise<string> {
  const path = join(import.meta.dirname, "../relay.md");
  const targets = [line(["target", "measured", "met"]), "|---|---|---|", ...targetRows(measured).map(line)];
  const parts = [
    INTRODUCTION,
    "## Targets",
    "",
    ...targets,
    "",
    ...pairs.flatMap((pair) => section(measured, pair)),
    "## Runs",
    "",
    ...runs(measured),
    "",
    "## Relayers",
    "",
    ...settings(measured),
    "",
    // What other benchmarks and tests found, written by hand.
    (await readFile(join(import.meta.dirname, "beside.md"), "utf8")).trimEnd(),
  ];
  await writeFile(path, `${parts.join("\n")}\n`);
  return path;
}

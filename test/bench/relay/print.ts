// A phase's figures for people.
import type { Comparison } from "./compare.ts";
import type { Spread } from "./figures.ts";
import type { ByRole } from "./processes.ts";
import type { Measurement } from "./measurements.ts";

const number = (value: number, digits = 1): string => (Number.isFinite(value) ? value.toFixed(digits) : "-");
const pair = ({ median, p95 }: Spread, digits: number): string => `${number(median, digits)} / ${number(p95, digits)}`;

/** Packets a second if nothing ever waited: what the processors have, by what a packet takes of them. */
export const allowed = ({ relayer, database, queue, chains }: ByRole, cores: number): number =>
  (1000 * cores) / (relayer + database + queue + chains);

export function figureLines({ relayer, pair: chains, phase, machine, figures }: Measurement): string[] {
  const { cpu, memory, messagesPerTransaction: size } = figures;
  const left = figures.left === 0 ? "" : `, ${figures.left} LEFT`;
  const done = `${figures.packets} packets in ${number(figures.seconds, 2)} s${left}`;
  const used = (["relayer", "database", "queue", "chains", "bench"] as const).map(
    (role) => `${role} ${number(cpu[role])}`,
  );
  return [
    `${relayer}, ${chains}, ${phase}: ${done}: ${number(figures.packetsPerSecond)} packets/s`,
    `    round trip, median / p95: ${pair(figures.roundTripSeconds, 2)} s, ${pair(figures.roundTripBlocks, 0)} blocks`,
    `    CPU ms a packet: ${used.join(", ")}; others on the machine had ${number(100 * figures.elsewhere, 0)} % of it`,
    `    the processors allow ${number(allowed(figures.cpu, machine.cores))} packets/s`,
    `    peak MiB: relayer ${number(memory.relayer, 0)}, database ${number(memory.database, 0)}, queue ${number(memory.queue, 0)}`,
    `    ${figures.transactions} transactions (${figures.failedTransactions} failed), messages in each, median / max: ${number(size.median, 0)} / ${number(size.max, 0)}; ${figures.doubled} messages in more than one`,
    `    gas a packet ${number(figures.gasPerPacket, 0)}, transaction bytes a packet ${number(figures.bytesPerPacket, 0)}`,
  ];
}

export function comparisonLine({ phase, peer, ratio, inSameRun }: Comparison): string {
  const what = phase === "single" ? "as short a round trip" : "as many packets a second";
  const when = inSameRun
    ? "in this run"
    : `measured ${peer.run.slice(0, 10)} on ${peer.machine.cores} × ${peer.machine.model}`;
  return `${phase}: ${number(ratio)} times ${what} as ${peer.relayer} (${peer.what}; ${when})`;
}

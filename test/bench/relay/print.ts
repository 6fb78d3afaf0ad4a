// A phase's figures for people.
import type { Figures, Spread } from "./figures.ts";
import type { PhaseName } from "./phase.ts";

const number = (value: number, digits = 1): string => (Number.isFinite(value) ? value.toFixed(digits) : "-");
const pair = ({ median, p95 }: Spread, digits: number): string => `${number(median, digits)} / ${number(p95, digits)}`;

export function figureLines(relayer: string, phase: PhaseName, figures: Figures): string[] {
  const { cpu, memory, messagesPerTransaction: size } = figures;
  const left = figures.left === 0 ? "" : `, ${figures.left} LEFT`;
  return [
    `${relayer}, ${phase}: ${figures.packets} packets in ${number(figures.seconds, 2)} s${left}: ${number(figures.packetsPerSecond)} packets/s`,
    `    round trip, median / p95: ${pair(figures.roundTripSeconds, 2)} s, ${pair(figures.roundTripBlocks, 0)} blocks`,
    `    CPU ms a packet: relayer ${number(cpu.relayer)}, database ${number(cpu.database)}, queue ${number(cpu.queue)}, chains ${number(cpu.chains)}, bench ${number(cpu.bench)}`,
    `    peak MiB: relayer ${number(memory.relayer, 0)}, database ${number(memory.database, 0)}, queue ${number(memory.queue, 0)}`,
    `    ${figures.transactions} transactions (${figures.failedTransactions} failed), messages in each, median / max: ${number(size.median, 0)} / ${number(size.max, 0)}; ${figures.doubled} messages in more than one`,
    `    gas a packet ${number(figures.gasPerPacket, 0)}, transaction bytes a packet ${number(figures.bytesPerPacket, 0)}`,
  ];
}

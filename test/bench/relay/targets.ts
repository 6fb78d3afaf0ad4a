// What the relay between two ibc-go chains is to reach, and what it does reach.
import { compare } from "./compare.ts";
import type { Measurement } from "./measurements.ts";
import type { PhaseName } from "./phase.ts";
import { allowed } from "./print.ts";

interface Reached {
  /** For people. */
  readonly text: string;
  readonly met: boolean;
  /** Of one that is missed, where it is known. */
  readonly because?: string;
}

interface Target {
  readonly what: string;
  readonly phase: PhaseName;
  /** Undefined where it cannot be said. */
  readonly reached: (own: Measurement, all: readonly Measurement[]) => Reached | undefined;
}

/** What the processors leave of `wanted` packets a second, where the chains and whoever relays between them share these. */
function limits({ figures: { cpu }, machine: { cores } }: Measurement, wanted: number): string {
  const [relayer, chains, most] = [cpu.relayer + cpu.database + cpu.queue, cpu.chains, allowed(cpu, cores)];
  return (
    `both chains, the relayer and its database share ${cores} processors: at ${(relayer + chains).toFixed(1)} ms of them a packet, ` +
    `${chains.toFixed(1)} the chains', they allow ${most.toFixed(0)} packets/s, and the rest is waiting for blocks. ` +
    `${wanted.toFixed(0)} packets/s would leave the relayer and its database ${((1000 * cores) / wanted - chains).toFixed(1)} ms; they take ${relayer.toFixed(1)}`
  );
}

const timesThePeer =
  (least: number): Target["reached"] =>
  (own, all) => {
    const here = all.filter(({ run }) => run === own.run);
    const [best] = compare(own, here, all);
    if (best === undefined) return undefined;
    const where = best.inSameRun ? "in the same run" : `measured ${best.peer.run.slice(0, 10)}`;
    return {
      text: `${best.ratio.toFixed(1)} × ${best.peer.relayer}, ${where}`,
      met: best.ratio >= least,
      because: limits(own, least * best.peer.figures.packetsPerSecond),
    };
  };

const targets: readonly Target[] = [
  {
    what: "live: at least 2 × the best peer's packets/s",
    phase: "live",
    reached: timesThePeer(2),
  },
  { what: "backlog of 2,000: at least 10 × the best peer's packets/s", phase: "backlog", reached: timesThePeer(10) },
  {
    what: "round trip of a single packet: at most 4 blocks",
    phase: "single",
    reached: ({ figures: { roundTripBlocks: blocks } }) => ({
      text: `median ${blocks.median}, p95 ${blocks.p95}`,
      met: blocks.median <= 4,
    }),
  },
  {
    what: "relayer's processor time, live: at most 6 ms a packet",
    phase: "live",
    reached: ({ figures: { cpu } }) => ({ text: `${cpu.relayer.toFixed(1)} ms`, met: cpu.relayer <= 6 }),
  },
  {
    what: "no packet paid for twice",
    phase: "live",
    reached: ({ figures: { doubled } }) => ({
      text: `${doubled} messages in more than one transaction`,
      met: doubled === 0,
    }),
  },
];

/** Cells: target, reached, whether it is met. */
export const targetRows = (measured: readonly Measurement[]): string[][] =>
  targets.map(({ what, phase, reached }) => {
    const own = measured.find(
      (each) => each.relayer === "causeway" && each.pair === "simd" && each.phase === phase && each.processes === 1,
    );
    const found = own === undefined ? undefined : reached(own, measured);
    if (found === undefined) return [what, "not measured", "–"];
    return [what, found.text, found.met ? "yes" : `no${found.because === undefined ? "" : `: ${found.because}`}`];
  });

// The three kinds of work that a relayer is given, each timed by what the chains have.
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchChain, Burst } from "./bench-chain.ts";
import { figuresOf } from "./figures.ts";
import type { Figures } from "./figures.ts";
import { openMeter } from "./meter.ts";
import type { Meter, MeterOptions } from "./meter.ts";
import type { BenchRelayer, RunningRelayer } from "./relayer.ts";

export type PhaseName = "live" | "backlog" | "single";

export interface PhaseOptions extends MeterOptions {
  /** Packets go from the first one to the second one and are acknowledged on the first one. */
  readonly chains: readonly [BenchChain, BenchChain];
  readonly packets: number;
  /** Transfers of one transaction. */
  readonly perTransaction: number;
  /** How long a phase may take. */
  readonly patienceSeconds: number;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

const POLL_MS = 100;
const PROGRESS_MS = 5_000;
const SETTLING_MS = 1_000;
/** Listing what is open costs the chain something, too. */
const MOST_COUNTED = 5_000;
const SINGLES = 12;
const SINGLE_PATIENCE_SECONDS = 60;
const BETWEEN_SINGLES_MS = 700;

/** How many are left when there is nothing left to do, or time is up. */
async function untilEnded(relayer: BenchRelayer, running: RunningRelayer, options: PhaseOptions): Promise<number> {
  const { chains, packets, patienceSeconds, progress, signal } = options;
  const deadline = performance.now() + patienceSeconds * 1000;
  let told = performance.now();
  while ((await chains[0].pending(relayer.way, 1)) > 0) {
    signal.throwIfAborted();
    await running.assertRunning();
    const now = performance.now();
    if (now > deadline) return chains[0].pending(relayer.way, packets);
    if (now - told > PROGRESS_MS) {
      told = now;
      const left = await chains[0].pending(relayer.way, Math.min(packets, MOST_COUNTED));
      progress(`${left}${left === MOST_COUNTED ? " or more" : ""} left`);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  return 0;
}

async function untilSent(relayer: BenchRelayer, wanted: number, { chains, signal }: PhaseOptions): Promise<void> {
  while ((await chains[0].pending(relayer.way, wanted)) < wanted) await sleep(POLL_MS / 2, undefined, { signal });
}

const heads = ({ chains }: PhaseOptions): Promise<number[]> => Promise.all(chains.map((chain) => chain.head()));

/** Both chains' blocks from below the heights until now. */
async function readBlocks(relayer: BenchRelayer, { chains }: PhaseOptions, from: readonly number[]) {
  const { way } = relayer;
  // A node tells a block's results a moment after its state.
  await sleep(SETTLING_MS);
  const until = await Promise.all(chains.map((chain) => chain.head()));
  const [source, target] = await Promise.all(
    chains.map((chain, index) => chain.read(way, (from[index] ?? 0) + 1, until[index] ?? 0)),
  );
  return { source: source ?? [], target: target ?? [] };
}

interface Begun {
  readonly options: PhaseOptions;
  readonly meter: Meter;
  /** The chains' heights before it. */
  readonly from: readonly number[];
  /** By `performance.now()`. */
  readonly began: number;
}

/** Of all packets, once the last one has ended. */
async function figuresAtEnd(
  relayer: BenchRelayer,
  running: RunningRelayer,
  { options, meter, from, began }: Begun,
): Promise<Figures> {
  const { packets } = options;
  const left = await untilEnded(relayer, running, options);
  const seconds = (performance.now() - began) / 1000;
  return figuresOf({
    packets,
    left,
    seconds,
    ...(await meter.read(packets)),
    ...(await readBlocks(relayer, options, from)),
  });
}

const prepare = (relayer: BenchRelayer, { chains, perTransaction }: PhaseOptions, packets: number): Promise<Burst> =>
  chains[0].prepare(relayer.way, chains[1].receiver, packets, perTransaction);

/** The relayer waits; then all packets are sent as fast as the chain takes them. */
export async function live(relayer: BenchRelayer, running: RunningRelayer, options: PhaseOptions): Promise<Figures> {
  const { packets } = options;
  const burst = await prepare(relayer, options, packets);
  await relayer.idle(running);
  const from = await heads(options);
  const meter = openMeter(running, options, await running.metrics?.());
  try {
    const sending = burst.send();
    sending.catch(() => undefined);
    await untilSent(relayer, 1, options);
    const began = performance.now();
    await sending;
    return await figuresAtEnd(relayer, running, { options, meter, from, began });
  } finally {
    meter.close();
  }
}

/** All packets are there when the relayer is started. `running` gets what was started, to be stopped by the caller. */
export async function backlog(
  relayer: BenchRelayer,
  started: (running: RunningRelayer) => void,
  options: PhaseOptions,
): Promise<Figures> {
  const { packets } = options;
  const from = await heads(options);
  await (await prepare(relayer, options, packets)).send();
  await untilSent(relayer, packets, options);
  const began = performance.now();
  const running = await relayer.start();
  started(running);
  const meter = openMeter(running, options);
  try {
    return await figuresAtEnd(relayer, running, { options, meter, from, began });
  } finally {
    meter.close();
  }
}

/** One packet at a time, each sent when the one before has been acknowledged for a while. */
export async function single(relayer: BenchRelayer, running: RunningRelayer, options: PhaseOptions): Promise<Figures> {
  await relayer.idle(running);
  const from = await heads(options);
  const meter = openMeter(running, options, await running.metrics?.());
  let left = 0;
  let seconds = 0;
  let sent = 0;
  try {
    for (; sent < SINGLES && left === 0; sent += 1) {
      await (await prepare(relayer, options, 1)).send();
      await untilSent(relayer, 1, options);
      const began = performance.now();
      left = await untilEnded(relayer, running, { ...options, packets: 1, patienceSeconds: SINGLE_PATIENCE_SECONDS });
      seconds += (performance.now() - began) / 1000;
      await sleep(BETWEEN_SINGLES_MS, undefined, { signal: options.signal });
    }
    return figuresOf({
      packets: sent,
      left,
      seconds,
      ...(await meter.read(sent)),
      ...(await readBlocks(relayer, options, from)),
    });
  } finally {
    meter.close();
  }
}

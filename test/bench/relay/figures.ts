// What a phase of the benchmark found, computed from the chains' blocks and the processes' accounts.
import type { SeenBlock, SeenMessage } from "./bench-chain.ts";
import type { ByRole } from "./processes.ts";
import type { Profile } from "./profile.ts";

export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export interface Figures {
  readonly packets: number;
  /** Neither acknowledged nor timed out when time was up. */
  readonly left: number;
  /** From the first packet's commitment to the last one's end; in a backlog from the relayer's start. */
  readonly seconds: number;
  readonly packetsPerSecond: number;
  /** From the block that has the sending to the block that has the acknowledgement, by the chain's clock and in its blocks. */
  readonly roundTripSeconds: Spread;
  readonly roundTripBlocks: Spread;
  /** Milliseconds of processor time for each packet. */
  readonly cpu: ByRole;
  /** Share of the processors' time that others on the machine had: a run that they disturbed is to be repeated. */
  readonly elsewhere: number;
  /** MiB: of the relayer's largest process its greatest ever; of the others what they had together. */
  readonly memory: { readonly relayer: number; readonly database: number; readonly queue: number };
  /** Messages that were in more than one transaction, failed ones included. */
  readonly doubled: number;
  readonly failedTransactions: number;
  /** All gas of the relayer's transactions on both chains. */
  readonly gasPerPacket: number;
  readonly transactions: number;
  readonly bytesPerPacket: number;
  /** Packet messages of a transaction that has any. */
  readonly messagesPerTransaction: Spread;
  /** Only where it was asked for. */
  readonly profile?: Profile;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

interface Place {
  readonly height: number;
  readonly time: number;
}

function placesOf(blocks: readonly SeenBlock[], kind: SeenMessage["kind"]): Map<bigint, Place> {
  const places = new Map<bigint, Place>();
  for (const { height, time, transactions } of blocks)
    for (const { failed, messages } of transactions)
      for (const message of messages)
        if (!failed && message.kind === kind && !places.has(message.sequence))
          places.set(message.sequence, { height, time });
  return places;
}

/** What the relayer did on one chain. */
function paidFor(blocks: readonly SeenBlock[]) {
  const transactions = blocks
    .flatMap((block) => block.transactions)
    .filter(({ messages }) => !messages.some(({ kind }) => kind === "send"));
  const times = new Map<string, number>();
  for (const { messages } of transactions)
    for (const name of new Set(messages.map(({ kind, sequence }) => `${kind} ${sequence}`)))
      times.set(name, (times.get(name) ?? 0) + 1);
  return { transactions, doubled: [...times.values()].filter((count) => count > 1).length };
}

export interface PhaseFacts {
  readonly packets: number;
  readonly left: number;
  readonly seconds: number;
  readonly source: readonly SeenBlock[];
  readonly target: readonly SeenBlock[];
  /** Seconds spent between the beginning and the end. */
  readonly cpu: ByRole;
  readonly elsewhere: number;
  readonly memory: Figures["memory"];
  readonly profile?: Profile;
}

const forEach = (total: number, packets: number): number => (packets === 0 ? Number.NaN : total / packets);

export function figuresOf(facts: PhaseFacts): Figures {
  const { packets, left, seconds, source, target, cpu, elsewhere, memory, profile } = facts;
  const [sent, acknowledged] = [placesOf(source, "send"), placesOf(source, "acknowledge")];
  const trips = [...acknowledged].flatMap(([sequence, { height, time }]) => {
    const from = sent.get(sequence);
    return from === undefined ? [] : [{ seconds: (time - from.time) / 1000, blocks: height - from.height }];
  });
  const sides = [paidFor(source), paidFor(target)];
  const transactions = sides.flatMap((side) => side.transactions);
  const done = packets - left;
  const perPacket = (total: number): number => forEach(total, done);
  return {
    packets,
    left,
    seconds,
    packetsPerSecond: done / seconds,
    roundTripSeconds: spread(trips.map((trip) => trip.seconds)),
    roundTripBlocks: spread(trips.map(({ blocks }) => blocks)),
    cpu: {
      relayer: perPacket(cpu.relayer * 1000),
      database: perPacket(cpu.database * 1000),
      queue: perPacket(cpu.queue * 1000),
      chains: perPacket(cpu.chains * 1000),
      bench: perPacket(cpu.bench * 1000),
    },
    elsewhere,
    memory,
    doubled: sides.reduce((sum, { doubled }) => sum + doubled, 0),
    failedTransactions: transactions.filter(({ failed }) => failed).length,
    gasPerPacket: perPacket(transactions.reduce((sum, { gas }) => sum + Number(gas), 0)),
    transactions: transactions.length,
    bytesPerPacket: perPacket(transactions.reduce((sum, { bytes }) => sum + bytes, 0)),
    messagesPerTransaction: spread(
      transactions.map(({ messages }) => messages.length).filter((messages) => messages > 0),
    ),
    ...(profile === undefined ? {} : { profile }),
  };
}

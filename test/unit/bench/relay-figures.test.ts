import { describe, expect, test } from "vitest";
import type { SeenBlock, SeenMessage, SeenTransaction } from "#test/bench/relay/bench-chain.ts";
import { figuresOf, spread } from "#test/bench/relay/figures.ts";

const nothing = { relayer: 0, database: 0, queue: 0, chains: 0, bench: 0 };
const messages = (kind: SeenMessage["kind"], ...sequences: number[]): SeenMessage[] =>
  sequences.map((sequence) => ({ kind, sequence: BigInt(sequence) }));
const transaction = (of: readonly SeenMessage[], more: Partial<SeenTransaction> = {}): SeenTransaction => ({
  gas: 100n,
  failed: false,
  bytes: 10,
  messages: of,
  ...more,
});
const block = (height: number, ...transactions: SeenTransaction[]): SeenBlock => ({
  height,
  time: height * 300,
  transactions,
});
const figures = (source: SeenBlock[], target: SeenBlock[], left = 0) =>
  figuresOf({
    packets: 2,
    left,
    seconds: 4,
    source,
    target,
    cpu: { ...nothing, relayer: 0.01 },
    elsewhere: 0,
    memory: { relayer: 1, database: 0, queue: 0 },
  });

const sending = block(10, transaction(messages("send", 1, 2), { gas: 5_000n }));

describe("what a phase found", () => {
  test("is each packet's way from block to block, and what the relayer's transactions cost", () => {
    const found = figures(
      [sending, block(14, transaction(messages("acknowledge", 1))), block(15, transaction(messages("acknowledge", 2)))],
      [block(7, transaction(messages("receive", 1, 2), { gas: 300n }), transaction([]))],
    );
    expect(found.packetsPerSecond).toBe(0.5);
    expect(found.roundTripBlocks).toEqual({ median: 4, p95: 5, max: 5 });
    expect(found.roundTripSeconds.max).toBeCloseTo(1.5);
    expect(found).toMatchObject({ transactions: 4, gasPerPacket: 300, bytesPerPacket: 20, doubled: 0 });
    expect(found.messagesPerTransaction).toEqual({ median: 1, p95: 2, max: 2 });
    expect(found.cpu.relayer).toBe(5);
  });

  test("counts a message of two transactions once as doubled, also where one of them failed", () => {
    const twice = [block(8, transaction(messages("receive", 1))), block(9, transaction(messages("receive", 1, 2)))];
    expect(figures([sending], twice).doubled).toBe(1);
    const failed = [block(8, transaction(messages("receive", 1), { failed: true })), ...twice.slice(1)];
    expect(figures([sending], failed)).toMatchObject({ doubled: 1, failedTransactions: 1 });
  });

  test("does not count one message twice within one transaction, nor a receive and an acknowledgement as the same", () => {
    const source = [sending, block(12, transaction(messages("acknowledge", 1)))];
    expect(figures(source, [block(8, transaction(messages("receive", 1, 1)))]).doubled).toBe(0);
  });

  test("takes the first acknowledgement that did not fail as the packet's end", () => {
    const failed = block(12, transaction(messages("acknowledge", 1), { failed: true }));
    const good = block(13, transaction(messages("acknowledge", 1)));
    expect(figures([sending, failed, good], [], 1).roundTripBlocks.max).toBe(3);
  });

  test("divides by the packets that came to their end", () => {
    expect(figures([sending], [], 1)).toMatchObject({ packetsPerSecond: 0.25, cpu: { relayer: 10 } });
  });
});

test("a spread of nothing is no number", () => {
  expect(spread([]).median).toBeNaN();
  expect(spread([3, 1, 2])).toEqual({ median: 2, p95: 3, max: 3 });
});

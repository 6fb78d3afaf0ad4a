// What every chain family tells people about packets; part of the adapter suite, on its chains.
import { expect, test } from "vitest";
import type { Sent } from "#adapters/chain-apps.ts";
import type { Message } from "#adapters/message.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { EventQuery } from "#adapters/lookup.ts";
import type { ConformanceBench, ConformanceChain } from "./bench.ts";
import { eventOf, never, relay } from "./relay.ts";

const HOUR = 3_600n;

async function eventsOf({ chain }: ConformanceChain, query: EventQuery): Promise<PacketEvent[]> {
  const all: PacketEvent[] = [];
  for await (const { events } of chain.lookup.events(query, never())) all.push(...events);
  return all;
}

async function send(from: ConformanceChain, to: ConformanceChain, receiver = to.receiver): Promise<Sent> {
  return from.send({ receiver, timeoutTimestamp: (await to.now()) + HOUR });
}

export function lookupConformance(open: () => ConformanceBench): void {
  test("a transaction is found with its packet at once", async () => {
    const { a, b } = open();
    const sent = await send(a, b);
    const found = await a.chain.lookup.transaction(sent.transaction, never());
    expect(found).toMatchObject({ id: sent.transaction, status: "included", place: { height: sent.height } });
    expect(found?.events).toMatchObject([{ kind: "sent", packet: sent.packet, height: sent.height }]);
  });

  test("a transaction of another chain, one nobody sent, and what is none are not found", async () => {
    const { a, b } = open();
    const sent = await send(a, b);
    expect(await b.chain.lookup.transaction(sent.transaction, never())).toBeUndefined();
    const nobody = sent.transaction.replaceAll(/[0-9a-f]/g, "7");
    expect(await a.chain.lookup.transaction(nobody, never())).toBeUndefined();
    for (const text of ["", "hello", "0x12", `${sent.transaction}00`])
      expect(await a.chain.lookup.transaction(text, never())).toBeUndefined();
  });

  test("a packet's events are found by its name, newest first, on either chain", async () => {
    const { a, b, verify } = open();
    const [earlier, sent] = [await send(a, b), await send(a, b)];
    const messages: Message[] = [{ kind: "receive", packet: sent.packet }];
    await relay({ verify, source: a, target: b, messages, minHeight: sent.height });
    const query = { clientId: a.clientId, sequence: sent.packet.sequence };
    expect(await eventsOf(a, query)).toMatchObject([{ kind: "sent", packet: sent.packet }]);
    const [received] = await eventsOf(b, { clientId: b.clientId, sequence: sent.packet.sequence });
    expect(received).toMatchObject({ kind: "acknowledgementWritten", sequence: sent.packet.sequence });
    const all = (await eventsOf(a, { clientId: a.clientId })).filter(({ kind }) => kind === "sent");
    expect(all.slice(0, 2).map(({ sequence }) => sequence)).toEqual([sent.packet.sequence, earlier.packet.sequence]);
    expect(await eventsOf(a, { clientId: "nobody-99" })).toEqual([]);
  });

  test("the head is at or above what is final, and what is newer than that becomes final later", async () => {
    const { a } = open();
    const head = await a.chain.lookup.head(never());
    expect(head.height).toBeGreaterThanOrEqual(head.finalizedHeight);
    expect(head.timestamp).toBeGreaterThanOrEqual(head.finalizedTimestamp);
    expect(head.finalizedHeight).toBeGreaterThan(0n);
    const { lookup } = a.chain;
    expect(await lookup.finalAt(head.timestamp, never())).toBeGreaterThanOrEqual(head.timestamp);
    expect(await lookup.finalAt(head.timestamp + HOUR, never())).toBeGreaterThan(
      await lookup.finalAt(head.timestamp, never()),
    );
  });

  test("a refusal has the receiver's words, and what was taken or not delivered yet has none", async () => {
    const { a, b, verify } = open();
    const since = await b.now();
    const [good, bad] = [await send(a, b), await send(a, b, "nobody at all")];
    const receive = ({ packet }: Sent): Message => ({ kind: "receive", packet });
    expect(await b.chain.lookup.complaint({ message: receive(bad), since }, never())).toBeUndefined();
    await relay({ verify, source: a, target: b, messages: [receive(good), receive(bad)], minHeight: bad.height });
    const { height: answeredAt } = await eventOf(b, "acknowledgementWritten", bad.packet.sequence);
    const complaint = await b.chain.lookup.complaint({ message: receive(bad), answeredAt, since }, never());
    expect(complaint).toMatchObject({ what: "refused", by: "event" });
    expect(complaint?.reason).toContain("nobody at all");
    expect(await b.chain.lookup.complaint({ message: receive(good), answeredAt, since }, never())).toBeUndefined();
  });
}

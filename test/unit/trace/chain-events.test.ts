// How far back a chain is read for a packet: never further than somebody could gain from it.
import { expect, test } from "vitest";
import type { Chain } from "#adapters/adapter.ts";
import type { PacketEvent } from "#adapters/packet-event.ts";
import type { Standing } from "#adapters/target-chain.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { openAsking } from "#relayer/trace/asking.ts";
import { readSource } from "#relayer/trace/chain-events.ts";
import { createRoutes } from "#relayer/routes.ts";

const NAME = { sourceChain: "fake:a", sourceClient: "fake-client-0", sequence: 7n };
const PACKET: Packet = {
  sequence: 7n,
  sourceClient: "fake-client-0",
  destinationClient: "fake-client-1",
  timeoutTimestamp: 9n,
  payloads: [],
};

/** A chain of a thousand heights, read a hundred at a time, with the packet's sending at one of them. */
function world(sentAt: bigint | undefined, standing: Standing) {
  const looked: bigint[] = [];
  const place = { clientId: "fake-client-0", sequence: 7n, timestamp: 1n, transaction: "0x", index: 0 };
  const lookup = {
    async *events() {
      for (let from = 901n; from > 0n; from -= 100n) {
        looked.push(from);
        const isHere = sentAt !== undefined && sentAt >= from && sentAt < from + 100n;
        const events: PacketEvent[] = isHere ? [{ kind: "sent", ...place, height: sentAt, packet: PACKET }] : [];
        yield { from, to: from + 99n, timestamp: 1n, events };
      }
    },
  };
  const target = { standing: async () => [standing] };
  const opened = { chainId: "fake:a", lookup, target } as unknown as Chain;
  const asking = openAsking(
    { chains: [{ chainId: "fake:a", opened }], routes: createRoutes([]), tables: undefined, now: () => 0 },
    AbortSignal.timeout(5_000),
  );
  return { asking, looked };
}

const unknown = { packet: undefined, kinds: new Set<PacketEvent["kind"]>(), sentAt: 0n };

test("without tables it is read until the packet's sending is found", async () => {
  const { asking, looked } = world(650n, "open");
  const { packet } = await readSource(asking, NAME, { ...unknown, readTo: 0n });
  expect(packet).toEqual(PACKET);
  expect(looked).toEqual([901n, 801n, 701n, 601n]);
});

test("a guess is looked for only where the relayer has not read yet", async () => {
  const { asking, looked } = world(undefined, "done");
  const { packet, commitment } = await readSource(asking, NAME, { ...unknown, readTo: 850n });
  expect([packet, commitment]).toEqual([undefined, null]);
  expect(looked).toEqual([901n, 801n]);
});

test("a packet that the chain holds is found although the relayer read past it", async () => {
  const { asking, looked } = world(150n, "open");
  const { packet, commitment } = await readSource(asking, NAME, { ...unknown, readTo: 850n });
  expect([packet, commitment]).toEqual([PACKET, true]);
  expect(looked.at(-1)).toBe(101n);
});

test("a known packet that is not settled is not looked for at all", async () => {
  const { asking, looked } = world(150n, "open");
  const known = { packet: PACKET, kinds: new Set(["sent"] as const), sentAt: 1n, readTo: 850n };
  expect(await readSource(asking, NAME, known)).toEqual({ packet: PACKET, events: [], commitment: true });
  expect(looked).toEqual([]);
});

// A relay's past as its tables would hold it: many packets over a month, most of them done, some on their way, a few held.
import { createHash } from "node:crypto";
import { messageId } from "#adapters/protocol/message-id.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import type { Packet, Payload } from "#adapters/protocol/packet.ts";
import { accountsOf } from "#relayer/packets/accounts.ts";
import type { End, Route } from "#relayer/routes.ts";
import { messagePayload, rawPayload, transferPayload } from "#test/support/packet-events.ts";
import { randomFrom } from "./random.ts";

const end = (chain: string, client: string): End => ({ chain, client });

/** Three routes between four chains, busy, less busy, and quiet. */
export const routes: readonly Route[] = [
  [end("fake:a", "fake-client-0"), end("fake:b", "fake-client-0")],
  [end("fake:a", "fake-client-1"), end("fake:c", "fake-client-0")],
  [end("fake:b", "fake-client-1"), end("fake:d", "fake-client-0")],
];
/** Without a past: what is sent over it while the benchmark runs is delivered as in life. */
export const liveRoute: Route = [end("fake:c", "fake-client-1"), end("fake:d", "fake-client-1")];
const BUSY = [0.62, 0.93, 1];

const MONTH_MS = 30 * 86_400_000;
const BATCH = 20;

type Leg = "receive" | "acknowledge" | "timeout";

export interface PastDelivery {
  readonly id: number;
  readonly packet: PastPacket;
  readonly leg: Leg;
  readonly lane: string;
  readonly status: "watched" | "delivered" | "obsolete";
  /** Unix milliseconds; null while it is open. */
  readonly watchedAt: number;
  readonly closedAt: number | null;
  readonly errorCode: string | null;
  batch: PastBatch | undefined;
}

export interface PastBatch {
  readonly id: string;
  readonly source: End;
  readonly target: End;
  readonly transaction: string;
  readonly fee: number;
  readonly closedAt: number;
  readonly deliveries: readonly PastDelivery[];
}

export interface PastPacket {
  readonly id: number;
  readonly source: End;
  readonly destination: End;
  readonly packet: Packet;
  readonly bytes: string;
  readonly messageId: string;
  readonly accounts: readonly string[];
  readonly status: "sent" | "received" | "acknowledged" | "timedOut";
  readonly createdAt: number;
  /** When it was received, and acknowledged or timed out; null when it was not. */
  readonly receivedAt: number | null;
  readonly settledAt: number | null;
}

const laneOf = ({ chain, client }: End): string => `${chain}/${client}`;
export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `until`: Unix milliseconds, when the newest packet was sent. */
export function pastOf(
  packets: number,
  until: number,
): { packets: PastPacket[]; deliveries: PastDelivery[]; batches: PastBatch[] } {
  const random = randomFrom(2_026);
  const sequences = new Map<string, bigint>();
  const accounts = Array.from({ length: 4_000 }, (_, index) => `0x${hashOf(`account ${index}`).slice(0, 40)}`);
  /** A few have most of the packets, as everywhere. */
  const someone = (): string => accounts[Math.floor(accounts.length * random() ** 4)] ?? "";
  /** Most in half a minute, some in many. */
  const took = (): number => Math.round(8_000 + 40_000 * random() + (random() < 0.05 ? 600_000 * random() : 0));

  const payload = (): Payload => {
    const kind = random();
    if (kind < 0.7) return transferPayload(someone(), someone());
    return kind < 0.96 ? messagePayload(someone(), someone()) : rawPayload;
  };

  const one = (id: number): PastPacket => {
    const busy = random();
    const route = routes[BUSY.findIndex((share) => busy < share)] ?? routes[0];
    const [a, b] = route ?? [end("", ""), end("", "")];
    const [source, destination] = random() < 0.55 ? [a, b] : [b, a];
    const sequence = (sequences.get(laneOf(source)) ?? 0n) + 1n;
    sequences.set(laneOf(source), sequence);
    const createdAt = Math.round(until - MONTH_MS * (1 - id / packets));
    const packet: Packet = {
      sequence,
      sourceClient: source.client,
      destinationClient: destination.client,
      // Beyond the fake chains' clocks: nothing of it times out while the benchmark runs.
      timeoutTimestamp: BigInt(Math.round(createdAt / 1000) + 315_360_000),
      payloads: [payload()],
    };
    const fate = random();
    const fresh = id > packets - packets / 250;
    const status = fresh
      ? fate < 0.5
        ? "sent"
        : "received"
      : fate < 0.981
        ? "acknowledged"
        : fate < 0.998
          ? "timedOut"
          : fate < 0.999
            ? "received"
            : "sent";
    const receivedAt = status === "received" || status === "acknowledged" ? createdAt + took() : null;
    const settledAt =
      status === "acknowledged"
        ? (receivedAt ?? 0) + took()
        : status === "timedOut"
          ? createdAt + 3_600_000 + took()
          : null;
    return {
      id,
      source,
      destination,
      packet,
      bytes: Buffer.from(encodePacket(packet)).toString("hex"),
      messageId: messageId(source.chain, packet),
      accounts: accountsOf(packet),
      status,
      createdAt,
      receivedAt,
      settledAt,
    };
  };

  const past = Array.from({ length: packets }, (_, index) => one(index + 1));
  let deliveries = 0;
  const deliveriesOf = (packet: PastPacket): PastDelivery[] => {
    const { status, source, destination, createdAt, receivedAt, settledAt } = packet;
    const held = random() < 0.5 ? "INSUFFICIENT_FUNDS" : "NOT_FINAL_YET";
    const delivery = (
      leg: Leg,
      lane: End,
      watchedAt: number,
      closedAt: number | null,
      closed: PastDelivery["status"],
    ): PastDelivery => ({
      id: (deliveries += 1),
      packet,
      leg,
      lane: laneOf(lane),
      status: closedAt === null ? "watched" : closed,
      watchedAt,
      closedAt,
      errorCode: closedAt === null ? held : null,
      batch: undefined,
    });
    if (status === "timedOut")
      return [
        delivery("receive", destination, createdAt, settledAt, "obsolete"),
        delivery("timeout", source, createdAt + 3_600_000, settledAt, "delivered"),
      ];
    const receive = delivery("receive", destination, createdAt, receivedAt, "delivered");
    return receivedAt === null
      ? [receive]
      : [receive, delivery("acknowledge", source, receivedAt, settledAt, "delivered")];
  };
  const all = past.flatMap(deliveriesOf);

  const lanes = routes.flatMap(([a, b]) => [
    { source: a, target: b },
    { source: b, target: a },
  ]);
  const batches = lanes.flatMap(({ source, target }) => {
    const done = all
      .filter(({ lane, status }) => lane === laneOf(target) && status === "delivered")
      .sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0));
    return Array.from({ length: Math.ceil(done.length / BATCH) }, (_, index): PastBatch => {
      const id = `${laneOf(target)} ${index}`;
      const carried = done.slice(index * BATCH, (index + 1) * BATCH);
      const batch = {
        id,
        source,
        target,
        transaction: `0x${hashOf(id)}`,
        fee: 1_000_000 + Math.floor(1_000_000 * random()),
        closedAt: carried.at(-1)?.closedAt ?? 0,
        deliveries: carried,
      };
      for (const delivery of carried) delivery.batch = batch;
      return batch;
    });
  });
  return { packets: past, deliveries: all, batches };
}

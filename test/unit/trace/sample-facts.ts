// Facts about one transfer from fake:a to fake:b at noon, changed by each case as it needs.
import { bytesToHex } from "@noble/hashes/utils.js";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT } from "#adapters/protocol/acknowledgement.ts";
import { ABI_ENCODING, encodeTransferData, TRANSFER_PORT, TRANSFER_VERSION } from "#adapters/protocol/transfer-data.ts";
import type { DeliveryView } from "#sdk/api/views.ts";
import type { ClientFacts, EventFacts, LaneFacts, TraceFacts } from "#sdk/trace/facts.ts";

/** 2026-11-26 12:00:00 UTC. */
export const NOON = 1_795_694_400;
export const ID = "fake:a/fake-client-0/7";

export const iso = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString();

export const event = (kind: EventFacts["kind"], change: Partial<EventFacts> = {}): EventFacts => {
  const isSource = kind === "sent" || kind === "acknowledged" || kind === "timedOut";
  return {
    kind,
    chain: isSource ? "fake:a" : "fake:b",
    height: { sent: "812", received: "950", acknowledgementWritten: "950", acknowledged: "860", timedOut: "860" }[kind],
    timestamp: {
      sent: NOON - 300,
      received: NOON - 90,
      acknowledgementWritten: NOON - 90,
      acknowledged: NOON - 20,
      timedOut: NOON - 20,
    }[kind],
    transaction: `0x${{ sent: "aa", received: "bb", acknowledgementWritten: "bb", acknowledged: "cc", timedOut: "dd" }[kind].repeat(32)}`,
    final: true,
    finalAt: null,
    readAt: NOON - 10,
    byUs: !(isSource && kind === "sent"),
    ...change,
  };
};

export const notFinal = { final: false, finalAt: NOON + 40, readAt: null } as const;

export const client = (end: "source" | "destination", change: Partial<ClientFacts> = {}): ClientFacts => ({
  chain: end === "source" ? "fake:a" : "fake:b",
  client: end === "source" ? "fake-client-0" : "fake-client-1",
  follows: end === "source" ? "fake:b" : "fake:a",
  status: "active",
  height: "900",
  timestamp: NOON - 600,
  expiresAt: NOON - 600 + 1_209_600,
  unknownFork: null,
  ...change,
});

export const lane = (end: "source" | "destination", change: Partial<LaneFacts> = {}): LaneFacts => ({
  id: end === "source" ? "fake:a/fake-client-0" : "fake:b/fake-client-1",
  failuresInARow: 0,
  nextAttemptAt: NOON - 5,
  errorCode: null,
  error: null,
  medianSeconds: 30,
  paused: null,
  contradiction: null,
  ...change,
});

export const delivery = (
  leg: DeliveryView["leg"],
  status: string,
  change: Partial<DeliveryView> = {},
): DeliveryView => ({
  leg,
  lane: leg === "receive" ? "fake:b/fake-client-1" : "fake:a/fake-client-0",
  status,
  attempts: 0,
  nextAttemptAt: iso(NOON - 5),
  waitHeight: null,
  errorCode: null,
  error: null,
  batch: null,
  transaction: null,
  watchedAt: iso(NOON - 10),
  provingAt: null,
  queuedAt: null,
  verifyingAt: null,
  submittingAt: null,
  loggingAt: null,
  closedAt: null,
  ...change,
});

const value = encodeTransferData({ denom: "0x01", sender: "0x02", receiver: "0x03", amount: 5n, memo: "" });
const transfer = {
  sourcePort: TRANSFER_PORT,
  destinationPort: TRANSFER_PORT,
  version: TRANSFER_VERSION,
  encoding: ABI_ENCODING,
  value: bytesToHex(value),
};
export const message = {
  sourcePort: "gmpport",
  destinationPort: "gmpport",
  version: "ics27-2",
  encoding: ABI_ENCODING,
  value: "01",
};

/** Sent five minutes ago, final, read, and nothing more. */
export const sample = (change: Partial<TraceFacts> = {}): TraceFacts => ({
  id: ID,
  now: NOON,
  told: "relayer",
  asked: ["fake:a", "fake:b"],
  transaction: null,
  others: [],
  packet: {
    id: ID,
    messageId: "ab".repeat(32),
    sourceChain: "fake:a",
    sourceClient: "fake-client-0",
    sequence: "7",
    destinationChain: "fake:b",
    destinationClient: "fake-client-1",
    timeoutTimestamp: String(NOON + 3_600),
    payloads: [transfer],
  },
  routed: true,
  events: [event("sent")],
  holds: { receipt: null, commitment: null },
  acknowledgements: null,
  refusal: null,
  failure: null,
  timeoutFinalAt: NOON + 3_600 + 60,
  chains: {
    source: {
      chain: "fake:a",
      height: "870",
      timestamp: NOON - 2,
      finalizedHeight: "865",
      finalizedTimestamp: NOON - 15,
    },
    destination: {
      chain: "fake:b",
      height: "990",
      timestamp: NOON - 3,
      finalizedHeight: "985",
      finalizedTimestamp: NOON - 16,
    },
  },
  read: {
    source: { height: "865", timestamp: NOON - 15, at: NOON - 1 },
    destination: { height: "985", timestamp: NOON - 16, at: NOON - 1 },
  },
  clients: { source: client("source"), destination: client("destination") },
  lanes: { source: lane("source"), destination: lane("destination") },
  deliveries: [],
  unread: [],
  ...change,
});

/** Without a relayer. */
export const alone = (change: Partial<TraceFacts> = {}): TraceFacts =>
  sample({
    told: "chains",
    read: { source: null, destination: null },
    lanes: { source: null, destination: null },
    ...change,
  });

export const nothing = (change: Partial<TraceFacts> = {}): TraceFacts =>
  alone({ id: `0x${"ee".repeat(32)}`, packet: null, events: [], routed: false, ...change });

export const REFUSED = [bytesToHex(UNIVERSAL_ERROR_ACKNOWLEDGEMENT)];
const refusal = { reason: 'ReceiverNotAllowed("0x03")', by: "event" } as const;

/** A packet on each leg, with the relayer's row of it. */
export const onLeg = {
  receive: (status = "watched", change: Partial<DeliveryView> = {}) => ({
    deliveries: [delivery("receive", status, change)],
  }),
  acknowledge: (status = "watched", change: Partial<DeliveryView> = {}) => ({
    events: [event("sent"), event("acknowledgementWritten")],
    acknowledgements: ["01"],
    deliveries: [delivery("receive", "delivered"), delivery("acknowledge", status, change)],
  }),
  refund: (status = "watched", change: Partial<DeliveryView> = {}) => ({
    events: [event("sent"), event("acknowledgementWritten")],
    acknowledgements: REFUSED,
    refusal,
    deliveries: [delivery("receive", "delivered"), delivery("acknowledge", status, change)],
  }),
  timeout: (status = "watched", change: Partial<DeliveryView> = {}) => ({
    packet: timedOut(),
    timeoutFinalAt: NOON - 20,
    deliveries: [delivery("receive", "obsolete"), delivery("timeout", status, change)],
  }),
} as const;

function timedOut(): NonNullable<TraceFacts["packet"]> {
  const { packet } = sample();
  if (packet === null) throw new Error("the sample is a packet");
  return { ...packet, timeoutTimestamp: String(NOON - 60) };
}

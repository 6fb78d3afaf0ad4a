// Answers of the API for tests of pages, and a way to ask for them without a server.
import { createAsk } from "#relayer/explorer/ask.ts";
import type { Ask } from "#relayer/explorer/ask.ts";
import type { Site } from "#relayer/explorer/site.ts";
import type { DeliveryView, LaneView, PacketSummary, PacketView } from "#sdk/api/views.ts";

const AT = "2026-11-26T12:00:00.000Z";

export const testSite: Site = { href: (path) => path, api: "", now: Date.parse(AT) };

export const aPacket = (changed: Partial<PacketSummary> = {}): PacketSummary => ({
  id: "test:a/client-0/7",
  messageId: "ab".repeat(32),
  sourceChain: "test:a",
  sourceClient: "client-0",
  sequence: "7",
  destinationChain: "test:b",
  destinationClient: "client-1",
  timeoutTimestamp: "1795694400",
  status: "sent",
  errorCode: null,
  createdAt: AT,
  ...changed,
});

export const aPacketView = (changed: Partial<PacketView> = {}): PacketView => ({
  ...aPacket(),
  payloads: [],
  acknowledgements: null,
  bytes: "00",
  events: [],
  deliveries: [],
  ...changed,
});

export const aDelivery = (changed: Partial<DeliveryView> = {}): DeliveryView => ({
  leg: "receive",
  lane: "test:b/client-1",
  status: "watched",
  attempts: 0,
  nextAttemptAt: AT,
  waitHeight: null,
  errorCode: null,
  error: null,
  batch: null,
  transaction: null,
  watchedAt: AT,
  provingAt: null,
  queuedAt: null,
  verifyingAt: null,
  submittingAt: null,
  loggingAt: null,
  closedAt: null,
  ...changed,
});

export const aLane = (changed: Partial<LaneView> = {}): LaneView => ({
  id: "test:b/client-1",
  sourceChain: "test:a",
  targetChain: "test:b",
  client: "client-1",
  backlog: "0",
  delivered: "0",
  oldestSeconds: null,
  failuresInARow: 0,
  nextAttemptAt: AT,
  errorCode: null,
  error: null,
  latency: null,
  cost: null,
  paused: null,
  ...changed,
});

/** Answers by path, without their queries; what is not among them is not found. */
export const askOf = (answers: Readonly<Record<string, unknown>>): Ask =>
  createAsk(async (_, path) => {
    const found = answers[path] ?? answers[path.split("?")[0] ?? ""];
    return found === undefined
      ? { status: 404, body: JSON.stringify({ code: "NOT_FOUND", message: `nothing at ${path}` }), length: undefined }
      : { status: 200, body: typeof found === "string" ? found : JSON.stringify(found), length: 1_024 };
  });

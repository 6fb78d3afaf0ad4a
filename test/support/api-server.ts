// A relayer's API made up in memory, for tests of those who ask it: real HTTP, answers as the test wants them, connections it can cut.
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { DeliveryView, PacketView } from "#sdk/api/views.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ApiServer {
  readonly url: string;
  /** By path without query; undefined is answered with 404. */
  readonly routes: Map<string, Handler>;
  /** Every request so far: path with query, and the id it wants to go on after. */
  readonly asked: {
    readonly path: string;
    readonly lastEventId: string | undefined;
    readonly token: string | undefined;
  }[];
  /** Ends all connections at once. */
  cut(): void;
  close(): Promise<void>;
}

export const json =
  (value: unknown, status = 200): Handler =>
  (_, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

export async function startApiServer(): Promise<ApiServer> {
  const routes = new Map<string, Handler>();
  const asked: ApiServer["asked"][number][] = [];
  const server = createServer((request, response) => {
    const lastEventId = request.headers["last-event-id"];
    asked.push({
      path: request.url ?? "",
      lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
      token: request.headers.authorization,
    });
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    (routes.get(path) ?? json({ code: "NOT_FOUND", message: `there is nothing at ${path}` }, 404))(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routes,
    asked,
    cut: () => server.closeAllConnections(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const TIME = "2026-11-23T00:00:00.000Z";

export function deliveryView(
  leg: DeliveryView["leg"],
  status: string,
  change: Partial<DeliveryView> = {},
): DeliveryView {
  return {
    leg,
    lane: "test:dst/light-22",
    status,
    attempts: 0,
    nextAttemptAt: TIME,
    waitHeight: null,
    errorCode: null,
    error: null,
    batch: null,
    transaction: null,
    watchedAt: TIME,
    provingAt: null,
    queuedAt: null,
    verifyingAt: null,
    submittingAt: null,
    loggingAt: null,
    closedAt: null,
    ...change,
  };
}

export const packetView = (change: Partial<PacketView> = {}): PacketView => ({
  id: "test:src/light-11/7",
  messageId: "00".repeat(32),
  sourceChain: "test:src",
  sourceClient: "light-11",
  sequence: "7",
  destinationChain: "test:dst",
  destinationClient: "light-22",
  timeoutTimestamp: "1000000",
  status: "sent",
  errorCode: null,
  createdAt: TIME,
  payloads: [],
  acknowledgements: null,
  bytes: null,
  events: [],
  deliveries: [],
  ...change,
});

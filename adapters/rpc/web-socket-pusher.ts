// A node that pushes over a websocket what was subscribed to. Whatever it sends wakes; none of it is read.
import WebSocket from "ws";
import type { Meter } from "./meter.ts";
import type { Pusher } from "./pushes.ts";

export interface WebSocketOptions {
  readonly url: string;
  /** What the node is told when it is connected. */
  readonly subscription: string;
  readonly meter?: Meter | undefined;
}

const HANDSHAKE_MS = 10_000;
/** A header and the events of its block; more ends the connection. */
const MOST_BYTES = 4 * 1024 * 1024;
/** A node that pushed so short a while ago will push again. One that merely lets us in may have refused the subscription. */
const PUSHES_MS = 30_000;

export const webSocketPusher = ({ url, subscription, meter }: WebSocketOptions): Pusher => ({
  connect: (heard, signal) =>
    new Promise((resolve) => {
      let isOpen = false;
      const socket = new WebSocket(url, { handshakeTimeout: HANDSHAKE_MS, maxPayload: MOST_BYTES });
      const end = (): void => socket.terminate();
      signal.addEventListener("abort", end, { once: true });
      socket.on("open", () => {
        isOpen = true;
        socket.send(subscription);
      });
      socket.on("message", (data) => {
        meter?.("push", { sentBytes: 0, receivedBytes: sizeOf(data), seconds: 0, failed: false });
        heard(PUSHES_MS);
      });
      // Says no more than the end that follows it.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        signal.removeEventListener("abort", end);
        resolve(isOpen);
      });
    }),
});

const sizeOf = (data: WebSocket.RawData): number =>
  Array.isArray(data) ? data.reduce((total, { length }) => total + length, 0) : data.byteLength;

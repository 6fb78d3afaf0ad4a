// What nodes push when they have a new block: a wake-up and nothing else. None of it is read, so a node can say nothing by it, and one
// that is silent, lost or never reached costs the pause that would have been waited anyway.
import WebSocket from "ws";
import { pause } from "../../pause.ts";

export interface NewBlocks {
  /** Resolves when any node pushes, after so many milliseconds, or as soon as the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

const SUBSCRIBE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "subscribe",
  params: { query: "tm.event='NewBlockHeader'" },
});

const RECONNECT_MS = 1_000;
const HANDSHAKE_MS = 10_000;
/** A header and the events of its block; more ends the connection. */
const MOST_BYTES = 4 * 1024 * 1024;
/** However much is pushed, blocks are asked for no more often. */
const SHORTEST_WAIT_MS = 50;

const socketUrl = (url: string): string => `${url.replace(/^http/, "ws").replace(/\/$/, "")}/websocket`;

/** Follows all of these CometBFT endpoints, and connects anew to those that are lost, until it is closed. */
export function openNewBlocks(urls: readonly string[]): NewBlocks {
  const closing = new AbortController();
  let [hasCome, wake] = [false, (): void => undefined];

  const connect = (url: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = new WebSocket(socketUrl(url), { handshakeTimeout: HANDSHAKE_MS, maxPayload: MOST_BYTES });
      const end = (): void => socket.terminate();
      closing.signal.addEventListener("abort", end, { once: true });
      socket.on("open", () => socket.send(SUBSCRIBE));
      socket.on("message", () => {
        hasCome = true;
        wake();
      });
      // Says no more than the end that follows it.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        closing.signal.removeEventListener("abort", end);
        resolve();
      });
    });

  const follow = async (url: string): Promise<void> => {
    while (!closing.signal.aborted) {
      await connect(url);
      await pause(RECONNECT_MS, closing.signal);
    }
  };
  for (const url of urls) void follow(url);

  return {
    async wait(milliseconds, signal) {
      const woken = new AbortController();
      wake = () => woken.abort();
      // While the one before was looked at.
      if (hasCome) wake();
      await pause(Math.min(SHORTEST_WAIT_MS, milliseconds), signal);
      await pause(milliseconds - SHORTEST_WAIT_MS, AbortSignal.any([signal, woken.signal]));
      hasCome = false;
    },
    close: () => closing.abort(),
  };
}

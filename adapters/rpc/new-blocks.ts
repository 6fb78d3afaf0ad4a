// What nodes push when they have a new block: a wake-up and nothing else. None of it is read, so a node can say nothing by it, and one
// that is silent, lost or never reached costs the pause that would have been waited anyway. All who wait share the connections.
import WebSocket from "ws";
import { pause } from "../pause.ts";
import type { Meter } from "./meter.ts";

/** A node that may push. */
export interface Pusher {
  /** Of its websocket. */
  readonly url: string;
  /** What it is told when it is connected. */
  readonly subscription: string;
  readonly meter?: Meter | undefined;
}

export interface NewBlocks {
  /** From now on, until it is ended. */
  follow(): Following;
  close(): void;
}

export interface Following {
  /**
   * Resolves when any node pushes or has pushed since the last wait (to true), after so many milliseconds (five times as many while nodes push),
   * or as soon as the signal aborts.
   */
  wait(milliseconds: number, signal: AbortSignal): Promise<boolean>;
  end(): void;
}

const RECONNECT_MS = 1_000;
/** To a node that has never let us in: it may have no websocket at all. */
const LONGEST_RECONNECT_MS = 60_000;
const HANDSHAKE_MS = 10_000;
/** A header and the events of its block; more ends the connection. */
const MOST_BYTES = 4 * 1024 * 1024;
/** However much is pushed, nobody is woken more often. */
const SHORTEST_WAIT_MS = 50;
/** A node that pushed so short a while ago will push again. */
const PUSHES_MS = 30_000;
const PATIENCE = 5;
/** Connections outlive their last user for so long: the next one comes soon. */
const LINGER_MS = 10_000;

/** Connects to all of them when somebody follows, and anew to those that are lost. */
export function createNewBlocks(pushers: readonly Pusher[]): NewBlocks {
  const followers = new Set<() => void>();
  let closing: AbortController | undefined;
  let lingering: NodeJS.Timeout | undefined;
  let pushedAt = Number.NEGATIVE_INFINITY;

  const patience = (milliseconds: number): number =>
    performance.now() - pushedAt < PUSHES_MS ? milliseconds * PATIENCE : milliseconds;

  /** Resolves when the connection is over; to whether it ever was one. */
  const connect = ({ url, subscription, meter }: Pusher, signal: AbortSignal): Promise<boolean> =>
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
        pushedAt = performance.now();
        for (const wake of followers) wake();
      });
      // Says no more than the end that follows it.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        signal.removeEventListener("abort", end);
        resolve(isOpen);
      });
    });

  const keepConnected = async (pusher: Pusher, signal: AbortSignal): Promise<void> => {
    let wait = RECONNECT_MS;
    while (!signal.aborted) {
      wait = (await connect(pusher, signal)) ? RECONNECT_MS : Math.min(wait * 2, LONGEST_RECONNECT_MS);
      await pause(wait, signal);
    }
  };

  const close = (): void => {
    clearTimeout(lingering);
    closing?.abort();
    closing = undefined;
  };

  return {
    close,
    follow() {
      clearTimeout(lingering);
      if (closing === undefined) {
        const { signal } = (closing = new AbortController());
        for (const pusher of pushers) void keepConnected(pusher, signal);
      }
      let [hasCome, wake] = [false, (): void => undefined];
      const come = (): void => {
        hasCome = true;
        wake();
      };
      followers.add(come);
      return {
        async wait(milliseconds, signal) {
          const woken = new AbortController();
          const stop = (): void => woken.abort();
          wake = stop;
          signal.addEventListener("abort", stop, { once: true });
          // While the one before was looked at.
          if (hasCome || signal.aborted) stop();
          await pause(Math.min(SHORTEST_WAIT_MS, milliseconds), signal);
          await pause(Math.max(patience(milliseconds) - SHORTEST_WAIT_MS, 0), woken.signal);
          signal.removeEventListener("abort", stop);
          const isPushed = hasCome;
          hasCome = false;
          return isPushed;
        },
        end() {
          followers.delete(come);
          if (followers.size > 0) return;
          clearTimeout(lingering);
          lingering = setTimeout(close, LINGER_MS).unref();
        },
      };
    },
  };
}

const sizeOf = (data: WebSocket.RawData): number =>
  Array.isArray(data) ? data.reduce((total, { length }) => total + length, 0) : data.byteLength;

// What nodes push when there is something new: a wake-up and nothing else. None of it is believed, so a node can say nothing by it, and one
// that is silent, lost or never reached costs the pause that would have been waited anyway. All who wait share the connections.
import { pause } from "../pause.ts";

/** A node that may push. */
export interface Pusher {
  /**
   * Connects once. Resolves when the connection is over, to whether it ever was one; never throws. `heard`: there may be something new, and for
   * so many milliseconds the node can be expected to say so by itself.
   */
  connect(heard: (milliseconds: number) => void, signal: AbortSignal): Promise<boolean>;
}

export interface Pushes {
  /** From now on, until it is ended. No wait is shorter than so many milliseconds, however much is pushed; default 50. */
  follow(shortest?: number): Following;
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
/** To a node that has never let us in: it may have nothing that pushes. */
const LONGEST_RECONNECT_MS = 60_000;
const SHORTEST_WAIT_MS = 50;
const PATIENCE = 5;
/** Connections outlive their last user for so long: the next one comes soon. */
const LINGER_MS = 10_000;

/** Connects to all of them when somebody follows, and anew to those that are lost. */
export function createPushes(pushers: readonly Pusher[]): Pushes {
  const followers = new Set<() => void>();
  const pushesUntil = new Map<Pusher, number>();
  let closing: AbortController | undefined;
  let lingering: NodeJS.Timeout | undefined;

  const patience = (milliseconds: number): number =>
    Math.max(0, ...pushesUntil.values()) > performance.now() ? milliseconds * PATIENCE : milliseconds;

  const keepConnected = async (pusher: Pusher, signal: AbortSignal): Promise<void> => {
    const heard = (milliseconds: number): void => {
      if (signal.aborted) return;
      pushesUntil.set(pusher, performance.now() + milliseconds);
      for (const wake of followers) wake();
    };
    let wait = RECONNECT_MS;
    while (!signal.aborted) {
      wait = (await pusher.connect(heard, signal)) ? RECONNECT_MS : Math.min(wait * 2, LONGEST_RECONNECT_MS);
      await pause(wait, signal);
    }
  };

  const close = (): void => {
    clearTimeout(lingering);
    closing?.abort();
    closing = undefined;
    pushesUntil.clear();
  };

  return {
    close,
    follow(shortest = SHORTEST_WAIT_MS) {
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
          await pause(Math.min(shortest, milliseconds), signal);
          await pause(Math.max(patience(milliseconds) - shortest, 0), woken.signal);
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

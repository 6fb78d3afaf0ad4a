// One process's view of the feed of changes: woken by the database, read once for all who listen.
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Pool } from "pg";
import type { Logger } from "#adapters/logger.ts";
import { newestPosition, PAGE, parsePosition, readChanges } from "./read-changes.ts";
import type { FeedChange, Position, Read } from "./read-changes.ts";

export interface Feed {
  newest(): Promise<Position>;
  /** What came after the position, at most a page; see `readChanges`. */
  read(after: Position): Promise<Read | undefined>;
  /** Resolves when there may be more after the position, or after so many milliseconds, or when the signal aborts. */
  wait(after: Position, milliseconds: number, signal: AbortSignal): Promise<void>;
  /** The feed is followed while somebody listens. Returns how to leave; undefined when as many listen as may. */
  join(): (() => void) | undefined;
  close(): Promise<void>;
}

/** The newest changes, kept for those who are up to date. */
const KEPT = 2 * PAGE;
/** How soon changes are looked for again that wait for an earlier transaction. */
const HELD_BACK_MS = 50;
/** In case that the database's word was lost. */
const IDLE_MS = 5_000;
const RECONNECT_MS = 1_000;

function isAfter(one: Position, other: Position): boolean {
  const [[transaction, number], [otherTransaction, otherNumber]] = [parsePosition(one), parsePosition(other)];
  return transaction === otherTransaction
    ? BigInt(number) > BigInt(otherNumber)
    : BigInt(transaction) > BigInt(otherTransaction);
}

export interface FeedOptions {
  readonly pool: Pool;
  readonly url: string;
  readonly logger: Logger;
  /** Most that may listen at a time. */
  readonly listeners: number;
}

export function openFeed({ pool, url, logger, listeners }: FeedOptions): Feed {
  const closing = new AbortController();
  let listening = 0;
  let waiting = new Set<() => void>();
  /** `recent` are all that came after `start`. */
  let start: Position | undefined;
  let recent: FeedChange[] = [];
  let [called, wake] = [false, () => undefined as void];

  const newestRead = (): Position | undefined => recent.at(-1)?.position ?? start;

  const wakeAll = (): void => {
    const woken = waiting;
    waiting = new Set();
    for (const tell of woken) tell();
  };

  const call = (): void => {
    called = true;
    wake();
  };

  /** Returns when called, or after so many milliseconds. */
  const idle = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, called ? 0 : milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const follow = async (): Promise<void> => {
    let pause = 0;
    let failing = false;
    while (!closing.signal.aborted) {
      await idle(pause);
      called = false;
      pause = IDLE_MS;
      if (listening === 0) {
        [start, recent] = [undefined, []];
        continue;
      }
      try {
        if (start === undefined) {
          start = await newestPosition(pool);
          // What came before it, each of them reads for itself.
          wakeAll();
        }
        const read = await readChanges(pool, recent.at(-1)?.position ?? start);
        if (read === undefined) [start, recent] = [undefined, []];
        else if (read.changes.length > 0) {
          recent.push(...read.changes);
          const surplus = recent.splice(0, Math.max(0, recent.length - KEPT));
          start = surplus.at(-1)?.position ?? start;
          wakeAll();
        }
        if (read === undefined || read.changes.length === PAGE) pause = 0;
        else if (read.heldBack) pause = HELD_BACK_MS;
        failing = false;
      } catch (error) {
        if (!failing && !closing.signal.aborted)
          logger.warn({ error: (error as Error).message }, "changes cannot be read for the moment");
        failing = true;
        pause = RECONNECT_MS;
      }
    }
  };

  const listen = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const client = new pg.Client({
        connectionString: url,
        application_name: "causeway changes",
        connectionTimeoutMillis: 10_000,
        keepAlive: true,
      });
      const ended = new Promise<void>((resolve) => {
        client.on("error", () => resolve());
        client.on("end", () => resolve());
        closing.signal.addEventListener("abort", () => resolve(), { once: true });
      });
      client.on("notification", call);
      try {
        await client.connect();
        await client.query("listen causeway_changes");
        call();
        await ended;
      } catch {
        // The reader looks by itself meanwhile.
      }
      await client.end().catch(() => undefined);
      await delay(RECONNECT_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };

  const running = Promise.all([follow(), listen()]);

  return {
    newest: () => newestPosition(pool),
    async read(after) {
      if (after === start) return { changes: recent.slice(0, PAGE), heldBack: false };
      const index = recent.findIndex(({ position }) => position === after);
      if (index === -1) return readChanges(pool, after);
      return { changes: recent.slice(index + 1, index + 1 + PAGE), heldBack: false };
    },
    join() {
      if (listening >= listeners || closing.signal.aborted) return undefined;
      listening += 1;
      if (listening === 1) call();
      return () => {
        listening -= 1;
      };
    },
    wait(after, milliseconds, signal) {
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(done);
          signal.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        waiting.add(done);
        signal.addEventListener("abort", done, { once: true });
        const newest = newestRead();
        if (signal.aborted || closing.signal.aborted || (newest !== undefined && isAfter(newest, after))) done();
      });
    },
    async close() {
      closing.abort();
      for (const done of waiting) done();
      call();
      await running;
    },
  };
}

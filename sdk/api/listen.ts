// Changes as the relayer tells them: server-sent events, taken up again where they were cut off.
import { createParser } from "eventsource-parser";
import { chunksOf } from "./chunks.ts";
import type { Api } from "./client.ts";

export interface Listener {
  /** Connected anew, or told that something changed: whoever wants to know has to look again. */
  readonly onChange: () => void;
  /** True while the relayer tells changes, false while it does not. */
  readonly onConnection: (connected: boolean) => void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;
/** The relayer says something at least every 15 seconds: a connection that is silent for longer is dead. */
const SILENCE_MS = 45_000;

/** `filter` is the query of `GET /v1/changes`. Listens until the signal aborts; never throws. */
export async function listen(
  api: Api,
  filter: Readonly<Record<string, string>>,
  { onChange, onConnection }: Listener,
  signal: AbortSignal,
): Promise<void> {
  const path = `/v1/changes?${new URLSearchParams(filter).toString()}`;
  let position: string | undefined;
  let [retry, failures] = [FIRST_RETRY_MS, 0];
  while (!signal.aborted) {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENCE_MS);
    try {
      const response = await api.fetch(path, {
        signal: AbortSignal.any([signal, silent.signal]),
        headers: {
          accept: "text/event-stream",
          ...(position === undefined ? {} : { "last-event-id": position }),
        },
      });
      failures = 0;
      onConnection(true);
      onChange();
      const parser = createParser({
        onId: (id) => (position = id),
        onRetry: (milliseconds) => (retry = Math.min(Math.max(milliseconds, 100), LAST_RETRY_MS)),
        onEvent: () => onChange(),
      });
      const decoder = new TextDecoder();
      for await (const chunk of chunksOf(response)) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENCE_MS);
        parser.feed(decoder.decode(chunk, { stream: true }));
      }
    } catch {
      // Whatever cut it off, it is tried again, ever more patiently.
    } finally {
      clearTimeout(timer);
    }
    onConnection(false);
    failures += 1;
    await pause(Math.min(retry * 2 ** Math.min(failures, 10), LAST_RETRY_MS), signal);
  }
}

/** Ends early, without an error, when the signal aborts. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

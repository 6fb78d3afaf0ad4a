// A node that pushes by server-sent events. Which event it is, is all that is read of it.
import { request as requestHttp } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { createParser } from "eventsource-parser";
import { pause } from "../pause.ts";
import type { Meter } from "./meter.ts";
import type { Pusher } from "./pushes.ts";

export interface EventStreamOptions {
  readonly url: string;
  /** Names of the events that wake; others are passed over. */
  readonly events: readonly string[];
  readonly meter?: Meter | undefined;
}

/** Without a byte for so long the connection is dead. Mainnet finalizes every six minutes, and some nodes say nothing in between. */
const SILENCE_MS = 15 * 60_000;
/** Finds out about a host that is gone before the silence does. */
const PROBE_MS = 30_000;
/** Of an event, in characters: a light client's update is a few thousand. More ends the connection. */
const MOST_BUFFERED = 1024 * 1024;
/** After so many bytes nothing is read for so many milliseconds: a flood stays with the node. */
const [BURST_BYTES, BURST_PAUSE_MS] = [256 * 1024, 100];

/** Resolves with the head of the answer. The request ends by itself with the signal, and after a long silence. */
function ask(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith("https:") ? requestHttps : requestHttp;
    // A connection of its own: those that are kept have other things to do.
    const request = open(url, { agent: false, headers: { accept: "text/event-stream" }, signal, timeout: SILENCE_MS });
    request.setSocketKeepAlive(true, PROBE_MS);
    request.on("response", resolve);
    request.on("timeout", () => request.destroy(new Error("silent")));
    request.on("error", reject);
    request.end();
  });
}

const isEventStream = ({ statusCode, headers }: IncomingMessage): boolean =>
  statusCode === 200 && /^text\/event-stream\b/i.test(headers["content-type"] ?? "");

/** Throws when the connection fails, and returns when it ends or more is buffered than may be. */
async function read(
  response: IncomingMessage,
  { events, meter }: EventStreamOptions,
  wake: () => void,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let [isOverfull, burst] = [false, 0];
  const parser = createParser({
    maxBufferSize: MOST_BUFFERED,
    onEvent: ({ event }) => event !== undefined && events.includes(event) && wake(),
    onError: ({ type }) => (isOverfull ||= type === "max-buffer-size-exceeded"),
  });
  for await (const chunk of response as AsyncIterable<Buffer>) {
    meter?.("push", { sentBytes: 0, receivedBytes: chunk.length, seconds: 0, failed: false });
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (isOverfull) return;
    burst += chunk.length;
    if (burst < BURST_BYTES) continue;
    burst = 0;
    await pause(BURST_PAUSE_MS, signal);
  }
}

/** Wakes with each of the events, and when a stream begins or ends: what came in between was not told. */
export const eventStreamPusher = (options: EventStreamOptions): Pusher => ({
  async connect(heard, signal) {
    const wake = (): void => heard(Number.POSITIVE_INFINITY);
    let isOpen = false;
    try {
      const response = await ask(options.url, signal);
      // Not before somebody listens to its errors.
      response.on("error", () => undefined);
      isOpen = isEventStream(response);
      if (isOpen) wake();
      if (isOpen) await read(response, options, wake, signal);
      response.destroy();
    } catch {
      // Says no more than that it is over.
    }
    if (isOpen) heard(0);
    return isOpen;
  },
});

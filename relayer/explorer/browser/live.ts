// Renders a page again when something about it changed. The server's events say what changed, never what it became: that is asked for.
import { change } from "#sdk/api/views.ts";
import type { Change } from "#sdk/api/views.ts";
import type { Watches } from "../page.ts";

export interface LiveOptions {
  readonly api: string;
  readonly watches: Watches;
  /** Loads the page again and renders it. */
  refresh(): Promise<void>;
  announce(text: string): void;
  /** Whether changes arrive at the moment. */
  connected(is: boolean): void;
}

const REFRESH_MS = 2_000;
const ANNOUNCE_MS = 10_000;
/** After an answer that no reconnecting helps: the browser has given up by itself. */
const AGAIN_MS = 5_000;

function parse(data: string): Change | undefined {
  try {
    return change.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}

/** Runs `work` at most once in `interval`, the last time after the last call. */
function throttled(interval: number, work: () => unknown): () => void {
  let [timer, last]: [number | undefined, number] = [undefined, 0];
  return () => {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        last = Date.now();
        work();
      },
      Math.max(0, last + interval - Date.now()),
    );
  };
}

/** Returns what ends it. */
export function startLive(options: LiveOptions): () => void {
  const { api, watches } = options;
  const changed = new Set<string>();
  const say = throttled(ANNOUNCE_MS, () => {
    options.announce(changed.size === 1 ? `${[...changed][0]} changed.` : `${changed.size} packets or lanes changed.`);
    changed.clear();
  });
  let [isStale, isBusy] = [false, false];
  const update = throttled(REFRESH_MS, async () => {
    if (document.hidden || isBusy) return;
    [isStale, isBusy] = [false, true];
    await options.refresh().catch(() => undefined);
    isBusy = false;
    if (isStale) update();
  });
  const touch = (): void => {
    isStale = true;
    update();
  };

  let source: EventSource | undefined;
  let again: number | undefined;
  let [position, hasAsked] = ["", false];
  // A browser that reconnects by itself says where it was, and is told what it missed. One that gave up says so here.
  const open = (): void => {
    const query = new URLSearchParams({ ...watches, ...(position !== "" && { after: position }) }).toString();
    source = new EventSource(`${api}/v1/changes${query === "" ? "" : `?${query}`}`);
    const heard = (event: MessageEvent<string>): void => {
      position = event.lastEventId;
      const found = parse(event.data);
      touch();
      if (found === undefined) return;
      changed.add(`${found.kind} ${found.id}`);
      say();
    };
    source.addEventListener("message", heard);
    // Changes were forgotten meanwhile: everything is asked for anew.
    source.addEventListener("reload", touch);
    source.addEventListener("open", () => {
      options.connected(true);
      // What happened before it listened, and what the server did not wait for.
      hasAsked = true;
      touch();
    });
    source.addEventListener("error", () => {
      options.connected(false);
      if (!hasAsked) touch();
      hasAsked = true;
      if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  const seen = (): void => {
    if (!document.hidden && isStale) update();
  };
  document.addEventListener("visibilitychange", seen);
  return () => {
    document.removeEventListener("visibilitychange", seen);
    clearTimeout(again);
    source?.close();
  };
}

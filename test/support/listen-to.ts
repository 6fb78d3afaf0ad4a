// Listens to a relayer's changes as a browser's EventSource does, and can be cut off.
import type { Change } from "#sdk/api/views.ts";

export interface Listener {
  readonly changes: readonly Change[];
  /** Where it began. */
  readonly start: string;
  /** Where it is: the last id it was given. */
  position(): string;
  reloads(): number;
  cut(): void;
}

/** Resolves once it is listening. */
export async function listenTo(
  url: string,
  lastEventId?: string,
  headers: Record<string, string> = {},
): Promise<Listener> {
  const connection = new AbortController();
  const response = await fetch(url, {
    signal: connection.signal,
    headers: { ...headers, ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) },
  });
  if (response.body === null || response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const changes: Change[] = [];
  let [position, reloads, rest] = ["", 0, ""];
  const take = (text: string): void => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string): string | undefined =>
        block
          .split("\n")
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      position = field("id") ?? position;
      if (field("event") === "reload") reloads += 1;
      else if (field("data") !== undefined) changes.push(JSON.parse(field("data") ?? "") as Change);
    }
  };
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      take(value);
    }
  };
  const { value } = await reader.read();
  take(value ?? "");
  const start = position;
  // A connection that is cut ends with an error.
  read().catch(() => undefined);
  return { changes, start, position: () => position, reloads: () => reloads, cut: () => connection.abort() };
}

// What changes, as it changes: server-sent events that a listener can resume where it was cut off.
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { parsePosition } from "#relayer/changes/read-changes.ts";
import type { FeedChange, Position } from "#relayer/changes/read-changes.ts";
import type { Feed } from "#relayer/changes/feed.ts";
import { RequestProblem } from "./problem.ts";
import { problems } from "./schemas.ts";
import type { Served } from "./served.ts";

/** Shorter than what proxies call an idle connection. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;

const query = z.strictObject({
  packet: z.string().max(256).optional().describe("only what is about this packet"),
  lane: z.string().max(128).optional().describe("only what is about this lane, and packets that end or begin there"),
  after: z.string().max(64).optional().describe("position to resume after, for those who cannot set Last-Event-ID"),
});

const event = ({ lanes: _lanes, ...change }: FeedChange): string =>
  `id: ${change.position}\ndata: ${JSON.stringify(change)}\n\n`;
/** Says how far it is without saying that something happened. */
const mark = (position: Position): string => `id: ${position}\n\n`;
const RELOAD =
  'event: reload\ndata: {"because":"changes since that position were forgotten: ask for everything anew"}\n\n';

interface Listening {
  readonly feed: Feed;
  readonly after: Position | undefined;
  readonly signal: AbortSignal;
  readonly wanted: (change: FeedChange) => boolean;
}

/** Written only as fast as the listener reads: one that is slow reads the rest later, from the database. */
async function* stream({ feed, after, signal, wanted }: Listening): AsyncGenerator<string> {
  let position = after ?? (await feed.newest());
  yield `retry: ${RECONNECT_MS}\n${mark(position)}`;
  while (!signal.aborted) {
    const read = await feed.read(position);
    if (read === undefined) {
      position = await feed.newest();
      yield `${RELOAD}${mark(position)}`;
      continue;
    }
    const last = read.changes.at(-1);
    if (last === undefined) {
      await feed.wait(position, HEARTBEAT_MS, signal);
      if (!signal.aborted && (await feed.read(position))?.changes.length === 0) yield `:\n${mark(position)}`;
      continue;
    }
    position = last.position;
    const shown = read.changes.filter(wanted);
    if (shown.length > 0) yield shown.map(event).join("");
  }
}

export async function changeRoutes(server: FastifyInstance, { feed }: Served): Promise<void> {
  server.withTypeProvider<ZodTypeProvider>().get(
    "/v1/changes",
    {
      schema: {
        summary: "Changes as server-sent events",
        description:
          "Each message is a `change`; its id is the position to resume after (`Last-Event-ID`). An event `reload` says that changes were " +
          "forgotten since then: ask for everything anew. Empty messages keep the connection and move the id on.",
        querystring: query,
        response: { 200: { content: { "text/event-stream": { schema: z.string() } } }, ...problems },
      },
    },
    async (request, reply) => {
      const { packet, lane, after } = request.query;
      const header = request.headers["last-event-id"];
      const from = typeof header === "string" && header !== "" ? header : after;
      if (from !== undefined) parsePosition(from);
      const leave = feed.join();
      if (leave === undefined)
        throw new RequestProblem(
          503,
          "TOO_MANY_LISTENERS",
          "as many listen as may",
          "ask again later, or ask for what you want instead",
        );
      const gone = new AbortController();
      reply.raw.once("close", () => {
        gone.abort();
        leave();
      });
      const wanted = (change: FeedChange): boolean =>
        (packet === undefined || (change.kind === "packet" && change.id === packet)) &&
        (lane === undefined || change.lanes.includes(lane));
      const events = Readable.from(stream({ feed, after: from, signal: gone.signal, wanted }), { objectMode: false });
      const answer: FastifyReply = reply;
      return answer.header("x-accel-buffering", "no").type("text/event-stream; charset=utf-8").send(events);
    },
  );
}

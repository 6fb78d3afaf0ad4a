// Where a packet is and why, for any id that names it, including what this relayer has not read yet.
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import { trace } from "#relayer/trace/trace.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import { RequestProblem } from "./problem.ts";
import { packetParams, problems } from "./schemas.ts";
import type { Served } from "./served.ts";

/** What the chains do not say by then is told as unread. */
const PATIENCE_MS = 8_000;
/** Each asks chains several things. */
const MOST_AT_ONCE = 16;

export async function traceRoutes(server: FastifyInstance, { engine, chains }: Served): Promise<void> {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const world = {
    chains: chains.map((opened) => ({ chainId: opened.chainId, opened })),
    routes: engine.routes,
    tables: engine.pool,
    now: () => Date.now() / 1000,
  };
  const underway = new Map<string, Promise<TraceAnswer>>();

  /** Many who ask the same at the same time are one. */
  const answer = (id: string): Promise<TraceAnswer> => {
    const same = underway.get(id);
    if (same !== undefined) return same;
    if (underway.size >= MOST_AT_ONCE)
      throw new RequestProblem(
        503,
        "BUSY",
        "too many packets are being traced at this moment",
        "ask again in a second",
      );
    const signal = AbortSignal.any([engine.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const work = trace(world, id, signal).finally(() => underway.delete(id));
    underway.set(id, work);
    return work;
  };

  const description =
    "What is known of it, by this relayer's tables and by the chains, final or not; and where it stands, why, what comes next and when. " +
    "An id that nobody knows is answered, too: its standing is `unknown`.";
  const response = { 200: traceAnswer, ...problems };

  api.get(
    "/v1/trace/:id",
    {
      schema: {
        summary: "Traces a message or a transaction",
        description,
        params: z.object({ id: z.string().min(1).max(100).describe("message id, or transaction on whichever chain") }),
        response,
      },
    },
    async ({ params: { id } }) => answer(id.trim()),
  );

  api.get(
    "/v1/trace/:sourceChain/:sourceClient/:sequence",
    { schema: { summary: "Traces a packet", description, params: packetParams, response } },
    async ({ params }) => answer(formatPacketId(params)),
  );
}

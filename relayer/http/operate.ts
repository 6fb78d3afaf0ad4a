// What operators do, as requests: each says what it changed, is harmless when it comes twice, and is logged with the token's name.
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { formatPacketId } from "#sdk/evidence/packet-id.ts";
import { acts, reason } from "#relayer/operate/acts.ts";
import type { ActName } from "#relayer/operate/acts.ts";
import { actResult } from "#sdk/api/views.ts";
import type { ActResult } from "#sdk/api/views.ts";
import type { Caller } from "./access.ts";
import { notFound, RequestProblem } from "./problem.ts";
import { endId, endParams, packetParams, problems } from "./schemas.ts";
import type { Served } from "./served.ts";

const reasoned = z.strictObject({ because: reason });
const unreasoned = z.strictObject({ because: reason.optional() }).nullish();

export async function operateRoutes(server: FastifyInstance, { engine }: Served): Promise<void> {
  const api = server.withTypeProvider<ZodTypeProvider>();
  const config = { access: "operator" } as const;
  const response = { 200: actResult, ...problems };

  async function act(name: ActName, id: string, caller: Caller | undefined, because?: string): Promise<ActResult> {
    if (caller === undefined) throw new RequestProblem(401, "NOT_AUTHORIZED", "this takes the token of an operator");
    const changed = await acts[name](engine, id, { by: caller.name, because });
    if (changed === undefined) throw notFound(`${id} is not known here`);
    if (changed) engine.logger.warn({ act: name, id, by: caller.name, because }, "an operator acted");
    return { act: name, id, changed };
  }

  api.post(
    "/v1/lanes/:chain/:client/pause",
    {
      config,
      schema: {
        summary: "Pause a lane: nothing new is proven or signed for it, and its light client is not refreshed",
        params: endParams,
        body: reasoned,
        response,
      },
    },
    async ({ params, body, caller }) => act("pause", endId(params), caller, body.because),
  );

  api.post(
    "/v1/lanes/:chain/:client/resume",
    { config, schema: { summary: "Resume a paused lane", params: endParams, body: unreasoned, response } },
    async ({ params, body, caller }) => act("resume", endId(params), caller, body?.because),
  );

  api.post(
    "/v1/lanes/:chain/:client/clear",
    {
      config,
      schema: {
        summary: "Ask the lane's chains at once what is pending, and put back what was lost",
        params: endParams,
        body: unreasoned,
        response,
      },
    },
    async ({ params, body, caller }) => act("clear", endId(params), caller, body?.because),
  );

  api.post(
    "/v1/packets/:sourceChain/:sourceClient/:sequence/retry",
    {
      config,
      schema: {
        summary: "Try a packet's held delivery, and its lane, at once instead of after a pause",
        params: packetParams,
        body: unreasoned,
        response,
      },
    },
    async ({ params, body, caller }) => act("retry", formatPacketId(params), caller, body?.because),
  );
}

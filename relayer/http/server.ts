// The relayer's HTTP interface: health, metrics, and a read API. Everything here only reads.
import fastify from "fastify";
import { ZodError, z } from "zod";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { healthRoutes } from "./health.ts";
import { logRoutes } from "./log.ts";
import { relayRoutes } from "./relay.ts";
import type { Served } from "./served.ts";

export async function startHttp(served: Served): Promise<{ url: string; close(): Promise<void> }> {
  const server = fastify({ forceCloseConnections: true, bodyLimit: 1_024 });
  server.setErrorHandler(async (error, request, reply) => {
    if (error instanceof ZodError)
      return reply.code(400).send({ code: "INVALID_ARGUMENT", message: z.prettifyError(error) });
    if (isCausewayError(error)) return reply.code(error.code === "INVALID_ARGUMENT" ? 400 : 503).send(error.toJSON());
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status >= 500)
      served.engine.logger.error({ path: request.url, error: (error as Error).message }, "an HTTP request failed");
    return reply.code(status).send({
      code: status < 500 ? "INVALID_ARGUMENT" : "UNEXPECTED",
      message: status < 500 ? (error as Error).message : "see the relayer's log",
    });
  });
  server.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({ code: "NOT_FOUND", message: `there is nothing at ${request.url.split("?")[0]}` }),
  );
  await server.register(healthRoutes, served);
  await server.register(relayRoutes, served);
  await server.register(logRoutes, served);
  const url = await server.listen({ host: served.config.http.host, port: served.config.http.port });
  return { url, close: () => server.close() };
}

// The relayer's HTTP interface: health, metrics, and an API.
import fastify from "fastify";
import type { FastifyError } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { ZodError, z } from "zod";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { changeRoutes } from "./changes.ts";
import { healthRoutes } from "./health.ts";
import { logRoutes } from "./log.ts";
import { RequestProblem } from "./problem.ts";
import { relayRoutes } from "./relay.ts";
import type { Served } from "./served.ts";

/** An id in a path may have its slashes as they are or escaped. */
function plainSlashes(url = "/"): string {
  const [path = "", ...query] = url.split("?");
  return path.startsWith("/v1/") ? [path.replaceAll(/%2f/gi, "/"), ...query].join("?") : url;
}

export async function startHttp(served: Served): Promise<{ url: string; close(): Promise<void> }> {
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: 4_096,
    rewriteUrl: ({ url }) => plainSlashes(url),
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler<FastifyError>(async (error, request, reply) => {
    if (error instanceof ZodError)
      return reply.code(400).send({ code: "INVALID_ARGUMENT", message: z.prettifyError(error) });
    if (isCausewayError(error)) return reply.code(error.code === "INVALID_ARGUMENT" ? 400 : 503).send(error.toJSON());
    if (error instanceof RequestProblem) {
      const { code, message, hint } = error;
      return reply.code(error.statusCode).send({ code, message, ...(hint === undefined ? {} : { hint }) });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500)
      served.engine.logger.error(
        { path: request.url, error: error.message, cause: String(error.cause) },
        "an HTTP request failed",
      );
    return reply.code(status).send({
      code: status < 500 ? "INVALID_ARGUMENT" : "UNEXPECTED",
      message: status < 500 ? error.message : "see the relayer's log",
    });
  });
  server.addHook("onRequest", async ({ raw }) => {
    if (/%00/.test(raw.url ?? ""))
      throw new RequestProblem(400, "INVALID_ARGUMENT", "no text has a zero character in it");
  });
  server.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({ code: "NOT_FOUND", message: `there is nothing at ${request.url.split("?")[0]}` }),
  );
  await server.register(healthRoutes, served);
  await server.register(relayRoutes, served);
  await server.register(changeRoutes, served);
  await server.register(logRoutes, served);
  const url = await server.listen({ host: served.config.http.host, port: served.config.http.port });
  return { url, close: () => server.close() };
}

// The relayer's HTTP interface: health, metrics, and an API. What is the same for all routes is here.
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import { explorerRoutes } from "#relayer/explorer/explorer.ts";
import { isOfPage } from "#relayer/explorer/inject-ask.ts";
import { answerErrors } from "./answer-errors.ts";
import { changeRoutes } from "./changes.ts";
import { healthRoutes } from "./health.ts";
import { logRoutes } from "./log.ts";
import { describeApi, openapiRoute } from "./openapi.ts";
import { operateRoutes } from "./operate.ts";
import { RequestProblem } from "./problem.ts";
import { relayRoutes } from "./relay.ts";
import type { Served } from "./served.ts";
import { traceRoutes } from "./trace.ts";

/** An id in a path may have its slashes as they are or escaped. */
function plainSlashes(url = "/"): string {
  const [path = "", ...query] = url.split("?");
  return path.startsWith("/v1/") ? [path.replaceAll(/%2f/gi, "/"), ...query].join("?") : url;
}

async function guard(server: FastifyInstance, { access, config }: Served): Promise<void> {
  const { origins, requestsPerMinute } = config.http;
  await server.register(rateLimit, { max: requestsPerMinute, timeWindow: 60_000, allowList: isOfPage });
  // Pages of other origins read only: acts are for this relayer's own pages, and for programs.
  await server.register(cors, {
    origin: origins.includes("*") ? "*" : origins,
    methods: ["GET"],
    allowedHeaders: ["authorization", "last-event-id"],
    exposedHeaders: ["retry-after"],
  });
  server.decorateRequest("caller", undefined);
  server.addHook("onRequest", async ({ raw }) => {
    if (/%00/.test(raw.url ?? ""))
      throw new RequestProblem(400, "INVALID_ARGUMENT", "no text has a zero character in it");
  });
  // Only after the limit, which is asked on request: guessing tokens counts. Where nothing is, no token is looked at.
  server.addHook("preParsing", async (request) => {
    if (!request.is404) request.caller = access.require(request, request.routeOptions.config?.access);
  });
  server.addHook("onSend", async (_, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
}

export async function startHttp(served: Served): Promise<{ url: string; close(): Promise<void> }> {
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: 4_096,
    rewriteUrl: ({ url }) => plainSlashes(url),
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  answerErrors(server, served.engine.logger);
  await describeApi(server);
  await guard(server, served);
  server.setNotFoundHandler({ preHandler: server.rateLimit() }, async (request, reply) =>
    reply.code(404).send({ code: "NOT_FOUND", message: `there is nothing at ${request.url.split("?")[0]}` }),
  );
  await server.register(openapiRoute);
  await server.register(healthRoutes, served);
  await server.register(relayRoutes, served);
  await server.register(changeRoutes, served);
  await server.register(traceRoutes, served);
  await server.register(logRoutes, served);
  await server.register(operateRoutes, served);
  if (served.config.http.explorer) await server.register(explorerRoutes, served);
  const { host, port } = served.config.http;
  const url = await server.listen({ host, port }).catch((cause: Error) => {
    throw new CausewayError("INVALID_CONFIG", `the HTTP interface cannot listen at ${host}:${port}: ${cause.message}`, {
      cause,
      hint: "choose another http.host or http.port (0 takes any free one), or end what listens there",
    });
  });
  return { url, close: () => server.close() };
}

// Whatever goes wrong with a request is answered the same way: a code, what happened, and what to do.
import type { FastifyError, FastifyInstance } from "fastify";
import { ZodError, z } from "zod";
import type { Logger } from "#adapters/logger.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { RequestProblem } from "./problem.ts";

export function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler<FastifyError>(async (error, request, reply) => {
    if (error instanceof ZodError)
      return reply.code(400).send({ code: "INVALID_ARGUMENT", message: z.prettifyError(error) });
    if (isCausewayError(error)) return reply.code(error.code === "INVALID_ARGUMENT" ? 400 : 503).send(error.toJSON());
    if (error instanceof RequestProblem) {
      const { statusCode, code, message, hint } = error;
      if (statusCode === 401) reply.header("www-authenticate", 'Bearer realm="causeway"');
      return reply.code(statusCode).send({ code, message, ...(hint === undefined ? {} : { hint }) });
    }
    const status = error.statusCode ?? 500;
    if (status === 429) return reply.code(429).send({ code: "TOO_MANY_REQUESTS", message: error.message });
    if (status >= 500)
      logger.error({ path: request.url, error: error.message, cause: String(error.cause) }, "an HTTP request failed");
    return reply.code(status).send({
      code: status < 500 ? "INVALID_ARGUMENT" : "UNEXPECTED",
      message: status < 500 ? error.message : "see the relayer's log",
    });
  });
}

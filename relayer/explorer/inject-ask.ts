// Asks the API of the same process, in the name of whoever asked for the page.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { createAsk } from "./ask.ts";
import type { Ask } from "./ask.ts";

const HEADER = "x-causeway-page";
/** Known to this process only. */
const secret = randomUUID();

/** Whether a page asks: whoever wanted it was counted already. */
export const isOfPage = ({ headers }: Pick<FastifyRequest, "headers">): boolean => headers[HEADER] === secret;

export const injectAsk = (server: FastifyInstance, request: FastifyRequest): Ask =>
  createAsk(async (method, url) => {
    const { authorization } = request.headers;
    const { statusCode, body, headers } = await server.inject({
      method,
      url,
      headers: { [HEADER]: secret, ...(authorization !== undefined && { authorization }) },
      remoteAddress: request.ip,
    });
    const length = Number(headers["content-length"]);
    return { status: statusCode, body, length: Number.isSafeInteger(length) ? length : undefined };
  });

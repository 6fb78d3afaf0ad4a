// One HTTP exchange over connections that are kept. Node's own client takes a third of the processor time that fetch does, for
// requests as many and as small as a relayer's. It follows no redirects.
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

export interface HttpRequest {
  readonly url: string;
  /** Posted as JSON when present. */
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** More ends the exchange. */
  readonly mostBytes: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Undefined when it is larger than allowed. */
  readonly body: Buffer | undefined;
}

/** To one host at a time; more requests wait for their turn. */
const MOST_CONNECTIONS = 32;
const kept = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
const [httpAgent, httpsAgent] = [new HttpAgent(kept), new HttpsAgent(kept)];

function open(url: string, options: RequestOptions, isAnew: boolean): ClientRequest {
  return url.startsWith("https:")
    ? requestHttps(url, { ...options, agent: isAnew ? false : httpsAgent })
    : requestHttp(url, { ...options, agent: isAnew ? false : httpAgent });
}

async function readBody(response: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Whether the host closed a kept connection just when it was used again. What is asked of nodes may be asked twice: the same transaction, too. */
const wasClosed = (request: ClientRequest, error: Error): boolean =>
  request.reusedSocket && "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");

function send({ url, signal }: HttpRequest, body: Buffer | undefined): Promise<IncomingMessage> {
  const headers = {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": body.length }),
  };
  return new Promise((resolve, reject) => {
    const attempt = (isAnew: boolean): void => {
      const request = open(url, { method: body === undefined ? "GET" : "POST", headers, signal }, isAnew);
      request.on("response", resolve);
      request.on("error", (error) => (wasClosed(request, error) ? attempt(true) : reject(error)));
      request.end(body);
    };
    attempt(false);
  });
}

/** Throws what the connection fails with, and when the signal aborts. */
export async function httpExchange(request: HttpRequest): Promise<HttpAnswer> {
  const response = await send(request, request.body === undefined ? undefined : Buffer.from(request.body));
  return { status: response.statusCode ?? 0, body: await readBody(response, request.mostBytes) };
}

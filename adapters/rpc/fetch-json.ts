// One bounded HTTP exchange of JSON with a named endpoint; the endpoint's URL (it may hold an API key) is never shown.
import { CausewayError } from "#adapters/protocol/error.ts";
import { httpExchange } from "./http-exchange.ts";
import type { HttpAnswer } from "./http-exchange.ts";
import type { Meter } from "./meter.ts";

export interface JsonRequest {
  readonly name: string;
  readonly url: string;
  /** What the meter calls it. */
  readonly method: string;
  /** Posted as JSON when present. */
  readonly body?: unknown;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly meter?: Meter | undefined;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Throws RPC_UNREACHABLE, RPC_BAD_ANSWER or CANCELLED. `body` is undefined for 404. */
export async function fetchJson(request: JsonRequest): Promise<unknown> {
  const sent = request.body === undefined ? undefined : JSON.stringify(request.body);
  const begin = performance.now();
  let received = 0;
  let failed = true;
  try {
    const { status, body } = await exchange(request, sent);
    received = body?.length ?? MAX_ANSWER_BYTES;
    const answer = readAnswer(request, status, body);
    failed = false;
    return answer;
  } finally {
    request.meter?.(request.method, {
      sentBytes: sent === undefined ? 0 : Buffer.byteLength(sent),
      receivedBytes: received,
      seconds: (performance.now() - begin) / 1000,
      failed,
    });
  }
}

async function exchange(
  { name, url, timeoutSeconds, signal: outer }: JsonRequest,
  body: string | undefined,
): Promise<HttpAnswer> {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const timer = setTimeout(end, Math.ceil(timeoutSeconds * 1000));
  outer?.addEventListener("abort", end, { once: true });
  if (outer?.aborted === true) end();
  try {
    return await httpExchange({ url, body, signal: ending.signal, mostBytes: MAX_ANSWER_BYTES });
  } catch (cause) {
    if (outer?.aborted === true) throw new CausewayError("CANCELLED", "stopped while waiting for an endpoint");
    const why = ending.signal.aborted ? `did not answer within ${timeoutSeconds} s` : "cannot be reached";
    throw new CausewayError("RPC_UNREACHABLE", `${name} ${why}`, { context: { endpoint: name }, cause });
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", end);
  }
}

function readAnswer({ name, body: asked }: JsonRequest, status: number, bytes: Buffer | undefined): unknown {
  if (bytes === undefined)
    throw new CausewayError("RPC_BAD_ANSWER", `${name} answered more than ${MAX_ANSWER_BYTES} bytes`);
  if (status === 404) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch (cause) {
    if (status >= 300) throw refusedRequest(name, status);
    throw new CausewayError("RPC_BAD_ANSWER", `${name} answered something that is not JSON`, {
      context: { endpoint: name, status },
      cause,
    });
  }
  // JSON-RPC servers may carry an error object under an error status; the beacon API does not.
  if (status >= 400 && asked === undefined) throw refusedRequest(name, status);
  return body;
}

const refusedRequest = (name: string, status: number): CausewayError =>
  new CausewayError("RPC_UNREACHABLE", `${name} refused the request with HTTP status ${status}`, {
    context: { endpoint: name, status },
  });

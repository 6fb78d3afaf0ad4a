// One bounded HTTP exchange of JSON with a named endpoint; the endpoint's URL (it may hold an API key) is never shown.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";

export interface JsonRequest {
  readonly name: string;
  readonly url: string;
  /** Posted as JSON when present. */
  readonly body?: unknown;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

async function readText(response: Response, name: string): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ["", 0];
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES)
      throw new CausewayError("RPC_BAD_ANSWER", `${name} answered more than ${MAX_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Throws RPC_UNREACHABLE, RPC_BAD_ANSWER or CANCELLED. `body` is undefined for 404. */
export async function fetchJson(request: JsonRequest): Promise<unknown> {
  const { name } = request;
  const timeout = AbortSignal.timeout(Math.ceil(request.timeoutSeconds * 1000));
  const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
  const init =
    request.body === undefined
      ? { signal, headers: { accept: "application/json" } }
      : {
          signal,
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          body: JSON.stringify(request.body),
        };
  let status: number;
  let text: string;
  try {
    const response = await fetch(request.url, init);
    status = response.status;
    text = await readText(response, name);
  } catch (cause) {
    if (isCausewayError(cause)) throw cause;
    if (request.signal?.aborted === true) throw new CausewayError("CANCELLED", "stopped while waiting for an endpoint");
    const why = timeout.aborted ? `did not answer within ${request.timeoutSeconds} s` : "cannot be reached";
    throw new CausewayError("RPC_UNREACHABLE", `${name} ${why}`, { context: { endpoint: name }, cause });
  }
  if (status === 404) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    if (status >= 400) throw refusedRequest(name, status);
    throw new CausewayError("RPC_BAD_ANSWER", `${name} answered something that is not JSON`, {
      context: { endpoint: name, status },
      cause,
    });
  }
  // JSON-RPC servers may carry an error object under an error status; the beacon API does not.
  if (status >= 400 && request.body === undefined) throw refusedRequest(name, status);
  return body;
}

const refusedRequest = (name: string, status: number): CausewayError =>
  new CausewayError("RPC_UNREACHABLE", `${name} refused the request with HTTP status ${status}`, {
    context: { endpoint: name, status },
  });

// Asks a relayer's API where a packet is.
import { CausewayError } from "#adapters/protocol/error.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";

/** The relayer gives chains some seconds to answer. */
const TIMEOUT_MS = 20_000;

/** Throws RPC_UNREACHABLE, RPC_BAD_ANSWER, and INVALID_ARGUMENT for what the relayer takes for no id. */
export async function askRelayer(url: string, id: string, signal: AbortSignal): Promise<TraceAnswer> {
  const path = id.split("/").map(encodeURIComponent).join("/");
  let response: Response;
  try {
    response = await fetch(`${url.replace(/\/+$/, "")}/v1/trace/${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (cause) {
    throw new CausewayError("RPC_UNREACHABLE", `no relayer answers at ${url}`, { cause });
  }
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = traceAnswer.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new CausewayError("RPC_BAD_ANSWER", `${url} does not answer like a relayer (HTTP status ${response.status})`, {
    cause: parsed.error,
  });
}

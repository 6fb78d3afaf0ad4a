// One JSON-RPC call to the execution node of a development chain.
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";

const answer = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
  z.object({ result: z.unknown() }),
]);

const TIMEOUT_MS = 10_000;

/** Throws RPC_UNREACHABLE without an answer, RPC_BAD_ANSWER with an error or an unreadable one. */
export async function rpcCall(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  let body: unknown;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    body = await response.json();
  } catch (cause) {
    throw new CausewayError("RPC_UNREACHABLE", `${method} got no answer`, { cause, context: { url } });
  }
  const parsed = answer.safeParse(body);
  if (!parsed.success)
    throw new CausewayError("RPC_BAD_ANSWER", `${method}: not a JSON-RPC answer`, { context: { url } });
  if ("error" in parsed.data)
    throw new CausewayError("RPC_BAD_ANSWER", `${method}: ${parsed.data.error.message}`, { context: { url } });
  return parsed.data.result;
}

// Asks a running relayer's API to do something, for commands that are given its address.
import { errorCodes } from "#adapters/protocol/error-codes.ts";
import type { ErrorCode } from "#adapters/protocol/error-codes.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { problem } from "#sdk/api/views.ts";
import type { ZodType } from "zod";

export interface ApiCall<T> {
  /** Of the relayer, without a path. */
  readonly api: string;
  readonly path: string;
  readonly token: string;
  readonly body: Readonly<Record<string, string>>;
  readonly answer: ZodType<T>;
}

const TIMEOUT_MS = 30_000;

const codeOf = (status: number, code: string): ErrorCode => {
  if (code in errorCodes) return code as ErrorCode;
  return status < 500 ? "INVALID_ARGUMENT" : "STORE_UNAVAILABLE";
};

/** Throws what the relayer refused with, and RPC_UNREACHABLE or RPC_BAD_ANSWER when it does not answer as one. */
export async function callApi<T>({ api, path, token, body, answer }: ApiCall<T>): Promise<T> {
  const url = new URL(path, api).href;
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: Error) => {
    throw new CausewayError("RPC_UNREACHABLE", `no relayer answers at ${api}: ${cause.message}`, {
      cause,
      hint: "check the address, and that the relayer is running",
    });
  });
  const value: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const refusal = problem.safeParse(value);
    if (refusal.success) {
      const { code, message, hint } = refusal.data;
      throw new CausewayError(codeOf(response.status, code), message, hint === undefined ? {} : { hint });
    }
  }
  const parsed = answer.safeParse(value);
  if (!response.ok || !parsed.success)
    throw new CausewayError("RPC_BAD_ANSWER", `${url} does not answer as a relayer: HTTP ${response.status}`, {
      hint: "check the address: it has to be a relayer's, without a path",
    });
  return parsed.data;
}

// Gas of a transaction by simulation on the newest state.
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Refusal, Simulation } from "#adapters/submit/isolate-refused.ts";
import { z } from "zod";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { queryState } from "../rpc/query.ts";
import { requireAccount } from "./account.ts";
import type { Payer } from "./account.ts";
import { SDK } from "./broadcast.ts";
import { priceOf } from "./fees.ts";
import type { CosmosSigner } from "./local-signer.ts";
import { unsignedTransaction } from "./transaction.ts";

/** Cosmos SDK x/auth/ante/sigverify.go: only the words say which sequence it is. */
const MISMATCH = /account sequence mismatch, expected (\d{1,19}), got \d+/;

/** The sequence that a node wants instead; undefined when it complains about something else. */
export function expectedSequence(said: string): bigint | undefined {
  const [, expected] = MISMATCH.exec(said) ?? [];
  return expected === undefined ? undefined : BigInt(expected);
}

/** What went wrong, without how it was tried and where in the node's source code: a panic brings its whole stack. */
export const complaintOf = (said: string): string =>
  (said.split("\nstack:")[0] ?? "")
    .replace(/^failed to simulate tx: /, "")
    .replace(/^failed to execute message; message index: \d+: /, "")
    .replaceAll(/ ?\[[^[\]\s]+\.go:\d+\]/g, "")
    .slice(0, 500);

/** A node counts what waits in its mempool; a few more may arrive while it is asked. */
const ATTEMPTS = 3;

const simulation = z.object({ gas_info: z.object({ gas_used: z.string().regex(/^\d{1,19}$/) }) });

function gasOf({ name }: CometEndpoint, value: Uint8Array): bigint {
  try {
    return BigInt(simulation.parse(JSON.parse(new TextDecoder().decode(value))).gas_info.gas_used);
  } catch (cause) {
    throw new CausewayError("RPC_BAD_ANSWER", `${name} simulates without saying the gas`, {
      context: { endpoint: name },
      cause,
    });
  }
}

/** The application's own way: a node's gRPC services, which have another, may be switched off. */
const PATH = "/app/simulate";

async function simulateAt(
  endpoint: CometEndpoint,
  signer: CosmosSigner,
  { messages, payer, fee }: { readonly messages: readonly Any[]; readonly payer: Payer; readonly fee: bigint },
  signal?: AbortSignal,
): Promise<Simulation> {
  let { sequence } = await requireAccount(endpoint, payer, signal);
  for (let attempt = 1; ; attempt += 1) {
    const content = { messages, gas: 0n, fee: { denom: payer.denom, amount: fee }, sequence, timeoutHeight: 0n };
    const data = unsignedTransaction(signer, content);
    const answer = await queryState(endpoint, { path: PATH, data }, signal).catch((error: unknown) => refusalIn(error));
    if (!("error" in answer)) return { ok: true, gas: gasOf(endpoint, answer.value) };
    const expected = answer.error === WRONG_SEQUENCE ? expectedSequence(answer.detail) : undefined;
    if (expected === undefined || attempt === ATTEMPTS) return { ok: false, refusal: answer };
    sequence = expected;
  }
}

const WRONG_SEQUENCE = `sdk ${SDK.wrongSequence}`;

/** Of an answer that the application gave; other failures are thrown again. */
function refusalIn(error: unknown): Refusal {
  if (!isCausewayError(error)) throw error;
  const { code, codespace, said } = error.context;
  if (typeof code !== "number" || code === 0 || typeof said !== "string") throw error;
  return { error: `${String(codespace)} ${code}`, detail: complaintOf(said) };
}

/**
 * A refusal is believed only when no reachable endpoint sees the transaction succeed. No messages cost nothing. Throws INSUFFICIENT_FUNDS when
 * the chain does not know the signer.
 */
export async function simulate(
  context: ChainContext,
  signer: CosmosSigner,
  messages: readonly Any[],
  signal?: AbortSignal,
): Promise<Simulation> {
  if (messages.length === 0) return { ok: true, gas: 0n };
  const { denom, amount } = priceOf(context);
  const payer = { chainId: context.config.chainId, address: signer.address, denom };
  // Paying takes gas, too.
  const fee = amount === 0n ? 0n : 1n;
  const { answer } = await context.endpoints.consult(
    (endpoint) => simulateAt(endpoint, signer, { messages, payer, fee }, signal),
    ({ ok }) => ok,
  );
  return answer;
}

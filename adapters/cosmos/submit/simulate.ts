// Gas of a transaction by simulation on the newest state.
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import type { Any } from "cosmjs-types/google/protobuf/any";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Simulation } from "#adapters/submit/isolate-refused.ts";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { query } from "../rpc/query.ts";
import { requireAccount } from "./account.ts";
import type { Payer } from "./account.ts";
import { priceOf } from "./fees.ts";
import type { CosmosSigner } from "./local-signer.ts";
import { unsignedTransaction } from "./transaction.ts";

/** Cosmos SDK x/auth/ante/sigverify.go: simulations have no other way to say it. */
const MISMATCH = /account sequence mismatch, expected (\d{1,19}), got \d+/;

/** The sequence that a node wants instead; undefined when it complains about something else. */
export function expectedSequence(said: string): bigint | undefined {
  const [, expected] = MISMATCH.exec(said) ?? [];
  return expected === undefined ? undefined : BigInt(expected);
}

/** What went wrong, without where in the node's source code, and how much gas was used until then. */
export const complaintOf = (said: string): string =>
  said
    .replace(/^rpc error: code = \w+ desc = /, "")
    .replace(/ with gas used: '\d+'/, "")
    .replaceAll(/ ?\[[^[\]\s]+\.go:\d+\]/g, "")
    .replace(/: unknown request$/, "")
    .slice(0, 500);

/** A node counts what waits in its mempool; a few more may arrive while it is asked. */
const ATTEMPTS = 3;

async function simulateAt(
  endpoint: CometEndpoint,
  signer: CosmosSigner,
  { messages, payer, fee }: { readonly messages: readonly Any[]; readonly payer: Payer; readonly fee: bigint },
  signal?: AbortSignal,
): Promise<Simulation> {
  let { sequence } = await requireAccount(endpoint, payer, signal);
  for (let attempt = 1; ; attempt += 1) {
    const content = { messages, gas: 0n, fee: { denom: payer.denom, amount: fee }, sequence, timeoutHeight: 0n };
    const request = SimulateRequest.fromPartial({ txBytes: unsignedTransaction(signer, content) });
    try {
      const path = "/cosmos.tx.v1beta1.Service/Simulate";
      const { gasInfo } = await query(endpoint, path, [SimulateRequest, SimulateResponse], request, signal);
      if (gasInfo !== undefined) return { ok: true, gas: gasInfo.gasUsed };
    } catch (error) {
      if (!isCausewayError(error) || error.code !== "RPC_BAD_ANSWER") throw error;
      const { code, said } = error.context;
      // Without a code it is not the application that answers.
      if (typeof code !== "number" || typeof said !== "string") throw error;
      const expected = expectedSequence(said);
      if (expected === undefined || attempt === ATTEMPTS)
        return { ok: false, refusal: { error: "refused", detail: complaintOf(said) } };
      sequence = expected;
      continue;
    }
    throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} simulates without saying the gas`, {
      context: { endpoint: endpoint.name },
    });
  }
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

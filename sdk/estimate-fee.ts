// What sending would cost, before it is sent.
import * as z from "zod";
import type { AppCall } from "#adapters/evm/app-calls.ts";
import { quantity } from "#adapters/evm/rpc/hex.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { planMessage, planTransfer } from "./plan.ts";
import type { SendParameters, TransferParameters } from "./plan.ts";
import { askWallet } from "./wallet/connect.ts";
import type { AnyWallet } from "./wallet/open-wallet.ts";
import { estimateGas } from "./wallet/send-call.ts";
import type { Wallet } from "./wallet/wallet.ts";

export interface FeeEstimate {
  /** Of all transactions together. */
  readonly gas: bigint;
  /** What the network takes at the moment, in wei. */
  readonly gasPrice: bigint;
  /** In wei. Delivery costs the sender nothing more: relayers pay for it. */
  readonly fee: bigint;
  /** 1, or 2 when a transfer needs an approval first. */
  readonly transactions: number;
}

/**
 * Takes the parameters of `send` or of `transfer`, and sends nothing. Throws what they throw before they send, and UNSUPPORTED when a transfer
 * needs an approval and the wallet's endpoint cannot simulate one transaction after the other.
 */
export async function estimateFee(
  wallet: AnyWallet,
  parameters: SendParameters | TransferParameters,
): Promise<FeeEstimate> {
  const { connected, approval, call } = await ("denom" in parameters
    ? planTransfer(wallet, parameters)
    : planMessage(wallet, parameters));
  const [gas, gasPrice] = await Promise.all([
    approval === undefined ? estimateGas(connected.wallet, call) : gasOfBoth(connected.wallet, approval, call),
    askWallet(connected.wallet, "eth_gasPrice", [], quantity),
  ]);
  return { gas, gasPrice, fee: gas * gasPrice, transactions: approval === undefined ? 1 : 2 };
}

const simulated = z
  .array(z.object({ calls: z.array(z.object({ gasUsed: quantity, status: quantity })).length(2) }))
  .length(1)
  .transform(([block]) => block?.calls ?? []);

/** The second would be refused without the first, so both are simulated in one block. */
async function gasOfBoth(wallet: Wallet, approval: AppCall, call: AppCall): Promise<bigint> {
  const calls = [approval, call].map(({ to, data }) => ({ from: wallet.address, to, data }));
  const results = await askWallet(
    wallet,
    "eth_simulateV1",
    [{ blockStateCalls: [{ calls }] }, "latest"],
    simulated,
  ).catch((cause: CausewayError) => {
    throw new CausewayError("UNSUPPORTED", `the wallet's endpoint cannot simulate what comes after an approval`, {
      hint: "use an endpoint that has eth_simulateV1, or approve the amount first",
      cause,
    });
  });
  if (results.some(({ status }) => status !== 1n))
    throw new CausewayError("TRANSACTION_REVERTED", "the transfer would be refused");
  return results.reduce((sum, { gasUsed }) => sum + gasUsed, 0n);
}

// One call of a contract by a wallet: simulated first, then sent, and followed to its receipt.
import { waitForTransactionReceipt } from "viem/actions";
import type { AppCall } from "#adapters/evm/app-calls.ts";
import { quantity } from "#adapters/evm/rpc/hex.ts";
import { gasLimit } from "#adapters/evm/submit/gas-limit.ts";
import { receipt, succeeded } from "#adapters/evm/submit/receipt.ts";
import type { Receipt } from "#adapters/evm/submit/receipt.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import { askWallet } from "./connect.ts";
import type { ConnectedWallet } from "./connect.ts";
import { walletError } from "./wallet-error.ts";
import type { Wallet } from "./wallet.ts";

/** For what changes until inclusion. */
const GAS_MULTIPLIER = 1.2;
/** A transaction that takes longer is left to itself. */
const PATIENCE_MS = 180_000;

/** Throws TRANSACTION_REVERTED with the contract's own error when the call would not succeed. */
export async function estimateGas(wallet: Wallet, { what, to, data }: AppCall): Promise<bigint> {
  const call = [{ from: wallet.address, to, data }];
  return askWallet(wallet, "eth_estimateGas", call, quantity).catch((error: CausewayError) => {
    if (error.code !== "TRANSACTION_REVERTED") throw error;
    throw walletError(what, error.cause);
  });
}

/**
 * Throws TRANSACTION_REVERTED, INSUFFICIENT_FUNDS, CANCELLED when the wallet's owner declines, RPC_UNREACHABLE, and TRANSACTION_STUCK with the
 * transaction's hash when it is not included in time.
 */
export async function sendCall({ wallet, deployment, client }: ConnectedWallet, call: AppCall): Promise<Receipt> {
  const { what, to, data } = call;
  const gas = gasLimit(await estimateGas(wallet, call), GAS_MULTIPLIER);
  const hash = await wallet.send({ chainId: deployment.chainId, to, data, gas }).catch((error: unknown) => {
    throw walletError(what, error);
  });
  const stuck = (cause: unknown): CausewayError =>
    new CausewayError("TRANSACTION_STUCK", `${what}: transaction ${hash} was sent and its inclusion not seen`, {
      hint: "it may still be included: find out what became of it before sending again",
      context: { transaction: hash },
      cause,
    });
  // The wallet's owner may replace it by one with a higher fee, which has another hash.
  const included = await waitForTransactionReceipt(client, { hash, timeout: PATIENCE_MS }).catch((error: unknown) => {
    throw stuck(error);
  });
  const found = await askWallet(wallet, "eth_getTransactionReceipt", [included.transactionHash], receipt);
  if (found === null) throw stuck(undefined);
  if (!succeeded(found))
    throw new CausewayError("TRANSACTION_REVERTED", `${what}: transaction ${found.transactionHash} reverted`, {
      context: { transaction: found.transactionHash },
    });
  return found;
}

// A wallet on the chain of a deployment, checked: nothing is asked of the wrong chain or of other contracts than those recorded.
import { createClient, custom, keccak256 } from "viem";
import type { Client } from "viem";
import { hexData, quantity } from "#adapters/evm/rpc/hex.ts";
import type { Hex } from "#adapters/evm/rpc/hex.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ReadCall } from "#adapters/evm/app-calls.ts";
import type { ZodType } from "zod";
import type { Contract, ParsedDeployment } from "../deployment.ts";
import { openWallet } from "./open-wallet.ts";
import type { AnyWallet } from "./open-wallet.ts";
import { walletError } from "./wallet-error.ts";
import type { Wallet } from "./wallet.ts";

export interface ConnectedWallet {
  readonly wallet: Wallet;
  readonly deployment: ParsedDeployment;
  /** viem's view of the chain, through the wallet. */
  readonly client: Client;
  readonly read: ReadCall;
}

/** Milliseconds between two looks for a receipt. */
const POLL_MS = 1_000;

/** Throws RPC_BAD_ANSWER for an answer that does not fit. */
export async function askWallet<T>(
  wallet: Wallet,
  method: string,
  params: readonly unknown[],
  schema: ZodType<T>,
): Promise<T> {
  const answer = await wallet.request(method, params).catch((error: unknown) => {
    throw walletError(method, error);
  });
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new CausewayError("RPC_BAD_ANSWER", `the wallet's endpoint gave an unusable answer to ${method}`, {
    cause: parsed.error,
  });
}

/** Throws WRONG_CHAIN_ID, CONTRACT_MISSING, and what a wallet throws. `app` is what is going to be called. */
export async function connectWallet(
  anyWallet: AnyWallet,
  deployment: ParsedDeployment,
  app: "transferApp" | "messageApp",
): Promise<ConnectedWallet> {
  const wallet = await openWallet(anyWallet);
  const chainId = await askWallet(wallet, "eth_chainId", [], quantity);
  if (chainId !== BigInt(deployment.chainId))
    throw new CausewayError(
      "WRONG_CHAIN_ID",
      `the wallet is on chain ${chainId}, the deployment on ${deployment.chainId}`,
      { hint: `switch the wallet to chain ${deployment.chainId}`, context: { chainId } },
    );
  await Promise.all([requireCode(wallet, "router", deployment.router), requireCode(wallet, app, deployment[app])]);
  const client = createClient({
    transport: custom(
      { request: ({ method, params }: { method: string; params?: unknown[] }) => wallet.request(method, params ?? []) },
      { retryCount: 0 },
    ),
    pollingInterval: POLL_MS,
  });
  const read: ReadCall = (call) => askWallet(wallet, "eth_call", [call, "latest"], hexData());
  return { wallet, deployment, client, read };
}

async function requireCode(wallet: Wallet, name: string, { address, codeHash }: Contract): Promise<void> {
  const code: Hex = await askWallet(wallet, "eth_getCode", [address, "latest"], hexData());
  if (code === "0x") throw new CausewayError("CONTRACT_MISSING", `there is no ${name} at ${address}`);
  if (codeHash !== undefined && keccak256(code) !== codeHash)
    throw new CausewayError("CONTRACT_MISSING", `the code at ${address} is not the ${name} that was deployed`, {
      hint: "the deployment record belongs to another chain, or to an earlier life of this one",
    });
}

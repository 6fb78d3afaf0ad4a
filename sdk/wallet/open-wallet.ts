// Recognises a wallet by its shape.
import type { WalletClient } from "viem";
import { CausewayError } from "#adapters/protocol/error.ts";
import { ethersWallet } from "./ethers-wallet.ts";
import type { EthersSigner } from "./ethers-wallet.ts";
import { viemWallet } from "./viem-wallet.ts";
import type { Wallet } from "./wallet.ts";

/** A viem wallet client with an account, or an ethers v6 signer with a provider. */
export type AnyWallet = WalletClient | EthersSigner;

const has = (value: object, method: string): boolean =>
  typeof (value as Record<string, unknown>)[method] === "function";

/** Throws INVALID_ARGUMENT for anything else. */
export async function openWallet(wallet: AnyWallet): Promise<Wallet> {
  const given: unknown = wallet;
  if (typeof given === "object" && given !== null) {
    if (has(given, "getAddress") && has(given, "sendTransaction")) return ethersWallet(given as EthersSigner);
    if (has(given, "request") && has(given, "sendTransaction")) return viemWallet(given as WalletClient);
  }
  throw new CausewayError("INVALID_ARGUMENT", "this is neither a viem wallet client nor an ethers v6 signer", {
    hint: "pass what createWalletClient returns, or an ethers Wallet or JsonRpcSigner",
  });
}

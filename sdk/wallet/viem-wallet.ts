// A viem wallet client as a wallet of ours.
import { defineChain } from "viem";
import type { WalletClient } from "viem";
import type { Hex } from "#adapters/evm/rpc/hex.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Wallet } from "./wallet.ts";

/** Enough of a chain for viem to check what it signs for. */
const bareChain = (id: number) =>
  defineChain({
    id,
    name: `eip155:${id}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });

/** Throws INVALID_ARGUMENT when the client was made without an account. */
export function viemWallet(client: WalletClient): Wallet {
  const { account } = client;
  if (account === undefined)
    throw new CausewayError("INVALID_ARGUMENT", "the wallet client has no account", {
      hint: "give createWalletClient the account that is to send",
    });
  const request = client.request as (call: { method: string; params: readonly unknown[] }) => Promise<unknown>;
  return {
    address: account.address.toLowerCase() as Hex,
    request: (method, params) => request({ method, params }),
    send: ({ chainId, to, data, gas }) =>
      client.sendTransaction({
        account,
        // The client's own chain may know of fees or serializations that are its own.
        chain: client.chain?.id === chainId ? client.chain : bareChain(chainId),
        to,
        data,
        gas,
      }),
  };
}

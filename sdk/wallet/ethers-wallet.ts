// An ethers v6 signer as a wallet of ours, by its shape: ethers itself is not needed here.
import type { Hex } from "#adapters/evm/rpc/hex.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Wallet } from "./wallet.ts";

/** As much of an ethers v6 `Signer` as is used: a `Wallet`, a `JsonRpcSigner`, a `NonceManager`. */
export interface EthersSigner {
  /** Has to be a provider that speaks JSON-RPC: a `JsonRpcProvider` or a `BrowserProvider`. */
  readonly provider: object | null;
  getAddress(): Promise<string>;
  sendTransaction(transaction: {
    chainId: number;
    to: string;
    data: string;
    gasLimit: bigint;
  }): Promise<{ readonly hash: string }>;
}

interface JsonRpc {
  send(method: string, params: readonly unknown[]): Promise<unknown>;
}

const isJsonRpc = (provider: object | null): provider is JsonRpc =>
  provider !== null && "send" in provider && typeof provider.send === "function";

/** Throws INVALID_ARGUMENT for a signer that is connected to nothing that speaks JSON-RPC. */
export async function ethersWallet(signer: EthersSigner): Promise<Wallet> {
  const { provider } = signer;
  if (!isJsonRpc(provider))
    throw new CausewayError("INVALID_ARGUMENT", "the signer is not connected to a provider that speaks JSON-RPC", {
      hint: "connect it: new Wallet(key, new JsonRpcProvider(url)), or take it from a BrowserProvider",
    });
  return {
    address: (await signer.getAddress()).toLowerCase() as Hex,
    request: (method, params) => provider.send(method, [...params]),
    async send({ chainId, to, data, gas }) {
      const { hash } = await signer.sendTransaction({ chainId, to, data, gasLimit: gas });
      return hash as Hex;
    },
  };
}

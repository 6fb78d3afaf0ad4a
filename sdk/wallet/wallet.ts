// What the SDK asks of a wallet, whichever library it comes from.
import type { Hex } from "#adapters/evm/rpc/hex.ts";

export interface Wallet {
  /** Of the account that signs, in lower case. */
  readonly address: Hex;
  /** JSON-RPC of the chain the wallet is on. Throws what the wallet's own library throws. */
  request(method: string, params: readonly unknown[]): Promise<unknown>;
  /** Signs for exactly this chain, and broadcasts; returns the transaction's hash. Throws what the wallet's own library throws. */
  send(transaction: WalletTransaction): Promise<Hex>;
}

export interface WalletTransaction {
  readonly chainId: number;
  readonly to: Hex;
  readonly data: Hex;
  readonly gas: bigint;
}

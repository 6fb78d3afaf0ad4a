// What the conformance suite needs of a family: two opened chains with a lane between them, and a hand on their blocks.
import type { Chain } from "#adapters/adapter.ts";
import type { Sent, TransferRequest } from "#adapters/chain-apps.ts";
import type { Verify, VerifyMisbehaviour } from "#adapters/protocol/verdict.ts";
import type { TransactionStore } from "#adapters/transaction-store.ts";

export interface PacketRequest {
  readonly receiver: string;
  /** Unix seconds. */
  readonly timeoutTimestamp: bigint;
}

export interface ConformanceChain {
  readonly chain: Chain;
  /** The light client on this chain that follows the other one. */
  readonly clientId: string;
  readonly transactions: TransactionStore;
  /** A contract, module or account that answers messages sent through this chain's counterparty. */
  readonly receiver: string;
  /** A token the signer holds. */
  readonly denom: TransferRequest["denom"];
  /** Sends a packet through the client id, of whichever application every chain of the family has. */
  send(request: PacketRequest): Promise<Sent>;
  /** The same chain opened again, as a restarted process would, over a store of the test's choosing. */
  reopen(options: { transactions: TransactionStore; signer?: "same" | "empty" }): Promise<Chain>;
  /** While off, sent transactions wait. */
  setInclusion(on: boolean): Promise<void>;
  /** Uses the signer's key behind the adapter's back. */
  spendForeignly(): Promise<void>;
  /** Unix seconds on the chain's clock. */
  now(): Promise<bigint>;
}

export interface ConformanceBench {
  readonly verify: Verify;
  readonly verifyMisbehaviour: VerifyMisbehaviour;
  readonly a: ConformanceChain;
  readonly b: ConformanceChain;
  close(): Promise<void>;
}

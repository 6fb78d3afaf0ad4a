// Stored nonce lanes: one per (chain, signer). A transaction is recorded before it is broadcast, so that a crash at any
// instant leaves either nothing or a transaction that the next run continues.

export interface StoredTransaction {
  readonly batchId: string;
  readonly nonce: bigint;
  /** Signed bytes, ready to be broadcast again. */
  readonly raw: Uint8Array;
  readonly id: string;
  /** Family-specific fee fields, for escalation. */
  readonly fee: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

export interface NonceLane {
  /** The next nonce this lane would use, as stored; undefined before the first transaction. */
  nextNonce(): Promise<bigint | undefined>;
  /** Durable before it returns. Replacing a nonce's transaction keeps the earlier ones: any of them may be included. */
  record(transaction: StoredTransaction): Promise<void>;
  /** Transactions that are neither settled nor abandoned, oldest nonce first, replacements after what they replace. */
  unsettled(): Promise<StoredTransaction[]>;
  /** The nonce is used up on chain; `id` is the transaction that took it, if it was one of ours. */
  settle(nonce: bigint, id: string | undefined): Promise<void>;
  /** Sets the stored next nonce to what the chain says (after foreign use of the key). */
  reset(nextNonce: bigint): Promise<void>;
}

export interface TransactionStore {
  /** Runs `work` while holding the lane alone, across all processes on the same store. */
  withLane<T>(
    lane: { readonly chainId: string; readonly signer: string },
    work: (lane: NonceLane) => Promise<T>,
  ): Promise<T>;
  /** Transactions recorded for a batch, settled or not. */
  ofBatch(chainId: string, batchId: string): Promise<StoredTransaction[]>;
}

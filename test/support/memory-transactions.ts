// A transaction store for chains a test itself sends from: in memory, one lane holder at a time.
import type { NonceLane, StoredTransaction, TransactionStore } from "#adapters/transaction-store.ts";

interface Kept extends StoredTransaction {
  readonly chainId: string;
  readonly lane: string;
}

export function memoryTransactions(): TransactionStore {
  const kept: Kept[] = [];
  const settled = new Set<string>();
  const next = new Map<string, bigint>();
  const turns = new Map<string, Promise<unknown>>();

  const open = (chainId: string, lane: string): NonceLane => ({
    nextNonce: async () => next.get(lane),
    async record(transaction) {
      kept.push({ ...transaction, chainId, lane });
      const following = transaction.nonce + 1n;
      if (following > (next.get(lane) ?? 0n)) next.set(lane, following);
    },
    unsettled: async () =>
      kept
        .filter((each) => each.lane === lane && !settled.has(each.id))
        .toSorted((left, right) => Number(left.nonce - right.nonce)),
    async settle(nonce) {
      // Those recorded so far: a nonce that was given up is used again.
      for (const each of kept) if (each.lane === lane && each.nonce === nonce) settled.add(each.id);
    },
    async reset(nonce) {
      next.set(lane, nonce);
    },
  });

  return {
    async withLane({ chainId, signer }, work) {
      const lane = `${chainId} ${signer}`;
      const turn = (turns.get(lane) ?? Promise.resolve()).then(() => work(open(chainId, lane)));
      turns.set(
        lane,
        turn.catch(() => undefined),
      );
      return turn;
    },
    ofBatch: async (chainId, batchId) => kept.filter((each) => each.chainId === chainId && each.batchId === batchId),
  };
}

// Stored nonce lanes and signed transactions, in Postgres (see adapters/transaction-store.ts).
import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "pg";
import type { NonceLane, StoredTransaction, TransactionStore } from "#adapters/transaction-store.ts";
import type { Locks } from "#relayer/locks.ts";

interface Row {
  readonly batch_id: string;
  readonly nonce: bigint;
  readonly raw: Buffer;
  readonly id: string;
  readonly fee: Record<string, string>;
  readonly created_at: bigint;
}

const stored = (row: Row): StoredTransaction => ({
  batchId: row.batch_id,
  nonce: row.nonce,
  raw: new Uint8Array(row.raw),
  id: row.id,
  fee: row.fee,
  createdAt: Number(row.created_at),
});

const COLUMNS = "batch_id, nonce, raw, id, fee, created_at";
/** How often another holder is asked whether it is done. */
const LOCK_POLL_MS = 50;

export function openTransactionStore(pool: Pool, locks: Locks): TransactionStore {
  const waiting = new Map<string, Promise<unknown>>();

  const nonceLane = (chain: string, signer: string): NonceLane => ({
    async nextNonce() {
      const { rows } = await pool.query<{ next_nonce: bigint }>(
        "select next_nonce from nonce_lanes where chain = $1 and signer = $2",
        [chain, signer],
      );
      return rows[0]?.next_nonce;
    },
    async record(transaction) {
      await pool.query(
        `with recorded as (
           insert into transactions (chain, signer, batch_id, nonce, raw, id, fee, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (chain, id) do nothing)
         insert into nonce_lanes (chain, signer, next_nonce) values ($1, $2, $4::numeric + 1)
         on conflict (chain, signer) do update set next_nonce = greatest(nonce_lanes.next_nonce, excluded.next_nonce)`,
        [
          chain,
          signer,
          transaction.batchId,
          transaction.nonce,
          Buffer.from(transaction.raw),
          transaction.id,
          JSON.stringify(transaction.fee),
          transaction.createdAt,
        ],
      );
    },
    async unsettled() {
      const { rows } = await pool.query<Row>(
        `select ${COLUMNS} from transactions where chain = $1 and signer = $2 and not settled order by nonce, position`,
        [chain, signer],
      );
      return rows.map(stored);
    },
    async settle(nonce) {
      await pool.query("update transactions set settled = true where chain = $1 and signer = $2 and nonce = $3", [
        chain,
        signer,
        nonce,
      ]);
    },
    async reset(nextNonce) {
      await pool.query(
        `insert into nonce_lanes (chain, signer, next_nonce) values ($1, $2, $3)
         on conflict (chain, signer) do update set next_nonce = excluded.next_nonce`,
        [chain, signer, nextNonce],
      );
    },
  });

  async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    for (;;) {
      const lock = await locks.tryLock(name);
      if (lock === undefined) {
        await delay(LOCK_POLL_MS);
        continue;
      }
      try {
        return await work();
      } finally {
        await lock.release();
      }
    }
  }

  return {
    withLane({ chainId, signer }, work) {
      const name = `signer ${chainId} ${signer}`;
      // Within the process callers take their turn in order; across processes the lock decides.
      const turn = (waiting.get(name) ?? Promise.resolve()).then(() =>
        alone(name, () => work(nonceLane(chainId, signer))),
      );
      const settled = turn.catch(() => undefined);
      waiting.set(name, settled);
      return turn;
    },
    async ofBatch(chainId, batchId) {
      const { rows } = await pool.query<Row>(
        `select ${COLUMNS} from transactions where chain = $1 and batch_id = $2 order by nonce, position`,
        [chainId, batchId],
      );
      return rows.map(stored);
    },
  };
}

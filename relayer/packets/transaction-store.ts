// Stored nonce lanes and signed transactions, in Postgres (see adapters/transaction-store.ts).
// A nonce lane belongs to whoever holds the advisory lock of its signer, and its statements run in the session that holds it: who
// lost that session cannot record, and so does not broadcast.
import { EventEmitter, once } from "node:events";
import type { ClientBase } from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { NonceLane, StoredTransaction, TransactionStore } from "#adapters/transaction-store.ts";
import type { Database } from "#relayer/database/open.ts";
import { openPool } from "#relayer/database/open-pool.ts";
import { chainKey, HOLDS, lockKey } from "#relayer/leases/lease-keys.ts";

export interface ClosableTransactionStore extends TransactionStore {
  /** Resolves when this process records a transaction for the batch, and when `signal` aborts. */
  recorded(batchId: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** For a process that signs only on chains that it holds, among others that may take them over. */
export interface Fence {
  /** Postgres's id of the session that holds the chain for this process; undefined when none does. */
  sessionOf(chain: ChainId): number | undefined;
}

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
/** Signers that may be at work at a time, one for a chain: one whose chain does not answer keeps its connection. */
const MOST_LANES = 32;
/** Nobody keeps a signer for longer, unless it hangs. */
const LOCK_TIMEOUT_MS = 60_000;

/** `$9` is a session's id: true while it holds the lease that has the number `$10`. */
const HELD = `exists (
  select from pg_locks where pid = $9 and locktype = 'advisory' and objsubid = 1 and granted
    and ((classid::bigint << 32) | objid::bigint) = $10::bigint)`;

export function openTransactionStore(
  { pool, url }: Pick<Database, "pool" | "url">,
  fence?: Fence,
): ClosableTransactionStore {
  const sessions = openPool(url, { max: MOST_LANES, lock_timeout: LOCK_TIMEOUT_MS });
  sessions.on("error", () => undefined);
  const waiting = new Map<string, Promise<unknown>>();
  const records = new EventEmitter().setMaxListeners(0);

  const nonceLane = (
    session: ClientBase,
    { chain, signer, holder }: { readonly chain: string; readonly signer: string; readonly holder: number | null },
  ): NonceLane => ({
    async nextNonce() {
      const { rows } = await session.query<{ next_nonce: bigint }>(
        "select next_nonce from nonce_lanes where chain = $1 and signer = $2",
        [chain, signer],
      );
      return rows[0]?.next_nonce;
    },
    async record(transaction) {
      const { rows } = await session.query<{ allowed: boolean }>(
        `with allowed as (select where $9::integer is null or ${HELD}), recorded as (
           insert into transactions (chain, signer, batch_id, nonce, raw, id, fee, created_at)
           select $1, $2, $3, $4, $5, $6, $7, $8 from allowed on conflict (chain, id) do nothing), numbered as (
           insert into nonce_lanes (chain, signer, next_nonce) select $1, $2, $4::numeric + 1 from allowed
           on conflict (chain, signer) do update set next_nonce = greatest(nonce_lanes.next_nonce, excluded.next_nonce))
         select exists (select from allowed) as allowed`,
        [
          chain,
          signer,
          transaction.batchId,
          transaction.nonce,
          Buffer.from(transaction.raw),
          transaction.id,
          JSON.stringify(transaction.fee),
          transaction.createdAt,
          holder,
          lockKey(HOLDS, chainKey(chain)),
        ],
      );
      if (rows[0]?.allowed !== true) throw notHeld(chain);
      records.emit(`recorded ${transaction.batchId}`);
    },
    async unsettled() {
      const { rows } = await session.query<Row>(
        `select ${COLUMNS} from transactions where chain = $1 and signer = $2 and not settled order by nonce, position`,
        [chain, signer],
      );
      return rows.map(stored);
    },
    async settle(nonce) {
      await session.query("update transactions set settled = true where chain = $1 and signer = $2 and nonce = $3", [
        chain,
        signer,
        nonce,
      ]);
    },
    async reset(nextNonce) {
      await session.query(
        `insert into nonce_lanes (chain, signer, next_nonce) values ($1, $2, $3)
         on conflict (chain, signer) do update set next_nonce = excluded.next_nonce`,
        [chain, signer, nextNonce],
      );
    },
  });

  async function alone<T>(chain: string, signer: string, work: (lane: NonceLane) => Promise<T>): Promise<T> {
    const holder = fence?.sessionOf(chain);
    if (fence !== undefined && holder === undefined) throw notHeld(chain);
    const session = await sessions.connect();
    let broken = false;
    try {
      await session.query(`select pg_advisory_lock(${SIGNER_KEY})`, [`${chain} ${signer}`]);
      try {
        return await work(nonceLane(session, { chain, signer, holder: holder ?? null }));
      } finally {
        await session
          .query(`select pg_advisory_unlock(${SIGNER_KEY})`, [`${chain} ${signer}`])
          .catch(() => (broken = true));
      }
    } catch (error) {
      throw busy(error, chain, signer);
    } finally {
      // The lock ends with a session that could not give it back.
      session.release(broken);
    }
  }

  return {
    withLane({ chainId, signer }, work) {
      const name = `${chainId} ${signer}`;
      // Within the process callers take their turn in order; across processes the lock decides.
      const turn = (waiting.get(name) ?? Promise.resolve()).then(() => alone(chainId, signer, work));
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
    recorded: (batchId, signal) =>
      once(records, `recorded ${batchId}`, { signal }).then(
        () => undefined,
        () => undefined,
      ),
    close: () => sessions.end(),
  };
}

const SIGNER_KEY = "hashtextextended($1, 7)";

/** Another process took the chain over, and goes on with the batch. */
const notHeld = (chain: string): CausewayError =>
  new CausewayError("CANCELLED", `another process works for ${chain} now: nothing is signed here`);

const LOCK_NOT_AVAILABLE = "55P03";

const busy = (error: unknown, chain: string, signer: string): unknown =>
  (error as { code?: unknown }).code === LOCK_NOT_AVAILABLE
    ? new CausewayError("STORE_UNAVAILABLE", `another process keeps the signer ${signer} of ${chain} to itself`, {
        cause: error,
      })
    : error;

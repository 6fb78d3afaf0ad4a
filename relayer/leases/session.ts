// One database session that says which chains this process wants and holds: advisory locks, which end with the session.
// What Postgres itself knows of its locks and sessions is all there is: nothing is written, so nothing can be out of date.
import pg from "pg";
import type { ChainId } from "#adapters/chain-id.ts";
import { PROCESS_NAME } from "#relayer/process-name.ts";
import { chainKey, HOLDS, lockKey, WANTS } from "./lease-keys.ts";
import type { Member } from "./share-out.ts";

/** A process as its session shows it; `id` is that of its session. Chains are by their keys. */
export interface Seen extends Member {
  readonly name: string;
  /** Since its session last asked anything. */
  readonly silentSeconds: number;
}

export interface LeaseSession {
  /** Postgres's id of the session. */
  readonly id: number;
  readonly wants: ReadonlySet<ChainId>;
  /** Everybody, this one too. */
  look(): Promise<Seen[]>;
  /** From now on the chain is one that this process would work for; until `unwant`. */
  want(chains: readonly ChainId[]): Promise<void>;
  unwant(chains: readonly ChainId[]): Promise<void>;
  /** Those of the chains that nobody held, and that this session now holds. */
  take(chains: readonly ChainId[]): Promise<ChainId[]>;
  giveBack(chain: ChainId): Promise<void>;
  /** Ends every session of another process. */
  end(name: string): Promise<void>;
  close(): Promise<void>;
}

const LOOK = `
  with locks as (
    select pid, (classid::bigint >> 16) as kind, (((classid::bigint & 65535) << 32) | objid::bigint)::text as key
    from pg_locks
    where locktype = 'advisory' and objsubid = 1 and granted and (classid::bigint >> 16) in (${HOLDS}, ${WANTS})
      and database = (select oid from pg_database where datname = current_database())
  )
  select pid as id, a.application_name as name,
    coalesce(array_agg(key) filter (where kind = ${WANTS}), '{}') as wants,
    coalesce(array_agg(key) filter (where kind = ${HOLDS}), '{}') as holds,
    coalesce(extract(epoch from clock_timestamp() - greatest(a.query_start, a.state_change)), 0)::float8 as silent
  from locks join pg_stat_activity a using (pid)
  group by pid, a.application_name, a.query_start, a.state_change`;

/** Throws what node-postgres throws. `lost` is called once when the session ended without `close`. */
export async function openLeaseSession(url: string, lost: () => void): Promise<LeaseSession> {
  const client = new pg.Client({
    connectionString: url,
    application_name: PROCESS_NAME,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  let ended = false;
  const lose = (): void => {
    if (ended) return;
    ended = true;
    lost();
  };
  client.on("error", lose);
  client.on("end", lose);
  await client.connect();
  let last: Promise<unknown> = Promise.resolve();
  /** One statement at a time. After one that failed nobody knows what is held: the session ends, and with it whatever it holds. */
  const ask = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const answer = last.then(async () => {
      try {
        const { rows } = await client.query<Row>(sql, [...values]);
        return rows;
      } catch (error) {
        lose();
        client.end().catch(() => undefined);
        throw error;
      }
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  const forAll = (does: string, kind: bigint, chains: readonly ChainId[]) =>
    ask<{ position: string; ok: boolean }>(
      `select position, ${does}(key) as ok from unnest($1::bigint[]) with ordinality as k (key, position)`,
      [chains.map((chain) => lockKey(kind, chainKey(chain)))],
    );
  const [self] = await ask<{ id: number }>("select pg_backend_pid() as id");
  // Its end may have come together with the answer, and is told once only: then nobody would hear of it.
  if (ended) throw new Error("the database session ended as it began");
  const wants = new Set<ChainId>();
  return {
    id: self?.id ?? 0,
    wants,
    async look() {
      const rows = await ask<{ id: number; name: string; wants: string[]; holds: string[]; silent: number }>(LOOK);
      return rows.map(({ id, name, silent, ...row }) => ({
        id,
        name,
        silentSeconds: silent,
        wants: new Set(row.wants),
        holds: new Set(row.holds),
      }));
    },
    async want(chains) {
      await forAll("pg_try_advisory_lock_shared", WANTS, chains);
      for (const chain of chains) wants.add(chain);
    },
    async unwant(chains) {
      await forAll("pg_advisory_unlock_shared", WANTS, chains);
      for (const chain of chains) wants.delete(chain);
    },
    async take(chains) {
      const rows = await forAll("pg_try_advisory_lock", HOLDS, chains);
      return chains.filter((_, index) => rows.some(({ position, ok }) => ok && Number(position) === index + 1));
    },
    async giveBack(chain) {
      await forAll("pg_advisory_unlock", HOLDS, [chain]);
    },
    async end(name) {
      await ask(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = $1 and datname = current_database() and pid <> pg_backend_pid()`,
        [name],
      );
    },
    async close() {
      ended = true;
      await last;
      await client.end().catch(() => undefined);
    },
  };
}

// Exclusive work across processes: Postgres session advisory locks, which a killed process gives up at once.
import pg from "pg";
import type { Logger } from "#adapters/logger.ts";

export interface Lock {
  /** Aborts when the lock was lost with its session: stop, somebody else may go on. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

export interface Locks {
  /** Undefined when somebody else, here or elsewhere, holds it. */
  tryLock(name: string): Promise<Lock | undefined>;
  close(): Promise<void>;
}

const KEY = "hashtextextended($1, 7)";

/** All locks of a process live in one session, so the process keeps its own record of what it holds. */
export function openLocks(url: string, logger: Logger): Locks {
  const held = new Map<string, AbortController>();
  const granted = new Set<string>();
  let session: Promise<pg.Client> | undefined;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  /** One statement at a time: that is what a session takes. */
  const ask = (client: Promise<pg.Client>, sql: string, name: string): Promise<boolean> => {
    const answer = last.then(async () => (await client).query<{ ok: boolean }>(sql, [name]));
    last = answer.catch(() => undefined);
    return answer.then(({ rows }) => rows[0]?.ok === true);
  };

  const lose = (lost: Promise<pg.Client>): void => {
    if (session !== lost) return;
    session = undefined;
    if (granted.size > 0 && !closed) logger.warn({ locks: [...granted] }, "locks were lost with their session");
    granted.clear();
    for (const controller of held.values()) controller.abort();
    held.clear();
  };

  const connect = (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: "causeway locks",
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    const connecting = client.connect().then(() => client);
    client.on("error", () => lose(connecting));
    client.on("end", () => lose(connecting));
    connecting.catch(() => lose(connecting));
    return connecting;
  };

  return {
    async tryLock(name) {
      if (closed || held.has(name)) return undefined;
      const controller = new AbortController();
      held.set(name, controller);
      session ??= connect();
      const client = session;
      try {
        const ok = await ask(client, `select pg_try_advisory_lock(${KEY}) as ok`, name);
        if (ok && !controller.signal.aborted) {
          granted.add(name);
          return {
            signal: controller.signal,
            async release() {
              if (controller.signal.aborted || held.get(name) !== controller) return;
              await ask(client, `select pg_advisory_unlock(${KEY}) as ok`, name).catch(() => lose(client));
              if (held.get(name) !== controller) return;
              held.delete(name);
              granted.delete(name);
            },
          };
        }
      } catch (error) {
        // Whether the lock was granted is not known: the session ends, and with it whatever it holds.
        lose(client);
        client.then((lost) => lost.end()).catch(() => undefined);
        throw error;
      }
      if (held.get(name) === controller) held.delete(name);
      return undefined;
    },
    async close() {
      closed = true;
      const client = await session?.catch(() => undefined);
      await client?.end().catch(() => undefined);
    },
  };
}

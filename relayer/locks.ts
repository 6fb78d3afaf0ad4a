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
  let session: Promise<pg.Client> | undefined;
  let closed = false;

  const lose = (lost: Promise<pg.Client>): void => {
    if (session !== lost) return;
    session = undefined;
    if (held.size > 0 && !closed) logger.warn({ locks: [...held.keys()] }, "locks were lost with their session");
    for (const controller of held.values()) controller.abort();
    held.clear();
  };

  const connect = (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: "causeway locks",
      connectionTimeoutMillis: 10_000,
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
        const { rows } = await (
          await client
        ).query<{ ok: boolean }>(`select pg_try_advisory_lock(${KEY}) as ok`, [name]);
        if (rows[0]?.ok === true && !controller.signal.aborted)
          return {
            signal: controller.signal,
            async release() {
              if (controller.signal.aborted || held.get(name) !== controller) return;
              await (await client).query(`select pg_advisory_unlock(${KEY})`, [name]).catch(() => lose(client));
              if (held.get(name) === controller) held.delete(name);
            },
          };
      } catch (error) {
        if (held.get(name) === controller) held.delete(name);
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

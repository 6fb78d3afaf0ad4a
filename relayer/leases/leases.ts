// Every chain is worked for by one process at a time: it alone watches it, and signs there for the lanes that lead to it. The
// processes on one database share the chains out evenly among themselves, and nobody has to be told who the others are.
import { setTimeout as delay } from "node:timers/promises";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Logger } from "#adapters/logger.ts";
import { PROCESS_NAME } from "#relayer/process-name.ts";
import { chainKey } from "./lease-keys.ts";
import { openLeaseSession } from "./session.ts";
import type { LeaseSession, Seen } from "./session.ts";
import { shareOut } from "./share-out.ts";

/** While a process holds a chain. */
export interface Tenure {
  /** Aborts when the chain is to be given up: what is in hand is finished, nothing new is begun. */
  readonly ending: AbortSignal;
  /** Aborts when it was lost with the database session: stop at once, somebody else may be at it. */
  readonly lost: AbortSignal;
}

export interface Leases {
  /** Whether this process works for the chain, and goes on to. */
  holds(chain: ChainId): boolean;
  /** Postgres's id of the session that holds the chain; undefined when this process does not. */
  session(chain: ChainId): number | undefined;
  /** Takes this process's share, and calls `work` for each chain as long as it is held. Returns after `signal`, with all given back. */
  run(work: (chain: ChainId, tenure: Tenure) => Promise<void>, signal: AbortSignal): Promise<void>;
}

export interface LeaseOptions {
  readonly url: string;
  readonly chains: readonly ChainId[];
  /** Milliseconds between two looks at who lives and who holds what. */
  readonly interval: number;
  readonly logger: Logger;
}

interface Held {
  readonly session: LeaseSession;
  readonly ending: AbortController;
  readonly lost: AbortController;
  ended: Promise<void>;
}

/** A living process looks several times in this long, whatever keeps it busy. Seconds. */
const SILENT = 6;

export function openLeases({ url, chains, interval, logger }: LeaseOptions): Leases {
  const held = new Map<ChainId, Held>();
  let session: LeaseSession | undefined;
  let suspects = new Set<number>();
  let failing = false;

  const lose = (lost: LeaseSession): void => {
    if (session === lost) session = undefined;
    const gone = [...held].filter(([, tenure]) => tenure.session === lost);
    if (gone.length > 0) logger.warn({ chains: gone.map(([chain]) => chain) }, "chains were lost with their session");
    for (const [, { lost: stop, ending }] of gone) {
      stop.abort();
      ending.abort();
    }
  };

  const connect = async (): Promise<LeaseSession> => {
    let opened: LeaseSession | undefined;
    opened = await openLeaseSession(url, () => {
      if (opened !== undefined) lose(opened);
    });
    return opened;
  };

  /**
   * A frozen process keeps its sessions, and what they hold. Its sessions are ended for it: when it wakes it has lost everything,
   * and what it then still wants to sign is refused (`TransactionStore`). Silent twice, so that a machine that slept ends nobody.
   */
  const endSilent = async (looking: LeaseSession, seen: readonly Seen[]): Promise<void> => {
    const silent = seen.filter(({ name, silentSeconds }) => name !== PROCESS_NAME && silentSeconds > SILENT);
    for (const { id, name } of silent)
      if (suspects.has(id)) {
        logger.warn({ process: name }, "a relayer has fallen silent: its database sessions are ended");
        await looking.end(name);
      }
    suspects = new Set(silent.map(({ id }) => id));
  };

  const begin = (chain: ChainId, holding: LeaseSession, work: (tenure: Tenure) => Promise<void>): void => {
    const [ending, lost] = [new AbortController(), new AbortController()];
    const tenure: Held = { session: holding, ending, lost, ended: Promise.resolve() };
    held.set(chain, tenure);
    tenure.ended = work({ ending: ending.signal, lost: lost.signal })
      .catch((error: Error) => logger.error({ chain, error: error.message }, "the work for a chain ended"))
      .then(() => (lost.signal.aborted ? undefined : holding.giveBack(chain)))
      // A session that does not answer has lost it.
      .catch(() => undefined)
      .finally(() => held.delete(chain));
  };

  const turn = async (work: (chain: ChainId, tenure: Tenure) => Promise<void>, signal: AbortSignal): Promise<void> => {
    session ??= await connect();
    const current = session;
    // What was lost is wanted again only once this process has let go of it.
    const missing = chains.filter(
      (chain) => !current.wants.has(chain) && (held.get(chain)?.session ?? current) === current,
    );
    if (missing.length > 0) await current.want(missing);
    const seen = await current.look();
    await endSilent(current, seen);
    const share = shareOut(seen).get(current.id) ?? new Set();
    for (const [chain, tenure] of held) if (!share.has(chainKey(chain))) tenure.ending.abort();
    const free = [...current.wants].filter((chain) => !held.has(chain) && share.has(chainKey(chain)));
    if (free.length === 0 || signal.aborted) return;
    for (const chain of await current.take(free)) begin(chain, current, (tenure) => work(chain, tenure));
  };

  const leave = async (): Promise<void> => {
    // The others need not wait for the last batch in hand to know that this process wants nothing any more.
    await session?.unwant([...session.wants]).catch(() => undefined);
    for (const { ending } of held.values()) ending.abort();
    await Promise.all([...held.values()].map(({ ended }) => ended));
    await session?.close();
  };

  return {
    holds: (chain) => held.get(chain)?.ending.signal.aborted === false,
    session(chain) {
      const tenure = held.get(chain);
      return tenure?.lost.signal.aborted === false ? tenure.session.id : undefined;
    },
    async run(work, signal) {
      while (!signal.aborted) {
        try {
          await turn(work, signal);
          failing = false;
        } catch (error) {
          if (!failing) logger.warn({ error: (error as Error).message }, "chains cannot be shared out for the moment");
          failing = true;
        }
        await delay(interval, undefined, { signal }).catch(() => undefined);
      }
      await leave();
    },
  };
}

// Stops a relayer's lane at a stage, and lets it go on: by waiting chains before proofs and transactions, by locks of the database elsewhere.
import pg from "pg";
import type { Chain } from "#adapters/adapter.ts";
import type { Listener } from "#relayer/events.ts";
import type { Family } from "#relayer/family.ts";

/** `watch`: known, and nobody takes it up; `queue`: proven, and no worker takes it; `verify`, `log`: the proof log is busy. */
export type HeldStage = "watch" | "prove" | "queue" | "verify" | "submit" | "log";

export interface StageHolds {
  readonly listener: Listener;
  readonly wrap: (family: Family) => Family;
  /** From now on the lane gets this far and no further, until the function that it returns is called. */
  hold(stage: HeldStage, lane: string): Promise<() => Promise<void>>;
  /** What a test that failed left behind. */
  releaseAll(): Promise<void>;
}

/** What is locked: at once, since what went before is held already and needs no more of it, or at the event that ends the stage before. */
const LOCKS = {
  watch: { after: undefined, sql: "select pg_advisory_lock(hashtextextended('lane ' || $1, 7))" },
  queue: { after: "proved", sql: "select pg_advisory_lock(hashtextextended('lane ' || $1, 7))" },
  verify: { after: undefined, sql: "select from log_head where $1 <> '' for update" },
  log: { after: undefined, sql: "select from log_head where $1 <> '' for update" },
} as const;

interface Armed {
  readonly after: string;
  readonly lane: string;
  fire(): void;
}

export function openStageHolds(databaseUrl: string): StageHolds {
  const gates = new Map<string, Promise<void>>();
  const armed = new Set<Armed>();
  const held = new Set<() => Promise<void>>();

  const holdAtGate = (name: string): (() => Promise<void>) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.set(name, promise);
    return async () => {
      gates.delete(name);
      resolve();
    };
  };

  const holdByLock = async (stage: keyof typeof LOCKS, lane: string): Promise<() => Promise<void>> => {
    const { after, sql } = LOCKS[stage];
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    // The end of the session, or of its transaction, ends the lock.
    await client.query("begin");
    const lock = (): Promise<unknown> => client.query(sql, [lane]);
    let locking: Promise<unknown> | undefined;
    if (after === undefined) locking = await lock().then(() => undefined);
    else {
      const one: Armed = {
        after,
        lane,
        fire: () => {
          armed.delete(one);
          locking = lock();
        },
      };
      armed.add(one);
    }
    return async () => {
      await locking;
      await client.end();
    };
  };

  const wrapChain = (chain: Chain): Chain => ({
    ...chain,
    health: () => chain.health(),
    close: () => chain.close(),
    source: {
      watch: (from, signal) => chain.source.watch(from, signal),
      outstanding: (clientId) => chain.source.outstanding(clientId),
      forksAhead: (client) => chain.source.forksAhead(client),
      recover: (clientId, sequences) => chain.source.recover(clientId, sequences),
      compare: (trusted, signal) => chain.source.compare(trusted, signal),
      contradict: (request, signal) => chain.source.contradict(request, signal),
      describe: (state) => chain.source.describe(state),
      async prove(request, signal) {
        if (request.claims.length > 0) await gates.get(`prove ${request.targetChain}/${request.trusted.clientId}`);
        return chain.source.prove(request, signal);
      },
    },
    target: {
      trusted: (clientId) => chain.target.trusted(clientId),
      views: (clientId) => chain.target.views(clientId),
      standing: (queries) => chain.target.standing(queries),
      accepted: (clientId, height) => chain.target.accepted(clientId, height),
      report: (report, signal) => chain.target.report(report, signal),
      async submit(batch, signal) {
        if (batch.messages.length > 0) await gates.get(`submit ${chain.chainId}/${batch.clientId}`);
        return chain.target.submit(batch, signal);
      },
    },
  });

  return {
    listener(event) {
      for (const one of armed) if ("lane" in event && event.type === one.after && event.lane === one.lane) one.fire();
    },
    wrap: (family) => ({
      family: family.family,
      configSchema: family.configSchema,
      verify: family.verify,
      verifyMisbehaviour: family.verifyMisbehaviour,
      open: async (config, dependencies) => wrapChain(await family.open(config, dependencies)),
    }),
    async hold(stage, lane) {
      const isGate = stage === "prove" || stage === "submit";
      const go = isGate ? holdAtGate(`${stage} ${lane}`) : await holdByLock(stage, lane);
      const release = async (): Promise<void> => {
        if (held.delete(release)) await go();
      };
      held.add(release);
      return release;
    },
    async releaseAll() {
      for (const release of held) await release();
    },
  };
}

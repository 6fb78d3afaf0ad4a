// Stops a relayer's lane at a stage, and lets it go on: by waiting chains before proofs and transactions, by a paused queue before anything
// is taken up, by a lock before what is proven is taken on, and by a locked proof log.
import * as bullmq from "bullmq";
import pg from "pg";
import type { Chain } from "#adapters/adapter.ts";
import type { Family } from "#relayer/family.ts";
import { queueName } from "#relayer/pipeline/3-queue.ts";

/**
 * `watch`: known, and nobody takes it up, nor anything else to that chain; `queue`: proven, and nobody takes it on; `verify`, `log`: the
 * proof log is busy.
 */
export type HeldStage = "watch" | "prove" | "queue" | "verify" | "submit" | "log";

export interface StageHolds {
  readonly wrap: (family: Family) => Family;
  /** From now on the lane gets this far and no further, until the function that it returns is called. */
  hold(stage: HeldStage, lane: string): Promise<() => Promise<void>>;
  /** What a test that failed left behind. */
  releaseAll(): Promise<void>;
}

export function openStageHolds(databaseUrl: string): StageHolds {
  const { Queue } = bullmq.withBackend(bullmq.createPostgresBackend);
  const gates = new Map<string, Promise<void>>();
  const held = new Set<() => Promise<void>>();

  const holdAtGate = (name: string): (() => Promise<void>) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gates.set(name, promise);
    return async () => {
      gates.delete(name);
      resolve();
    };
  };

  const holdQueue = async (target: string): Promise<() => Promise<void>> => {
    const queue = new Queue(queueName("causeway", target), { connection: databaseUrl });
    await queue.pause();
    return async () => {
      await queue.resume();
      await queue.close();
    };
  };

  /** Whoever takes a batch on waits for the lock of its lane, and shows nothing of it until then. */
  const GATE = `
    create or replace function wait_at_queue() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(hashtextextended('queue ' || new.lane, 7));
      return new;
    end $$;
    create or replace trigger wait_at_queue before update on batches for each row
      when (old.status = 'queued' and new.status = 'verifying') execute function wait_at_queue()`;

  const holdProven = async (lane: string): Promise<() => Promise<void>> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(GATE);
    // The end of the session ends the lock.
    await client.query("select pg_advisory_lock(hashtextextended('queue ' || $1, 7))", [lane]);
    return () => client.end();
  };

  const holdLog = async (): Promise<() => Promise<void>> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    // The end of the transaction ends the lock.
    await client.query("begin");
    await client.query("select from log_head for update");
    return () => client.end();
  };

  const holdAt = async (stage: HeldStage, lane: string): Promise<() => Promise<void>> => {
    if (stage === "prove" || stage === "submit") return holdAtGate(`${stage} ${lane}`);
    if (stage === "queue") return holdProven(lane);
    return stage === "watch" ? holdQueue(lane.slice(0, lane.lastIndexOf("/"))) : holdLog();
  };

  const wrapChain = (chain: Chain): Chain => ({
    ...chain,
    source: {
      ...chain.source,
      async prove(request, signal) {
        if (request.claims.length > 0) await gates.get(`prove ${request.targetChain}/${request.trusted.clientId}`);
        return chain.source.prove(request, signal);
      },
    },
    target: {
      ...chain.target,
      async submit(batch, signal) {
        if (batch.messages.length > 0) await gates.get(`submit ${chain.chainId}/${batch.clientId}`);
        return chain.target.submit(batch, signal);
      },
    },
  });

  return {
    wrap: (family) => ({
      ...family,
      open: async (config, dependencies) => wrapChain(await family.open(config, dependencies)),
    }),
    async hold(stage, lane) {
      const go = await holdAt(stage, lane);
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

// Stage 2: due deliveries of a lane in, one proof envelope for them out, stored as a batch.
import type { StandingQuery } from "#adapters/adapter.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import type { Message } from "#adapters/adapter.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import { transaction } from "#relayer/database/transaction.ts";
import type { Engine } from "#relayer/engine.ts";
import { createBatch } from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import { closeDeliveries, dueDeliveries, moveDeliveries, returnDeliveries } from "#relayer/packets/deliveries.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import { laneState, recordClient } from "#relayer/packets/lanes.ts";
import type { Lane } from "#relayer/routes.ts";
import { retryRule } from "./3-queue.ts";
import type { RetryRule } from "./3-queue.ts";

/** What the counterparty's store must show for the message (ICS-04 v2: recvPacket, acknowledgePacket, timeoutPacket). */
export function claimOf(message: Message): Claim {
  switch (message.kind) {
    case "receive":
      return receiveClaim(message.packet);
    case "acknowledge":
      return acknowledgeClaim(message.packet, message.acknowledgements);
    case "timeout":
      return timeoutClaim(message.packet);
  }
}

const highest = (values: readonly bigint[]): bigint => values.reduce((max, value) => (value > max ? value : max), 0n);

/** Drops what needs no delivery any more: delivered by somebody, or too late to be received. */
async function stillOpen(engine: Engine, lane: Lane, due: Delivery[], trusted: TrustedClient): Promise<Delivery[]> {
  if (due.length === 0) return [];
  const queries = due.map(({ message }): StandingQuery => ({ kind: message.kind, packet: message.packet }));
  const standing = await engine.chain(lane.target.chain).target.standing(queries);
  const done = due.filter((_, index) => standing[index] === "done");
  const late = due.filter(
    ({ message }, index) =>
      standing[index] === "open" && message.kind === "receive" && message.packet.timeoutTimestamp <= trusted.now,
  );
  const ids = (list: readonly Delivery[]): bigint[] => list.map(({ id }) => id);
  await transaction(engine.pool, async (session) => {
    await closeDeliveries(session, ids(done), "delivered");
    await closeDeliveries(session, ids(late), "obsolete");
  });
  for (const { message, watchedAt } of done)
    engine.emit({
      type: "delivered",
      lane: lane.id,
      leg: message.kind,
      status: "already",
      seconds: (Date.now() - watchedAt.getTime()) / 1000,
    });
  return due.filter((delivery) => !done.includes(delivery) && !late.includes(delivery));
}

async function proveOnce(
  engine: Engine,
  lane: Lane,
  trusted: TrustedClient,
  deliveries: readonly Delivery[],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const timeouts = deliveries.flatMap(({ message }) =>
    message.kind === "timeout" ? [message.packet.timeoutTimestamp] : [],
  );
  return engine.chain(lane.source.chain).source.prove(
    {
      targetChain: lane.target.chain,
      trusted,
      minHeight: deliveries.length === 0 ? trusted.height + 1n : highest(deliveries.map(({ minHeight }) => minHeight)),
      minTimestamp: timeouts.length === 0 ? undefined : highest(timeouts),
      claims: deliveries.map(({ message }) => claimOf(message)),
    },
    signal,
  );
}

/** One message alone carries its failure; of several it is not known whose it is, so each is tried alone at once. */
async function giveBack(engine: Engine, deliveries: readonly Delivery[], rule: RetryRule): Promise<void> {
  const single = deliveries.length === 1;
  const spendsAttempt = single && rule.spendsAttempt;
  const waits = !rule.spendsAttempt;
  await transaction(engine.pool, (session) =>
    returnDeliveries(
      session,
      deliveries.map(({ id }) => id),
      single || waits ? rule : { ...rule, delay: 0 },
      { spendsAttempt },
    ),
  );
}

const isBehind = (error: unknown): boolean => isCausewayError(error) && error.code === "CLIENT_BEHIND";

/** The caller holds the lane's lock. Undefined when there is nothing to prove yet. */
export async function prove(engine: Engine, lane: Lane, signal: AbortSignal): Promise<Batch | undefined> {
  const { pool, limits } = engine;
  const trusted = await engine.chain(lane.target.chain).target.trusted(lane.target.client);
  const { refreshDue } = await recordClient(pool, lane, trusted);
  const alone = (await laneState(pool, lane.id)).attempts > 0;
  let deliveries = await stillOpen(engine, lane, await dueDeliveries(pool, lane.id, limits, alone), trusted);
  if (deliveries.length === 0 && !refreshDue) return undefined;
  const ids = deliveries.map(({ id }) => id);
  await transaction(pool, (session) => moveDeliveries(session, ids, "proving"));
  const begin = performance.now();
  try {
    for (;;) {
      try {
        const envelope = await proveOnce(engine, lane, trusted, deliveries, signal);
        const batch = await createBatch(pool, lane, envelope, deliveries);
        const seconds = (performance.now() - begin) / 1000;
        engine.emit({ type: "proved", lane: lane.id, batch: batch.id, messages: deliveries.length, seconds });
        return batch;
      } catch (error) {
        if (isBehind(error) && deliveries.length > 0) {
          // What one transaction can bring goes first, alone; the messages are next in turn after it.
          await giveBack(engine, deliveries, { ...retryRule(error, 1, engine.timers), spendsAttempt: false, delay: 0 });
          deliveries = [];
          continue;
        }
        if (!isCausewayError(error) || error.retry !== "afterHeight") throw error;
        // The newest are not provable yet: they wait, and the older half is tried.
        const provable = deliveries.slice(0, Math.floor(deliveries.length / 2));
        const waiting = deliveries.slice(provable.length);
        engine.emit({ type: "waiting", lane: lane.id, height: error.height });
        await giveBack(engine, waiting, retryRule(error, 1, engine.timers));
        if (provable.length === 0) return undefined;
        deliveries = provable;
      }
    }
  } catch (error) {
    const rule = retryRule(error, (deliveries[0]?.attempts ?? 0) + 1, engine.timers);
    await giveBack(engine, deliveries, rule);
    throw error;
  }
}

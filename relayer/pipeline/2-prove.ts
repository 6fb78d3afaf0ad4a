// Stage 2: due deliveries of a lane in, one proof envelope for them out, stored as a batch.
import type { StandingQuery } from "#adapters/target-chain.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import type { Message } from "#adapters/message.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { Engine } from "#relayer/engine.ts";
import { beginBatch, dropBatch, forgetBatch, leaveOut, proveBatch } from "#relayer/packets/batches.ts";
import type { Batch } from "#relayer/packets/batches.ts";
import { closeDeliveries, dueDeliveries } from "#relayer/packets/deliveries.ts";
import type { Delivery } from "#relayer/packets/deliveries.ts";
import { recordClient } from "#relayer/packets/lanes.ts";
import type { LaneState } from "#relayer/packets/lanes.ts";
import type { Lane } from "#relayer/routes.ts";
import { retryRule } from "./retry-rule.ts";

export interface Proved {
  readonly batch: Batch;
  readonly deliveries: readonly Delivery[];
}

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

/**
 * Somebody may have delivered it: by the same light client, and so not before that trusted a height at which it can be proven. A timeout
 * may be proven before the height at which we saw it.
 */
const mayBeDone = ({ message, minHeight }: Delivery, { height }: TrustedClient): boolean =>
  message.kind === "timeout" || minHeight <= height;

/** Drops what needs no delivery any more: delivered by somebody, or too late to be received. */
async function stillOpen(engine: Engine, lane: Lane, due: Delivery[], trusted: TrustedClient): Promise<Delivery[]> {
  const asked = due.filter((delivery) => mayBeDone(delivery, trusted));
  const queries = asked.map(({ message }): StandingQuery => ({ kind: message.kind, packet: message.packet }));
  const standing = asked.length === 0 ? [] : await engine.chain(lane.target.chain).target.standing(queries);
  const done = new Set(asked.filter((_, index) => standing[index] === "done"));
  const late = due.filter(
    (delivery) =>
      !done.has(delivery) &&
      delivery.message.kind === "receive" &&
      delivery.message.packet.timeoutTimestamp <= trusted.now,
  );
  const ids = (list: readonly Delivery[]): bigint[] => list.map(({ id }) => id);
  await closeDeliveries(engine.pool, ids([...done]), ids(late));
  for (const { message, watchedAt } of done)
    engine.emit({
      type: "delivered",
      lane: lane.id,
      leg: message.kind,
      status: "already",
      seconds: (Date.now() - watchedAt.getTime()) / 1000,
    });
  const closed = new Set([...done, ...late]);
  return due.filter((delivery) => !closed.has(delivery));
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

const isBehind = (error: unknown): boolean => isCausewayError(error) && error.code === "CLIENT_BEHIND";

/** What one batch takes up: of messages at most what one transaction is known to carry. */
export const batchLimits = ({ messages, bytes }: Engine["limits"], known: number | undefined) => ({
  messages: Math.min(messages, known ?? messages),
  bytes,
});

/** The caller holds the lane's lock, and no other batch of the lane is being proven. Undefined when there is nothing to prove yet. */
export async function prove(
  engine: Engine,
  lane: Lane,
  { attempts, most }: LaneState,
  signal: AbortSignal,
): Promise<Proved | undefined> {
  const { pool, limits, timers } = engine;
  const trusted = await engine.chain(lane.target.chain).target.trusted(lane.target.client);
  const [{ refreshDue }, due] = await Promise.all([
    recordClient(pool, lane, trusted),
    dueDeliveries(pool, lane.id, batchLimits(limits, most), attempts > 0),
  ]);
  const open = await stillOpen(engine, lane, due, trusted);
  if (open.length === 0 && !refreshDue) return undefined;
  const { id, ...begun } = await beginBatch(pool, lane.id, open);
  let { deliveries } = begun;
  if (deliveries.length === 0 && !refreshDue) {
    await forgetBatch(pool, id);
    return undefined;
  }
  const begin = performance.now();
  try {
    for (;;) {
      try {
        const envelope = await proveOnce(engine, lane, trusted, deliveries, signal);
        const batch = await proveBatch(pool, id, envelope);
        const seconds = (performance.now() - begin) / 1000;
        engine.emit({ type: "proved", lane: lane.id, batch: id, messages: deliveries.length, seconds });
        return { batch, deliveries };
      } catch (error) {
        if (isBehind(error) && deliveries.length > 0) {
          // What one transaction can bring goes first, alone; the messages are next in turn after it.
          const rule = { ...retryRule(error, 1, timers), spendsAttempt: false, delay: 0 };
          await leaveOut(pool, id, deliveries, [], rule);
          deliveries = [];
          continue;
        }
        if (!isCausewayError(error) || error.retry !== "afterHeight" || deliveries.length < 2) throw error;
        // The newest are not provable yet: they wait, and the older half is tried.
        const provable = deliveries.slice(0, Math.floor(deliveries.length / 2));
        const waiting = deliveries.slice(provable.length);
        engine.emit({ type: "waiting", lane: lane.id, height: error.height });
        await leaveOut(pool, id, waiting, provable, retryRule(error, 1, timers));
        deliveries = provable;
      }
    }
  } catch (error) {
    await dropBatch(pool, id, deliveries, retryRule(error, (deliveries[0]?.attempts ?? 0) + 1, timers));
    if (!isCausewayError(error) || error.retry !== "afterHeight") throw error;
    engine.emit({ type: "waiting", lane: lane.id, height: error.height });
    return undefined;
  }
}

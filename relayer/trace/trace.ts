// Traces what an id names: locates the packet, gathers the facts, explains them.
import { explain } from "#sdk/trace/explain.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import type { TraceFacts } from "#sdk/trace/facts.ts";
import { openAsking } from "./asking.ts";
import { gather } from "./gather.ts";
import { locate } from "./locate.ts";
import type { TraceWorld } from "./world.ts";

/** Never throws for what a chain does; the signal bounds it. Throws STORE_UNAVAILABLE when the relayer's tables cannot be read. */
export async function trace(world: TraceWorld, id: string, signal: AbortSignal): Promise<TraceAnswer> {
  const asking = openAsking(world, signal);
  const { name, others, transaction } = await locate(world, asking, id);
  const ofPacket = await gather(world, asking, name);
  const facts: TraceFacts = {
    id,
    now: world.now(),
    told: world.tables === undefined ? "chains" : "relayer",
    asked: world.chains.map(({ chainId }) => chainId),
    transaction,
    others: [...others],
    ...ofPacket,
    unread: [...asking.unread],
  };
  const explanation = explain(facts);
  return {
    facts,
    explanation: { ...explanation, advice: [...explanation.advice], timeline: [...explanation.timeline] },
  };
}

// The stored lane of an account's sequences: transactions are recorded first and broadcast second. A sequence whose transaction became
// void is given out again, so that those after it are not held up.
import type { NonceLane, StoredTransaction } from "#adapters/transaction-store.ts";
import type { ChainContext } from "../context.ts";
import { broadcastToAll } from "./broadcast.ts";
import { isLive } from "./progress.ts";
import type { Progress } from "./progress.ts";

/** Settles stored transactions whose sequence is used up, by them or by somebody else with the same key. Returns the others. */
export async function settleUsed(lane: NonceLane, progress: Progress): Promise<readonly StoredTransaction[]> {
  const unsettled = await lane.unsettled();
  const used = unsettled.filter(({ nonce }) => nonce < progress.lowest);
  for (const nonce of new Set(used.map((transaction) => transaction.nonce))) {
    const ours = used.find(({ nonce: at, id }) => at === nonce && progress.included.some((each) => each.id === id));
    await lane.settle(nonce, ours?.id);
  }
  return unsettled.filter(({ nonce }) => nonce >= progress.lowest);
}

/** The lowest sequence that neither the chain has used nor a transaction of ours, which may still be included, waits with. */
export async function allocateSequence(context: ChainContext, lane: NonceLane, progress: Progress): Promise<bigint> {
  const unsettled = await settleUsed(lane, progress);
  const waiting = new Set(unsettled.filter((transaction) => isLive(transaction, progress)).map(({ nonce }) => nonce));
  const stored = await lane.nextNonce();
  if (stored !== undefined && stored < progress.lowest) {
    context.dependencies.logger.warn(
      { chainId: context.config.chainId, stored, chain: progress.lowest },
      "the signer's key was used by somebody else",
    );
    await lane.reset(progress.lowest);
  }
  let sequence = progress.highest;
  while (waiting.has(sequence)) sequence += 1n;
  return sequence;
}

/** Lowest sequence first: the order in which nodes take them. */
const waitingOf = async (lane: NonceLane, progress: Progress): Promise<StoredTransaction[]> =>
  (await lane.unsettled()).filter((transaction) => isLive(transaction, progress));

/** All that waits, again and in order, in case a node dropped one that others come after. */
export async function rebroadcast(context: ChainContext, lane: NonceLane, progress: Progress): Promise<void> {
  for (const transaction of await waitingOf(lane, progress)) await broadcastToAll(context, transaction);
}

/** Forgets a transaction that no node takes: its sequence is free. */
export async function abandon(lane: NonceLane, { nonce }: StoredTransaction): Promise<void> {
  await lane.settle(nonce, undefined);
  await lane.reset(nonce);
}

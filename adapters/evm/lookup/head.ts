// How far the chain is, and how much of that is final.
import type { ChainHead } from "#adapters/lookup.ts";
import type { ChainContext } from "../context.ts";
import { getHeader } from "../rpc/block-header.ts";

export async function readHead({ execution, consensus }: ChainContext, signal: AbortSignal): Promise<ChainHead> {
  const [head, finalized] = await Promise.all([
    execution.use((endpoint) => getHeader(endpoint, "latest", signal)),
    consensus.finalized(signal),
  ]);
  const { number: height, timestamp } = head.number > finalized.number ? head : finalized;
  return { height, timestamp, finalizedHeight: finalized.number, finalizedTimestamp: finalized.timestamp };
}

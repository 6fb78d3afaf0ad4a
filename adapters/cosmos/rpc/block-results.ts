// The events of a block, in the order in which they are counted: those of its transactions, then those of the block itself.
import { z } from "zod";
import type { CometEndpoint } from "./comet-endpoint.ts";

const event = z.object({
  type: z.string(),
  attributes: z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish(),
});

const blockResults = z.object({
  height: z.string(),
  txs_results: z.array(z.object({ code: z.int().default(0), events: z.array(event).nullish() })).nullish(),
  finalize_block_events: z.array(event).nullish(),
});

export interface CometEvent {
  readonly type: string;
  /** The last of a key counts. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface BlockEvent extends CometEvent {
  /** Its place in the block. */
  readonly index: number;
  /** The place of its transaction in the block; undefined for what the block did without one. */
  readonly transaction: number | undefined;
}

/** Of transactions that succeeded, and of the block. Throws RPC_STALE when the node does not have its results, or keeps none. */
export async function getBlockEvents(
  endpoint: CometEndpoint,
  height: bigint,
  signal?: AbortSignal,
): Promise<readonly BlockEvent[]> {
  const request = { method: "block_results", params: { height: height.toString() } };
  const schema = blockResults.refine((results) => results.height === height.toString(), "it is about another block");
  const results = await endpoint.call(request, schema, signal);
  const events: BlockEvent[] = [];
  let index = 0;
  const add = (found: z.infer<typeof event>, transaction: number | undefined): void => {
    const attributes = new Map((found.attributes ?? []).map(({ key, value }) => [key, value ?? ""]));
    events.push({ type: found.type, attributes, index, transaction });
  };
  for (const [transaction, { code, events: some }] of (results.txs_results ?? []).entries())
    for (const found of some ?? []) {
      // What a failed transaction did was undone; its events are counted all the same.
      if (code === 0) add(found, transaction);
      index += 1;
    }
  for (const found of results.finalize_block_events ?? []) {
    add(found, undefined);
    index += 1;
  }
  return events;
}

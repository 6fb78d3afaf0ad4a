// A stretch of blocks with the packet events in it, read from one endpoint, linked by hashes to what was seen before.
import type { PacketEvent } from "#adapters/packet-event.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { inParallel } from "../../rpc/in-parallel.ts";
import type { ChainContext } from "../context.ts";
import { getHeaders } from "../rpc/block.ts";
import type { BlockHeader } from "../rpc/block.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";
import { getPacketEvents } from "./block-events.ts";

export interface RangeRequest {
  readonly from: bigint;
  readonly to: bigint;
  /** The block before `from`, when it was seen before. */
  readonly parentHash: string | undefined;
}

export type RangeAnswer =
  | { readonly ok: true; readonly last: BlockHeader; readonly events: readonly PacketEvent[] }
  /** The endpoint has come so far, and does not keep it all. */
  | { readonly ok: false; readonly why: string };

const PARALLEL_BLOCKS = 8;

/** Throws DEEP_REORG when the first block does not follow the one seen before, RPC_STALE when the endpoint has not come so far. */
export async function readRange(
  context: ChainContext,
  endpoint: CometEndpoint,
  { from, to, parentHash }: RangeRequest,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  try {
    const headers = await getHeaders(endpoint, { from, to }, signal);
    const [first, last] = [headers[0], headers.at(-1)];
    if (first === undefined || last === undefined) throw new RangeError("a range has at least one block");
    if (parentHash !== undefined && first.parentHash !== parentHash)
      throw new CausewayError(
        "DEEP_REORG",
        `${endpoint.name}: block ${from} does not follow ${parentHash}, which was final`,
        { context: { endpoint: endpoint.name, height: from - 1n, hash: parentHash } },
      );
    const events = await inParallel(headers, PARALLEL_BLOCKS, (header) =>
      getPacketEvents(context, endpoint, header, signal),
    );
    return { ok: true, last, events: events.flat() };
  } catch (error) {
    if (!isCausewayError(error) || error.code !== "RPC_STALE" || (await getHeight(endpoint, signal)) < to) throw error;
    return { ok: false, why: error.message };
  }
}

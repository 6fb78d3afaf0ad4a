// A block below a finalized one, proven by hashes alone: each header names its parent's.
import { CausewayError } from "#adapters/protocol/error.ts";
import { getHeaders } from "./block-header.ts";
import type { BlockHeader } from "./block-header.ts";
import type { RpcEndpoint } from "./rpc-endpoint.ts";

/** Longest way that is walked: a day of Ethereum blocks and some. */
export const MAX_ANCESTRY = 8_192n;
const CHUNK = 128n;

/** The ancestor of `head` at a height below it, or `head` itself. Throws RPC_BAD_ANSWER, RPC_STALE for missing headers. */
export async function ancestor(
  endpoint: RpcEndpoint,
  head: BlockHeader,
  height: bigint,
  signal?: AbortSignal,
): Promise<BlockHeader> {
  let lowest = head;
  while (lowest.number > height) {
    const left = lowest.number - height;
    const count = left < CHUNK ? left : CHUNK;
    const heights = Array.from({ length: Number(count) }, (_, index) => lowest.number - 1n - BigInt(index));
    for (const header of await getHeaders(endpoint, heights, signal)) {
      if (header.hash !== lowest.parentHash)
        throw new CausewayError(
          "RPC_BAD_ANSWER",
          `${endpoint.name}: block ${header.number} is ${header.hash}, the finalized chain's is ${lowest.parentHash}`,
          { context: { endpoint: endpoint.name, height: header.number } },
        );
      lowest = header;
    }
  }
  return lowest;
}

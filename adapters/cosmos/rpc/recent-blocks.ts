// What was read of the newest blocks, for some seconds: whoever watches a chain and whoever follows a transaction on it want the same of the
// same block, and a block of many packets is large.
import { remember } from "../../rpc/remember.ts";
import { getTransactionIds } from "./block.ts";
import { getBlockResults } from "./block-results.ts";
import type { BlockResults } from "./block-results.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";

export interface RecentBlocks {
  /** With the events of packets. Throws what `getBlockResults` throws. */
  results(endpoint: CometEndpoint, height: bigint): Promise<BlockResults>;
  /** In order, as its header binds them. Throws what `getTransactionIds` throws. */
  transactionIds(endpoint: CometEndpoint, height: bigint): Promise<readonly string[]>;
}

/** Of each kind. */
const REMEMBERED = 16;

/** `isWanted`: the types of events that are read. */
export function createRecentBlocks(isWanted: (type: string) => boolean): RecentBlocks {
  const results = remember<BlockResults>(REMEMBERED);
  const ids = remember<readonly string[]>(REMEMBERED);
  // Shared requests are no single caller's to cancel.
  return {
    results: (endpoint, height) =>
      results(`${height} ${endpoint.name}`, () => getBlockResults(endpoint, height, isWanted)),
    transactionIds: (endpoint, height) => ids(`${height} ${endpoint.name}`, () => getTransactionIds(endpoint, height)),
  };
}

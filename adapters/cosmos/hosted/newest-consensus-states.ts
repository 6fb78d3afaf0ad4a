// The newest consensus states of a light client. A chain keeps them under their heights in decimal, so that a page goes through them in
// the order of words ("9" after "10"): heights of equally many digits are in order among themselves, and are asked for one length after
// the other.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { ConsensusStateWithHeight, Height } from "cosmjs-types/ibc/core/client/v1/client";
import { QueryConsensusStatesRequest, QueryConsensusStatesResponse } from "cosmjs-types/ibc/core/client/v1/query";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { query } from "../rpc/query.ts";

/** One page of a reversed walk that begins with the key. */
type ReadPage = (key: Uint8Array, limit: number) => Promise<Page>;

interface Page {
  readonly consensusStates: readonly ConsensusStateWithHeight[];
  /** Empty after the last one. */
  readonly nextKey: Uint8Array;
}

/** More than are wanted: heights of fewer digits lie in between. */
const PAGE = 80;
/** A walk that an honest chain would have ended long before. */
const MAX_PAGES = 64;

const key = (revision: bigint, height: string): Uint8Array => utf8ToBytes(`${revision}-${height}`);

/** Newest first, at most `count`, none above `latest`. */
export async function newestOf(
  read: ReadPage,
  { revisionNumber, revisionHeight }: Height,
  count: number,
): Promise<ConsensusStateWithHeight[]> {
  const found: ConsensusStateWithHeight[] = [];
  const digits = revisionHeight.toString().length;
  let pages = 0;
  for (let length = digits; length > 0 && found.length < count; length -= 1) {
    const smallest = `1${"0".repeat(length - 1)}`;
    let next = key(revisionNumber, length === digits ? revisionHeight.toString() : "9".repeat(length));
    while (next.length > 0 && found.length < count && pages < MAX_PAGES) {
      const page = await read(next, PAGE);
      pages += 1;
      found.push(
        ...page.consensusStates.filter(
          (state) => isOf(state.height, length) && state.height.revisionHeight <= revisionHeight,
        ),
      );
      const isThrough = page.consensusStates.some(
        ({ height }) => height.revisionNumber !== revisionNumber || height.revisionHeight.toString() < smallest,
      );
      next = isThrough ? new Uint8Array() : page.nextKey;
    }
  }
  return found.slice(0, count);

  function isOf(height: Height, length: number): boolean {
    return height.revisionNumber === revisionNumber && height.revisionHeight.toString().length === length;
  }
}

/** Newest first, at most `count`, none above `latest`. Throws what `query` throws. */
export const newestConsensusStates = (
  endpoint: CometEndpoint,
  clientId: string,
  latest: Height,
  count: number,
): Promise<ConsensusStateWithHeight[]> =>
  newestOf(
    async (from, limit) => {
      const { consensusStates, pagination } = await query(
        endpoint,
        "/ibc.core.client.v1.Query/ConsensusStates",
        [QueryConsensusStatesRequest, QueryConsensusStatesResponse],
        QueryConsensusStatesRequest.fromPartial({
          clientId,
          pagination: { key: from, limit: BigInt(limit), reverse: true },
        }),
      );
      return { consensusStates, nextKey: pagination?.nextKey ?? new Uint8Array() };
    },
    latest,
    count,
  );

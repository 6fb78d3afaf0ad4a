// A block below the one that the target's light client trusts, for claims that no endpoint can prove at that one: an endpoint that
// lags behind proves them at its own newest block, and another one that this is an ancestor of the trusted block.
import type { ProveRequest } from "../source-chain.ts";
import type { ChainContext } from "./context.ts";
import { getHeader } from "./rpc/block-header.ts";
import type { BlockHeader } from "./rpc/block-header.ts";
import { fromHex, toHex } from "./rpc/hex.ts";
import type { RpcEndpoint } from "./rpc/rpc-endpoint.ts";
import { getStateProof } from "./rpc/state-proof.ts";
import { HISTORY_CONTRACT, HISTORY_WINDOW, historySlot } from "./verify/ancestry.ts";
import type { Ancestry } from "./verify/evidence.ts";
import type { BeaconState } from "./verify/trusted-state.ts";

export interface OlderBlock {
  readonly height: bigint;
  /** Not verified yet. */
  readonly ancestry: Ancestry;
}

/** Undefined when the endpoint's newest block is of no use: too old for the request or the history, or not below the trusted one. */
export async function olderBlock(
  context: ChainContext,
  request: ProveRequest,
  state: BeaconState,
  endpoint: RpcEndpoint,
  signal: AbortSignal,
): Promise<OlderBlock | undefined> {
  const block = await getHeader(endpoint, "latest", signal);
  const distance = state.latestHeight - block.number;
  const isUseful =
    distance > 0n &&
    distance <= HISTORY_WINDOW &&
    block.number >= request.minHeight &&
    block.timestamp >= (request.minTimestamp ?? 0n);
  return isUseful
    ? { height: block.number, ancestry: await readAncestry(context, state.latestHeight, block, signal) }
    : undefined;
}

async function readAncestry(
  { execution }: ChainContext,
  height: bigint,
  older: BlockHeader,
  signal: AbortSignal,
): Promise<Ancestry> {
  return execution.use(async (endpoint) => {
    const slots = [toHex(historySlot(older.number))];
    const [{ timestamp, stateRoot }, proof] = await Promise.all([
      getHeader(endpoint, height, signal),
      getStateProof(endpoint, { address: HISTORY_CONTRACT, slots, height }, signal),
    ]);
    const { accountProof, storageProofs } = proof;
    const [hashProof = []] = storageProofs;
    const under = { height, timestamp, stateRoot: fromHex(stateRoot) };
    return { ...under, accountProof, storageProof: hashProof, executionHeader: older.rlp };
  });
}

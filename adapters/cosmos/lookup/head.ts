// How far the chain is. All of it is final.
import type { ChainHead } from "#adapters/lookup.ts";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { getHeaders } from "../rpc/block.ts";
import type { BlockHeader } from "../rpc/block.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";

/** Throws RPC_STALE for a height that the endpoint does not have. */
export async function getHeader(endpoint: CometEndpoint, height: bigint, signal: AbortSignal): Promise<BlockHeader> {
  const [header] = await getHeaders(endpoint, { from: height, to: height }, signal);
  if (header !== undefined) return header;
  throw new CausewayError("RPC_STALE", `${endpoint.name} does not serve the header of block ${height}`);
}

export async function readHead({ endpoints }: ChainContext, signal: AbortSignal): Promise<ChainHead> {
  const { height, timestamp } = await endpoints.use(async (endpoint) =>
    getHeader(endpoint, await getHeight(endpoint, signal), signal),
  );
  return { height, timestamp, finalizedHeight: height, finalizedTimestamp: timestamp };
}

// How far a node is: the newest block whose results and state it has. CometBFT's blocks are final as soon as they are there.
import { z } from "zod";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";

/** The application's own height: the block store can be one block ahead of it. Throws RPC_STALE before the first block. */
export async function getHeight(endpoint: CometEndpoint, signal?: AbortSignal): Promise<bigint> {
  const { lastBlockHeight = 0 } = await endpoint.ask((comet) => comet.abciInfo(), signal);
  if (lastBlockHeight > 0) return BigInt(lastBlockHeight);
  throw new CausewayError("RPC_STALE", `${endpoint.name} has no block yet`, { context: { endpoint: endpoint.name } });
}

const status = z.object({
  sync_info: z.object({
    earliest_block_height: z
      .string()
      .regex(/^\d{1,18}$/)
      .transform(BigInt),
  }),
});

/** The first block that a node keeps. */
export async function getLowestHeight(endpoint: CometEndpoint, signal?: AbortSignal): Promise<bigint> {
  const { sync_info: info } = await endpoint.call({ method: "status", params: {} }, status, signal);
  return info.earliest_block_height;
}

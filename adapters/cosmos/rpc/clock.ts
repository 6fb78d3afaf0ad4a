// The chain's clock: the time of its newest block. A transaction sent now runs no earlier than that.
import { z } from "zod";
import type { CometEndpoint } from "./comet-endpoint.ts";

const status = z.object({ sync_info: z.object({ latest_block_time: z.iso.datetime() }) });

/** Unix seconds. */
export async function clock(endpoint: CometEndpoint, signal?: AbortSignal): Promise<bigint> {
  const { sync_info: newest } = await endpoint.call({ method: "status", params: {} }, status, signal);
  return BigInt(Math.floor(Date.parse(newest.latest_block_time) / 1_000));
}

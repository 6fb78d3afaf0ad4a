// What a CometBFT node says about itself.
import { z } from "zod";

const answer = z.object({
  result: z.object({
    node_info: z.object({ network: z.string() }),
    sync_info: z.object({ latest_block_height: z.string().regex(/^\d+$/) }),
  }),
});

export interface SimdStatus {
  readonly chainId: string;
  readonly height: number;
}

/** Undefined while the node does not answer. */
export async function readSimdStatus(rpcUrl: string): Promise<SimdStatus | undefined> {
  try {
    const response = await fetch(`${rpcUrl}/status`, { signal: AbortSignal.timeout(2_000) });
    const { node_info, sync_info } = answer.parse(await response.json()).result;
    return { chainId: node_info.network, height: Number(sync_info.latest_block_height) };
  } catch {
    return undefined;
  }
}

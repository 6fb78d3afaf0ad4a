// What the chain's own beacon node says about its progress, as far as start-up has to know it.
import { z } from "zod";

const slot = z.string().regex(/^\d+$/).transform(Number);
const header = z.object({ data: z.object({ root: z.string(), header: z.object({ message: z.object({ slot }) }) }) });
const finality = z.object({
  data: z.object({
    finalized_header: z.object({ beacon: z.object({ slot }), execution: z.object({ block_number: slot }) }),
  }),
});

async function get<T>(url: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    return answer.ok ? schema.parse(await answer.json()) : undefined;
  } catch {
    return undefined;
  }
}

export interface BeaconStatus {
  readonly headSlot: number | undefined;
  /** Execution block number proven by the newest finality update; undefined or 0 before the first finality. */
  readonly finalizedBlock: number | undefined;
  /** A light client can start from the finalized header. */
  readonly bootstrap: boolean;
}

export async function beaconStatus(beaconUrl: string): Promise<BeaconStatus> {
  const [head, finalized, update] = await Promise.all([
    get(`${beaconUrl}/eth/v1/beacon/headers/head`, header),
    get(`${beaconUrl}/eth/v1/beacon/headers/finalized`, header),
    get(`${beaconUrl}/eth/v1/beacon/light_client/finality_update`, finality),
  ]);
  const bootstrap =
    finalized !== undefined &&
    finalized.data.header.message.slot > 0 &&
    (await get(`${beaconUrl}/eth/v1/beacon/light_client/bootstrap/${finalized.data.root}`, z.unknown())) !== undefined;
  return {
    headSlot: head?.data.header.message.slot,
    finalizedBlock: update?.data.finalized_header.execution.block_number,
    bootstrap,
  };
}

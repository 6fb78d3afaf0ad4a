// When a block of some time will be final, if the chain goes on as it does.
import type { ChainHead } from "#adapters/lookup.ts";
import type { Network } from "../consensus/network.ts";

type Rhythm = Pick<Network, "genesisTime" | "secondsPerSlot" | "slotsPerEpoch">;

/**
 * Unix seconds. A block is final with the first checkpoint (an epoch's beginning) at or after it, which is final two epochs later; a slot more
 * until light-client data says so. A chain that finalizes faster than in two epochs has no use for checkpoints: it is as fast as it was last.
 */
export function expectedFinality(
  timestamp: bigint,
  head: Pick<ChainHead, "timestamp" | "finalizedTimestamp">,
  { genesisTime, secondsPerSlot, slotsPerEpoch }: Rhythm,
): bigint {
  const epoch = secondsPerSlot * slotsPerEpoch;
  const lag = head.timestamp - head.finalizedTimestamp;
  if (lag < 2n * epoch) return timestamp + lag + secondsPerSlot;
  const epochs = (timestamp - genesisTime + epoch - 1n) / epoch;
  return genesisTime + (epochs + 2n) * epoch + secondsPerSlot;
}

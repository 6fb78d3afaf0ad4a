// The network's parameters as /eth/v1/config/spec shows them (consensus-specs configuration names, all values strings).
import { hex } from "./light-client-data.ts";
import { FORK_ORDER, forkEpoch, forkVersion } from "./network.ts";
import type { Network } from "./network.ts";

const FAR_FUTURE_EPOCH = "18446744073709551615";

export function configSpec(network: Network): Record<string, string> {
  const forks = FORK_ORDER.flatMap((fork): [string, string][] => {
    const version: [string, string] = [`${fork.toUpperCase()}_FORK_VERSION`, hex(forkVersion(network, fork))];
    if (fork === "genesis") return [version];
    const epoch = forkEpoch(network, fork)?.toString() ?? FAR_FUTURE_EPOCH;
    return [version, [`${fork.toUpperCase()}_FORK_EPOCH`, epoch]];
  });
  return {
    CONFIG_NAME: `causeway-dev-${network.chainId}`,
    PRESET_BASE: network.committeeSize === 32 ? "minimal" : "mainnet",
    MIN_GENESIS_TIME: network.genesisTime.toString(),
    SECONDS_PER_SLOT: network.secondsPerSlot.toString(),
    SLOT_DURATION_MS: (network.secondsPerSlot * 1000).toString(),
    SLOTS_PER_EPOCH: network.slotsPerEpoch.toString(),
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: network.epochsPerPeriod.toString(),
    SYNC_COMMITTEE_SIZE: network.committeeSize.toString(),
    DOMAIN_SYNC_COMMITTEE: "0x07000000",
    DEPOSIT_CHAIN_ID: network.chainId.toString(),
    DEPOSIT_NETWORK_ID: network.chainId.toString(),
    ...Object.fromEntries(forks),
  };
}

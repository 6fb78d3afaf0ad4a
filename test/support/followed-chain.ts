// A development chain, the adapter's consensus over its beacon API, and a state that a light client of it starts from.
import { createBeaconEndpoint } from "#adapters/evm/consensus/beacon-api.ts";
import { createBeaconConsensus } from "#adapters/evm/consensus/beacon-consensus.ts";
import type { Consensus } from "#adapters/evm/consensus/consensus.ts";
import { createPool } from "#adapters/rpc/pool.ts";
import { createPushes } from "#adapters/rpc/pushes.ts";
import { createRpcEndpoint } from "#adapters/evm/rpc/create-rpc-endpoint.ts";
import type { BeaconState } from "#adapters/evm/verify/trusted-state.ts";
import { startDevChain } from "#scripts/devnet/dev-chain.ts";
import type { DevChain, DevChainOptions } from "#scripts/devnet/dev-chain.ts";
import { silentLogger } from "./evm-bench.ts";

export interface FollowedChain {
  readonly chain: DevChain;
  readonly consensus: Consensus;
  readonly state: BeaconState;
}

const FAR_DRIFT = 1n << 40n;

/** Several beacon endpoints when their base URLs are given. */
export function consensusOver({ chainId, rpcUrl, beaconUrl }: DevChain, beaconUrls = [beaconUrl]): Consensus {
  const id = BigInt(chainId);
  const pooled = { logger: silentLogger, now: Date.now };
  const beacons = beaconUrls.map((url, index) =>
    createBeaconEndpoint({ name: `dev${index}`, url, timeoutSeconds: 10 }),
  );
  const execution = createRpcEndpoint({ name: "dev", url: rpcUrl, chainId: id, timeoutSeconds: 10 });
  return createBeaconConsensus({
    chainId: id,
    logger: silentLogger,
    beacon: createPool(beacons, { ...pooled, what: "beacon" }),
    execution: createPool([execution], { ...pooled, what: "execution" }),
    newFinality: createPushes([]),
  });
}

export async function followDevChain(options: Partial<DevChainOptions>): Promise<FollowedChain> {
  const chain = await startDevChain({ chainId: 42001, blockTime: 0, ...options });
  const consensus = consensusOver(chain);
  const bootstrapped = await consensus.bootstrap({ router: `0x${"11".repeat(20)}`, trustingPeriod: 86_400n });
  // These tests jump through time on one chain; what the other's clock says is not their subject.
  return { chain, consensus, state: { ...bootstrapped, maxClockDrift: FAR_DRIFT } };
}

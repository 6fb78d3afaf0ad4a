// The consensus kind `beacon`: finality and evidence from beacon API endpoints, one failing over to the next.
import { setTimeout as delay } from "node:timers/promises";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import { getHeader } from "../rpc/block-header.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import { toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Pool } from "../rpc/pool.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import { advance } from "./advance.ts";
import type { BeaconEndpoint, LightClientHeader } from "./beacon-api.ts";
import { bootstrapState } from "./bootstrap.ts";
import { createCommittees } from "./committees.ts";
import type { Consensus } from "./consensus.ts";
import { readNetwork } from "./network.ts";
import type { Network } from "./network.ts";

export interface BeaconConsensusOptions {
  /** EIP-155 chain id of the execution chain. */
  readonly chainId: bigint;
  readonly beacon: Pool<BeaconEndpoint>;
  readonly execution: Pool<RpcEndpoint>;
}

const SHORTEST_POLL_MS = 250;
const LONGEST_POLL_MS = 6_000;
const HEADERS_KEPT = 256;

export function createBeaconConsensus({ chainId, beacon, execution }: BeaconConsensusOptions): Consensus {
  const committees = createCommittees();
  const headers = new Map<Hex, BlockHeader>();
  let network: Network | undefined;
  let highest = 0n;

  /** Whichever endpoint has it: the hash decides. */
  const header = async (hash: Hex, signal?: AbortSignal): Promise<BlockHeader> => {
    const kept = headers.get(hash);
    if (kept !== undefined) return kept;
    const found = await execution.use((endpoint) => getHeader(endpoint, { hash }, signal));
    headers.set(hash, found);
    for (const oldest of headers.keys()) {
      if (headers.size <= HEADERS_KEPT) break;
      headers.delete(oldest);
    }
    return found;
  };

  const knownNetwork = async (): Promise<Network> => {
    network ??= await beacon.use((endpoint) => readNetwork(endpoint));
    return network;
  };

  return {
    finalized: (signal) =>
      beacon.use(async (endpoint) => {
        const update = await endpoint.finalityUpdate(signal);
        const found = await header(blockHash(update.finalized_header), signal);
        if (found.number < highest)
          throw new CausewayError("RPC_STALE", `${endpoint.name} is final at ${found.number}, ${highest} was seen`, {
            context: { endpoint: endpoint.name },
          });
        highest = found.number;
        return found;
      }),
    async pollMilliseconds() {
      const { secondsPerSlot } = await knownNetwork();
      return Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, Number(secondsPerSlot) * 500));
    },
    advance: (options, signal) =>
      beacon.use((endpoint) =>
        advance({ ...options, endpoint, committees, header: (hash) => header(hash, signal), signal }),
      ),
    async bootstrap({ router, trustingPeriod }) {
      const { secondsPerSlot } = await knownNetwork();
      const { trusted, committee } = await patiently(Number(secondsPerSlot) * 1_000, () =>
        bootstrapState(beacon, (hash) => header(hash)),
      );
      committees.remember(committee);
      return { chainId, router, trustingPeriod, ...trusted };
    },
    status: () => beacon.status(),
  };
}

const blockHash = (header: LightClientHeader): Hex =>
  toHex("execution" in header ? header.execution.block_hash : header.execution_block_hash);

const BOOTSTRAP_ATTEMPTS = 5;

/** Nodes serve the bootstrap of a newly finalized block only a slot later. */
async function patiently<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === BOOTSTRAP_ATTEMPTS || !isCausewayError(error) || error.code !== "RPC_STALE") throw error;
      await delay(milliseconds);
    }
  }
}

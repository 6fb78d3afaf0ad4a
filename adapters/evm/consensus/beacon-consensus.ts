// The consensus kind `beacon`: finality and evidence from beacon API endpoints, one failing over to the next.
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "#adapters/logger.ts";
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { getHeader } from "../rpc/block-header.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import type { Hex } from "../rpc/hex.ts";
import type { Pool } from "../../rpc/pool.ts";
import type { Pushes } from "../../rpc/pushes.ts";
import type { RpcEndpoint } from "../rpc/rpc-endpoint.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import { advance } from "./advance.ts";
import type { BeaconEndpoint } from "./beacon-api.ts";
import { bootstrapState } from "./bootstrap.ts";
import { readCommitteeRoots } from "./committee-roots.ts";
import { createCommittees } from "./committees.ts";
import type { BootstrapOptions, Consensus } from "./consensus.ts";
import { contradict } from "./contradict.ts";
import { forkBehind } from "./fork-behind.ts";
import { createFollower } from "./follower.ts";
import { readNetwork } from "./network.ts";
import type { Network } from "./network.ts";
import { readUnknownForks } from "./read-unknown-forks.ts";
import type { UnknownFork } from "./unknown-forks.ts";

export interface BeaconConsensusOptions {
  /** EIP-155 chain id of the execution chain. */
  readonly chainId: bigint;
  readonly beacon: Pool<BeaconEndpoint>;
  readonly execution: Pool<RpcEndpoint>;
  readonly newFinality: Pushes;
  readonly logger: Logger;
}

const SHORTEST_POLL_MS = 250;
const LONGEST_POLL_MS = 6_000;
const HEADERS_KEPT = 256;

export function createBeaconConsensus(options: BeaconConsensusOptions): Consensus {
  const { chainId, beacon, execution, newFinality, logger } = options;
  const committees = createCommittees();
  const headers = new Map<Hex, BlockHeader>();
  let network: Network | undefined;

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

  const start = async (options: BootstrapOptions & { everyone: boolean }): Promise<BeaconState> => {
    const { router, trustingPeriod, everyone } = options;
    const { trusted, committee } = await bootstrapState(beacon, (hash) => header(hash), { everyone });
    committees.remember(committee);
    return { chainId, router, trustingPeriod, ...trusted };
  };

  // What follows finality reads no state: any address does.
  const nowhere = { router: `0x${"00".repeat(20)}`, trustingPeriod: 0n, everyone: false } as const;
  const follower = createFollower({
    start: () => start(nowhere),
    network: (endpoint) => readNetwork(endpoint),
    committees,
    header,
    logger,
  });

  const finalized = async (signal?: AbortSignal): Promise<BlockHeader> => {
    try {
      return await beacon.use((endpoint) => follower.finalized(endpoint, signal));
    } catch (error) {
      // Most of the committee may be too late for a block: what it signed before stands, and the next one says more.
      const before = follower.newest();
      if (before !== undefined && hasTooFewVotes(error)) return before;
      const trusted = follower.verified()?.state;
      const fork = trusted && (await forkBehind(error, () => readUnknownForks(beacon, trusted, { everyone: false })));
      throw fork === undefined ? error : unheardOf(fork);
    }
  };

  const verified = async (signal?: AbortSignal) => {
    const head = await finalized(signal);
    const followed = follower.verified();
    if (followed === undefined) throw new CausewayError("RPC_STALE", "nothing of the chain was verified yet");
    return { head, ...followed };
  };

  return {
    finalized,
    newFinality,
    network: knownNetwork,
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
      return patiently(Number(secondsPerSlot) * 1_000, () => start({ router, trustingPeriod, everyone: true }));
    },
    unknownForks: (state, options) => readUnknownForks(beacon, state, options),
    status: () => beacon.status(),
    own: {
      verified,
      async committeeRoots(period, signal) {
        const { state } = await verified(signal);
        if (period === state.period + 1n) await beacon.use((endpoint) => follower.learnNextCommittee(endpoint, signal));
        const known = follower.verified()?.committees.get(period);
        if (known !== undefined) return { basis: "proven", roots: [known], silent: 0 };
        const roots = await readCommitteeRoots(beacon, period, signal);
        return { basis: "told", roots, silent: beacon.endpoints.length - roots.length };
      },
      async contradict(options, signal) {
        const { witnessed } = await verified(signal);
        return contradict(
          { ...options, beacon, committees, witnessed, header: (hash) => header(hash, signal) },
          signal,
        );
      },
    },
  };
}

const hasTooFewVotes = (error: unknown): boolean =>
  isCausewayError(error) && error.context["reason"] === ("INSUFFICIENT_PARTICIPATION" satisfies Reason);

/** The follower takes over every fork that this software knows: here only the others are left. */
const unheardOf = ({ name, epoch, version }: UnknownFork): CausewayError =>
  new CausewayError(
    "FORK_UNKNOWN",
    `the beacon chain is under fork ${name ?? version} since epoch ${epoch} (version ${version})`,
    {
      hint: "this version of Causeway does not know what the fork changes for light clients: update it",
      context: { fork: name, epoch, version },
    },
  );

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

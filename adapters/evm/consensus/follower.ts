// Follows finality with a light client of our own: no endpoint is believed about what is final, only the sync committee's
// signature is. It starts from a header the endpoints agree on, and forgets everything when the process ends.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Logger } from "#adapters/logger.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import { fromHex, toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { isKnown } from "../verify/consensus-state.ts";
import { encodeTrustedState, NO_ROOT } from "../verify/trusted-state.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import { advance, extended } from "./advance.ts";
import type { BeaconEndpoint, FinalityUpdate, LightClientHeader } from "./beacon-api.ts";
import type { Committees } from "./committees.ts";
import type { Witnessed } from "./contradict.ts";
import type { Network } from "./network.ts";

export interface FollowerOptions {
  /** A state to start from. */
  readonly start: () => Promise<BeaconState>;
  readonly network: (endpoint: BeaconEndpoint) => Promise<Network>;
  readonly committees: Committees;
  readonly header: (hash: Hex, signal?: AbortSignal) => Promise<BlockHeader>;
  readonly logger: Logger;
}

export interface Follower {
  /** The newest finalized block by this endpoint's evidence. Throws RPC_STALE when another endpoint proved a newer one. */
  finalized(endpoint: BeaconEndpoint, signal?: AbortSignal): Promise<BlockHeader>;
  /** Asks the endpoint for the committee after the current one, where it is not known yet. */
  learnNextCommittee(endpoint: BeaconEndpoint, signal?: AbortSignal): Promise<void>;
  /** What `finalized` found last. */
  newest(): BlockHeader | undefined;
  /** Undefined before the first finalized block. */
  verified(): FollowedState | undefined;
}

export interface FollowedState {
  readonly state: BeaconState;
  /** Roots of sync committees that were verified, by period. */
  readonly committees: ReadonlyMap<bigint, Hex>;
  /** Oldest first: what the committee signed, should somebody show other signatures of it. */
  readonly witnessed: readonly Witnessed[];
}

/** Finality updates kept: a checkpoint is finalized every epoch, and signatures are evidence for two periods of 256. */
const WITNESSED = 512;
const COMMITTEES_KEPT = 64;

/** Neither expiry nor clock drift is of interest here: what is asked is what the committee signed last. */
const ANY_TIME = 1n << 62n;

export function createFollower(options: FollowerOptions): Follower {
  const { committees, header } = options;
  let starting: Promise<BeaconState> | undefined;
  let state: BeaconState | undefined;
  let newest: BlockHeader | undefined;
  const committeesByPeriod = new Map<bigint, Hex>();
  const witnessed: Witnessed[] = [];

  const adopt = (followed: BeaconState): void => {
    state = followed;
    committeesByPeriod.set(followed.period, followed.committeeRoot);
    if (followed.nextCommitteeRoot !== NO_ROOT)
      committeesByPeriod.set(followed.period + 1n, followed.nextCommitteeRoot);
    for (const oldest of committeesByPeriod.keys()) {
      if (committeesByPeriod.size <= COMMITTEES_KEPT) break;
      committeesByPeriod.delete(oldest);
    }
  };

  const witness = (update: FinalityUpdate, height: bigint): void => {
    witnessed.push({ update, height });
    if (witnessed.length > WITNESSED) witnessed.shift();
  };

  const begin = async (): Promise<BeaconState> => {
    starting ??= options.start();
    try {
      return { ...(await starting), trustingPeriod: ANY_TIME };
    } finally {
      starting = undefined;
    }
  };

  /** A fork that was scheduled, or moved, after the start is in the endpoint's table by now. */
  const withNewForks = async (endpoint: BeaconEndpoint, known: BeaconState): Promise<BeaconState> => {
    const { forks } = await options.network(endpoint);
    return { ...known, forks };
  };

  const follow = async (
    endpoint: BeaconEndpoint,
    from: BeaconState,
    finality: FinalityUpdate,
    headerOf: HeaderOf,
  ): Promise<BeaconState> => {
    const request = {
      endpoint,
      committees,
      finality,
      now: ANY_TIME,
      minHeight: 0n,
      minTimestamp: 0n,
      header: headerOf,
    };
    try {
      return (await advance({ ...request, state: from })).state;
    } catch (error) {
      if (!isCausewayError(error) || error.code !== "EVIDENCE_REFUSED") throw error;
      const refreshed = await withNewForks(endpoint, from);
      if (Buffer.compare(encodeTrustedState(refreshed), encodeTrustedState(from)) === 0) throw error;
      options.logger.info({ forks: refreshed.forks.length }, "the network scheduled or moved a fork");
      return (await advance({ ...request, state: refreshed })).state;
    }
  };

  return {
    async finalized(endpoint, signal) {
      // The start first: what is asked for before it may be older than it.
      const from = state ?? (await begin());
      if (state === undefined) adopt(from);
      const finality = await endpoint.finalityUpdate(signal);
      const claimed = blockHash(finality.finalized_header);
      if (newest?.hash === claimed) return newest;
      const claimedHeader = await header(claimed, signal);
      const seen: BlockHeader[] = [claimedHeader];
      const followed = await follow(endpoint, from, finality, async (hash) => {
        const found = await header(hash, signal);
        seen.push(found);
        return found;
      });
      // Two looks may overlap: the newer result stays.
      if (state === undefined || followed.latestHeight >= state.latestHeight) adopt(followed);
      if (claimedHeader.number === followed.latestHeight && isTrusted(followed, claimedHeader))
        witness(finality, claimedHeader.number);
      const proven = seen.find((found) => found.number === followed.latestHeight && isTrusted(followed, found));
      if (proven === undefined)
        throw new CausewayError(
          "RPC_STALE",
          `${endpoint.name} is final below ${followed.latestHeight}, which is proven`,
          {
            context: { endpoint: endpoint.name },
          },
        );
      if (newest === undefined || proven.number > newest.number) newest = proven;
      return proven;
    },

    async learnNextCommittee(endpoint, signal) {
      if (state === undefined || state.nextCommitteeRoot !== NO_ROOT) return;
      const [update] = await endpoint.updates(state.period, 1, signal);
      if (update === undefined) return;
      const from = state;
      const request = { endpoint, committees, now: ANY_TIME, minHeight: 0n, minTimestamp: 0n, state: from, signal };
      const headerOf = (hash: Hex): Promise<BlockHeader> => header(hash, signal);
      const finality = await endpoint.finalityUpdate(signal);
      const learned = await extended({ ...request, header: headerOf }, { updates: [], state: from }, update, finality);
      // Somebody may have moved on meanwhile.
      if (learned.state.period === state.period && learned.state.latestHeight >= state.latestHeight)
        adopt(learned.state);
    },

    newest: () => newest,
    verified: () => state && { state, committees: committeesByPeriod, witnessed },
  };
}

type HeaderOf = (hash: Hex) => Promise<BlockHeader>;

const isTrusted = (state: BeaconState, { number, timestamp, stateRoot }: BlockHeader): boolean =>
  isKnown(state, { height: number, timestamp, stateRoot: fromHex(stateRoot) });

const blockHash = (header: LightClientHeader): Hex =>
  toHex("execution" in header ? header.execution.block_hash : header.execution_block_hash);

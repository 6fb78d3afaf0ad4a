// Follows finality with a light client of our own: no endpoint is believed about what is final, only the sync committee's
// signature is. It starts from a header the endpoints agree on, and forgets everything when the process ends.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Logger } from "#adapters/logger.ts";
import type { BlockHeader } from "../rpc/block-header.ts";
import { fromHex, toHex } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { isKnown } from "../verify/consensus-state.ts";
import { encodeTrustedState } from "../verify/trusted-state.ts";
import type { BeaconState } from "../verify/trusted-state.ts";
import { advance } from "./advance.ts";
import type { BeaconEndpoint, LightClientHeader } from "./beacon-api.ts";
import type { Committees } from "./committees.ts";
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
  /** What it trusts; undefined until it has started. */
  trusted(): BeaconState | undefined;
}

/** Neither expiry nor clock drift is of interest here: what is asked is what the committee signed last. */
const ANY_TIME = 1n << 62n;

export function createFollower(options: FollowerOptions): Follower {
  const { committees, header } = options;
  let starting: Promise<BeaconState> | undefined;
  let state: BeaconState | undefined;
  let newest: BlockHeader | undefined;

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

  const follow = async (endpoint: BeaconEndpoint, from: BeaconState, headerOf: HeaderOf): Promise<BeaconState> => {
    const request = { endpoint, committees, now: ANY_TIME, minHeight: 0n, minTimestamp: 0n, header: headerOf };
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
    trusted: () => state,
    async finalized(endpoint, signal) {
      const claimed = blockHash((await endpoint.finalityUpdate(signal)).finalized_header);
      if (newest?.hash === claimed) return newest;
      state ??= await begin();
      const seen: BlockHeader[] = [await header(claimed, signal)];
      const followed = await follow(endpoint, state, async (hash) => {
        const found = await header(hash, signal);
        seen.push(found);
        return found;
      });
      // Two looks may overlap: the newer result stays.
      if (followed.latestHeight >= state.latestHeight) state = followed;
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
  };
}

type HeaderOf = (hash: Hex) => Promise<BlockHeader>;

const isTrusted = (state: BeaconState, { number, timestamp, stateRoot }: BlockHeader): boolean =>
  isKnown(state, { height: number, timestamp, stateRoot: fromHex(stateRoot) });

const blockHash = (header: LightClientHeader): Hex =>
  toHex("execution" in header ? header.execution.block_hash : header.execution_block_hash);

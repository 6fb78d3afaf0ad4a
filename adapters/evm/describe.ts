// What the trusted state of a beacon light client says, in words and numbers that people find elsewhere, too.
import { CausewayError, isCausewayError } from "../protocol/error.ts";
import type { TrustedFact } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { getHeader } from "./rpc/block-header.ts";
import { fromHex } from "./rpc/hex.ts";
import { isKnown } from "./verify/consensus-state.ts";
import { decodeTrustedState, NO_ROOT } from "./verify/trusted-state.ts";
import type { BeaconState } from "./verify/trusted-state.ts";

/** Throws UNSUPPORTED for bytes that are no such state. */
export async function describeTrusted(context: ChainContext, bytes: Uint8Array): Promise<readonly TrustedFact[]> {
  const state = decodeTrustedState(bytes);
  if (state === undefined)
    throw new CausewayError("UNSUPPORTED", "the trusted state is not that of a beacon light client");
  const committee = `GET /eth/v1/beacon/light_client/updates?start_period=${state.period - 1n}&count=1: next_sync_committee`;
  const fact = (name: string, value: bigint | string, compareWith: string): TrustedFact => ({
    name,
    value: value.toString(),
    compareWith,
  });
  return [
    fact("chain", `eip155:${state.chainId}`, "the chain you mean"),
    fact("router", state.router, "the packet router of that chain"),
    fact("height", state.latestHeight, "a block explorer: finalized"),
    fact("block", await blockHash(context, state), "a block explorer: the hash of that height"),
    fact("timestamp", state.latestTimestamp, "a block explorer: the time of that height, Unix seconds"),
    fact("slot", state.latestSlot, "a beacon chain explorer: finalized, with that block in it"),
    fact("sync committee period", state.period, "the slot, divided by a period's slots"),
    fact("sync committee", state.committeeRoot, committee),
    ...(state.nextCommitteeRoot === NO_ROOT ? [] : [fact("next sync committee", state.nextCommitteeRoot, committee)]),
    fact("genesis validators root", state.genesisValidatorsRoot, "GET /eth/v1/beacon/genesis"),
    fact(
      "forks",
      state.forks.map(({ epoch, version }) => `${version} from epoch ${epoch}`).join(", "),
      "GET /eth/v1/config/spec: *_FORK_EPOCH and *_FORK_VERSION",
    ),
    fact(
      "trusting period",
      `${state.trustingPeriod} seconds`,
      "well above the admin delay, well below weak subjectivity",
    ),
  ];
}

/** The state keeps a digest, in which the hash is not: the block that fits it is looked for. */
async function blockHash({ execution }: ChainContext, state: BeaconState): Promise<string> {
  try {
    const header = await execution.use((endpoint) => getHeader(endpoint, state.latestHeight));
    const { number: height, timestamp, stateRoot } = header;
    const fits = isKnown(state, { height, timestamp, stateRoot: fromHex(stateRoot) });
    return fits ? header.hash : `NOT ${header.hash}, which our endpoints have`;
  } catch (error) {
    if (!isCausewayError(error)) throw error;
    return `unknown: ${error.message}`;
  }
}

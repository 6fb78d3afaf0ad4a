// What the trusted state of a CometBFT light client says, in words and numbers that people find elsewhere, too.
import { CausewayError, isCausewayError } from "../protocol/error.ts";
import type { TrustedFact } from "../trusted-client.ts";
import type { ChainContext } from "./context.ts";
import { toUpperHex } from "./rpc/block.ts";
import { getSignedHeader } from "./rpc/signed-header.ts";
import { toHex } from "#adapters/protocol/bytes.ts";
import { caip2Of } from "./verify/chain-id.ts";
import { headerHash } from "./verify/header-hash.ts";
import { latestOf } from "./verify/status.ts";
import { nanoseconds, toSeconds } from "./verify/time.ts";
import { decodeTrustedState } from "./verify/trusted-state.ts";
import type { ConsensusState } from "./verify/trusted-state.ts";

const fact = (name: string, value: bigint | string, compareWith: string): TrustedFact => ({
  name,
  value: value.toString(),
  compareWith,
});

const inSeconds = (period: bigint): string => `${toSeconds(period)} seconds`;

/** Throws UNSUPPORTED for bytes that are no such state. */
export async function describeTrusted(context: ChainContext, bytes: Uint8Array): Promise<readonly TrustedFact[]> {
  const state = decodeTrustedState(bytes);
  if (state === undefined)
    throw new CausewayError("UNSUPPORTED", "the trusted state is not that of a CometBFT light client");
  const latest = latestOf(state);
  const commit = `/commit?height=${latest.height} of a node`;
  return [
    fact("chain", caip2Of(state.chainId), "the chain you mean"),
    fact("height", latest.height, "a block explorer: a block's height"),
    fact("block", await blockHash(context, latest), "a block explorer: the hash of that height"),
    fact("timestamp", toSeconds(latest.timestamp), "a block explorer: the time of that height, Unix seconds"),
    fact("app hash", latest.appHash, `${commit}: app_hash`),
    fact("next validators", latest.nextValidatorsHash, `${commit}: next_validators_hash`),
    fact("trust level", `${state.trustLevelNumerator}/${state.trustLevelDenominator}`, "at least 1/3"),
    fact("trusting period", inSeconds(state.trustingPeriod), "well below the unbonding period"),
    fact("unbonding period", inSeconds(state.unbondingPeriod), "the chain's staking parameters: unbonding_time"),
    fact("clock drift", inSeconds(state.maxClockDrift), "about a minute"),
  ];
}

/** The state does not keep the hash: the block that fits it is looked for. */
async function blockHash({ endpoints }: ChainContext, held: ConsensusState): Promise<string> {
  try {
    const { header } = await endpoints.use((endpoint) => getSignedHeader(endpoint, held.height));
    const hash = toUpperHex(headerHash(header));
    const fits =
      nanoseconds(header.time) === held.timestamp &&
      toHex(header.appHash) === held.appHash &&
      toHex(header.nextValidatorsHash) === held.nextValidatorsHash;
    return fits ? hash : `NOT ${hash}, which our endpoints have`;
  } catch (error) {
    if (!isCausewayError(error)) throw error;
    return `unknown: ${error.message}`;
  }
}

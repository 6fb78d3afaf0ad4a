// The state a new light client starts from: the newest header. This is the one moment in which endpoints are taken at their word, so all
// of them have to agree on it.
import { QueryParamsRequest, QueryParamsResponse } from "cosmjs-types/cosmos/staking/v1beta1/query";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getHeight } from "../rpc/head.ts";
import { query } from "../rpc/query.ts";
import { getSignedHeader } from "../rpc/signed-header.ts";
import { equalBytes, toHex } from "#adapters/protocol/bytes.ts";
import type { CometHeader } from "../verify/evidence.ts";
import { headerHash } from "../verify/header-hash.ts";
import { fromSeconds, nanoseconds } from "../verify/time.ts";
import type { CometState } from "../verify/trusted-state.ts";
import { brokenBlock } from "./broken-block.ts";
import { endpointBlocks } from "./endpoint-blocks.ts";

/** Seconds a header may lie ahead of the hosting chain's clock. */
const MAX_CLOCK_DRIFT = 60n;

/**
 * `trustingPeriod` in seconds. Throws INVALID_ARGUMENT when that is not below the chain's unbonding period: validators could sign anything
 * then, and have nothing left to lose.
 */
export async function bootstrap(
  context: ChainContext,
  { trustingPeriod }: { readonly trustingPeriod: bigint },
): Promise<CometState> {
  const { endpoints, validatorSets } = context;
  const heights = await Promise.all(endpoints.endpoints.map((endpoint) => getHeight(endpoint)));
  // Everybody has the lowest.
  const height = heights.reduce((lowest, each) => (each < lowest ? each : lowest));
  return endpoints.use(async (endpoint) => {
    const unbondingPeriod = await readUnbondingPeriod(endpoint);
    if (trustingPeriod <= 0n || fromSeconds(trustingPeriod) >= unbondingPeriod)
      throw new CausewayError(
        "INVALID_ARGUMENT",
        `a trusting period of ${trustingPeriod} s is not below the unbonding period of ${context.config.chainId}, ${unbondingPeriod / fromSeconds(1n)} s`,
        { hint: "two thirds of the unbonding period are usual" },
      );
    const block = await endpointBlocks(endpoint, validatorSets).at(height);
    const { header } = block;
    const state: CometState = {
      chainId: await endpoint.chainId(),
      trustLevelNumerator: 1n,
      trustLevelDenominator: 3n,
      trustingPeriod: fromSeconds(trustingPeriod),
      unbondingPeriod,
      maxClockDrift: fromSeconds(MAX_CLOCK_DRIFT),
      frozen: false,
      consensusStates: [
        {
          height,
          timestamp: nanoseconds(header.time),
          appHash: toHex(header.appHash),
          nextValidatorsHash: toHex(header.nextValidatorsHash),
        },
      ],
    };
    const reason = brokenBlock(block, state);
    if (reason !== undefined) throw contradiction(endpoint, `block ${height} does not verify: ${reason}`);
    await requireAgreement(context, header);
    return state;
  });
}

const contradiction = (endpoint: CometEndpoint, what: string): CausewayError =>
  new CausewayError("RPC_BAD_ANSWER", `${endpoint.name}: ${what}`, { context: { endpoint: endpoint.name } });

async function requireAgreement({ endpoints: { endpoints } }: ChainContext, header: CometHeader): Promise<void> {
  const hash = headerHash(header);
  for (const endpoint of endpoints) {
    const other = await getSignedHeader(endpoint, header.height);
    if (!equalBytes(headerHash(other.header), hash))
      throw contradiction(endpoint, `has another block than ${toHex(hash)} at height ${header.height}`);
  }
}

/** Nanoseconds. */
async function readUnbondingPeriod(endpoint: CometEndpoint): Promise<bigint> {
  const types = [QueryParamsRequest, QueryParamsResponse] as const;
  const { params } = await query(endpoint, "/cosmos.staking.v1beta1.Query/Params", types, {});
  const period = params?.unbondingTime;
  if (period !== undefined && period.seconds > 0n) return fromSeconds(period.seconds) + BigInt(period.nanos);
  throw contradiction(endpoint, "does not tell the chain's unbonding period");
}

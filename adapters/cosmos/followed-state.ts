// The trusted state of a light client of this chain, as the chain's own side reads it.
import { CausewayError } from "../protocol/error.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { CosmosConfig } from "./config.ts";
import { caip2Of } from "./verify/chain-id.ts";
import { decodeTrustedState } from "./verify/trusted-state.ts";
import type { CometState } from "./verify/trusted-state.ts";

/** Throws UNSUPPORTED for another type of light client, INVALID_CONFIG for one of another chain. */
export function followedState(config: CosmosConfig, trusted: TrustedClient): CometState {
  const state = trusted.clientType === "cometbft" ? decodeTrustedState(trusted.state) : undefined;
  if (state === undefined)
    throw new CausewayError(
      "UNSUPPORTED",
      `${trusted.clientId} is no CometBFT light client, so it cannot follow ${config.chainId}`,
    );
  if (caip2Of(state.chainId) === config.chainId) return state;
  throw new CausewayError(
    "INVALID_CONFIG",
    `${trusted.clientId} follows ${caip2Of(state.chainId)}, not ${config.chainId}`,
    {
      hint: "the route names a light client of another chain: correct the route",
      context: { clientId: trusted.clientId },
    },
  );
}

// The trusted state of a light client of this chain, as the chain's own side reads it.
import { CausewayError } from "../protocol/error.ts";
import type { TrustedClient } from "../trusted-client.ts";
import type { EvmConfig } from "./config.ts";
import { decodeTrustedState } from "./verify/trusted-state.ts";
import type { BeaconState } from "./verify/trusted-state.ts";

/** Throws UNSUPPORTED for another type of light client, INVALID_CONFIG for one of another chain or router. */
export function followedState(config: EvmConfig, trusted: TrustedClient): BeaconState {
  const state = trusted.clientType === "beacon" ? decodeTrustedState(trusted.state) : undefined;
  if (state === undefined)
    throw new CausewayError(
      "UNSUPPORTED",
      `${trusted.clientId} is no beacon light client, so it cannot follow ${config.chainId}`,
    );
  if (`eip155:${state.chainId}` === config.chainId && state.router.toLowerCase() === config.router) return state;
  throw new CausewayError(
    "INVALID_CONFIG",
    `${trusted.clientId} follows router ${state.router} of eip155:${state.chainId}, not ${config.router} of ${config.chainId}`,
    {
      hint: "the route names a light client of another chain or router: correct the route",
      context: { clientId: trusted.clientId },
    },
  );
}

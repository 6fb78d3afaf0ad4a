// Light blocks of one endpoint.
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getSignedHeader } from "../rpc/signed-header.ts";
import type { LightBlocks } from "./light-block.ts";
import type { ValidatorSets } from "./validator-sets.ts";

/** Throws RPC_STALE for heights that the endpoint does not have, RPC_BAD_ANSWER when hashes do not fit. */
export const endpointBlocks = (endpoint: CometEndpoint, sets: ValidatorSets, signal?: AbortSignal): LightBlocks => ({
  name: endpoint.name,
  async at(height) {
    const { header, commit } = await getSignedHeader(endpoint, height, signal);
    const validators = await sets.find(endpoint, { height, hash: header.validatorsHash }, signal);
    return { header, commit, validators };
  },
  validators: (height, hash) => sets.find(endpoint, { height, hash }, signal),
});

// Validator sets by their hashes: a set stays the same for many blocks, and is asked for once.
import { bytesToHex } from "@noble/hashes/utils.js";
import { CausewayError } from "#adapters/protocol/error.ts";
import type { CometEndpoint } from "../rpc/comet-endpoint.ts";
import { getValidators } from "../rpc/validators.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import type { Validator } from "../verify/evidence.ts";
import { validatorsHash } from "../verify/validators.ts";

export interface ValidatorSets {
  /** Throws what `getValidators` throws, and RPC_BAD_ANSWER for a set with another hash. */
  find(
    endpoint: CometEndpoint,
    wanted: { readonly height: bigint; readonly hash: Uint8Array },
    signal?: AbortSignal,
  ): Promise<readonly Validator[]>;
}

const REMEMBERED = 64;

export function createValidatorSets(): ValidatorSets {
  const known = new Map<string, readonly Validator[]>();
  return {
    async find(endpoint, { height, hash }, signal) {
      const name = bytesToHex(hash);
      const remembered = known.get(name);
      if (remembered !== undefined) return remembered;
      const validators = await getValidators(endpoint, height, signal);
      if (!equalBytes(validatorsHash(validators), hash))
        throw new CausewayError(
          "RPC_BAD_ANSWER",
          `${endpoint.name}: the validators of block ${height} are not those with hash ${name}`,
          { context: { endpoint: endpoint.name, height } },
        );
      known.set(name, validators);
      for (const oldest of known.keys()) if (known.size > REMEMBERED) known.delete(oldest);
      return validators;
    },
  };
}

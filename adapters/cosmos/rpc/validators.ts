// The whole validator set of a height, in the order in which it is hashed.
import { CausewayError, isCausewayError } from "#adapters/protocol/error.ts";
import type { Validator } from "../verify/evidence.ts";
import type { CometEndpoint } from "./comet-endpoint.ts";
import { validatorOf } from "./comet-types.ts";

/** What nodes allow at most. */
const PER_PAGE = 100;
/** CometBFT types/vote_set.go MaxVotesCount. */
const MAX_VALIDATORS = 10_000;

/** Throws RPC_STALE for a height that the node does not have, UNSUPPORTED when a validator's key is of a type that nobody here can verify. */
export async function getValidators(
  endpoint: CometEndpoint,
  height: bigint,
  signal?: AbortSignal,
): Promise<readonly Validator[]> {
  const validators: Validator[] = [];
  for (let page = 1; ; page += 1) {
    const { validators: some, total } = await readPage(endpoint, height, page, signal);
    validators.push(...some);
    if (validators.length >= total) return validators;
    if (some.length === 0 || total > MAX_VALIDATORS)
      throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} does not list the validators of block ${height}`, {
        context: { endpoint: endpoint.name, height },
      });
  }
}

async function readPage(endpoint: CometEndpoint, height: bigint, page: number, signal: AbortSignal | undefined) {
  const request = { height: Number(height), page, per_page: PER_PAGE };
  try {
    const { validators, total } = await endpoint.ask((comet) => comet.validators(request), signal);
    return {
      total,
      validators: validators.map((one) => validatorOf(one) ?? unknownKey(endpoint, one.pubkey?.algorithm ?? "none")),
    };
  } catch (error) {
    // cosmjs knows ed25519 and secp256k1 only.
    const type = isCausewayError(error) ? /unknown pubkey type: (\S+)/.exec(error.message)?.[1] : undefined;
    if (type !== undefined) unknownKey(endpoint, type);
    throw error;
  }
}

function unknownKey(endpoint: CometEndpoint, type: string): never {
  throw new CausewayError("UNSUPPORTED", `${endpoint.name}: a validator's key is of type ${type}`, {
    hint: "light clients verify ed25519 keys: a chain with others cannot be followed",
    context: { endpoint: endpoint.name },
  });
}

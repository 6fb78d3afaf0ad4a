// What it means when a node refuses a request: mostly that it does not have that height, any more or yet.
import { CausewayError } from "#adapters/protocol/error.ts";

/** CometBFT rpc/core/env.go and state/store.go; Cosmos SDK baseapp/abci.go and store/rootmulti. */
const NOT_THERE = [
  /height (?:must be|\d+ must be) less than or equal to/,
  /height \d+ is not available/,
  /could(?: not|n't) find (?:results|validators?|validator set) (?:for|at) height/,
  /not persisting finalize block responses/,
  /version does not exist/,
  /height in the future/,
  /failed to load state at height/,
];

const LOWEST = /lowest height is (\d{1,18})\b/;

/** Whether a node's words say that it does not have the height asked for. */
export const saysNotThere = (words: string): boolean => NOT_THERE.some((pattern) => pattern.test(words));

/** RPC_STALE when the node lacks the height (`context.lowestHeight` has the first one it keeps, when it says so), else RPC_BAD_ANSWER. */
export function refusal(
  name: string,
  method: string,
  { message, data }: { readonly message: string; readonly data?: string | undefined },
): CausewayError {
  const said = (data ?? message).slice(0, 1_000);
  const lowest = LOWEST.exec(said)?.[1];
  return new CausewayError(
    saysNotThere(said) ? "RPC_STALE" : "RPC_BAD_ANSWER",
    `${name} refused ${method}: ${said.slice(0, 200)}`,
    {
      context: { endpoint: name, said, lowestHeight: lowest === undefined ? undefined : BigInt(lowest) },
    },
  );
}

// What it means when a node refuses a request: mostly that it does not have that height, any more or yet.
import { CausewayError } from "#adapters/protocol/error.ts";

/** CometBFT rpc/core and state/errors.go; Cosmos SDK baseapp/abci.go and store/rootmulti. */
const NOT_THERE = [
  /height (?:must be|\d+ must be) less than or equal to/,
  /height \d+ is not available/,
  /min height \d+ can't be greater than max height/,
  /could(?: not|n't) find (?:results|validators?|validator set) (?:for|at) height/,
  /not persisting finalize block responses/,
  /version does not exist/,
  /height in the future/,
  /failed to load state at height/,
];

/** Whether a node's words say that it does not have the height asked for. */
export const saysNotThere = (words: string): boolean => NOT_THERE.some((pattern) => pattern.test(words));

/** RPC_STALE when the node lacks the height, else RPC_BAD_ANSWER; `context.said` has the node's words. */
export function refusal(
  name: string,
  method: string,
  { message, data }: { readonly message: string; readonly data?: string | undefined },
): CausewayError {
  const said = (data ?? message).slice(0, 1_000);
  return new CausewayError(
    saysNotThere(said) ? "RPC_STALE" : "RPC_BAD_ANSWER",
    `${name} refused ${method}: ${said.slice(0, 200)}`,
    { context: { endpoint: name, said } },
  );
}

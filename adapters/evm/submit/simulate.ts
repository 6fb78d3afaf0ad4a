// Gas of a transaction by simulation.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { Simulation } from "#adapters/submit/isolate-refused.ts";
import type { ChainContext } from "../context.ts";
import { TRANSACTION_GAS_CAP } from "./gas-limit.ts";
import { quantity } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { revertOf } from "../rpc/read-contract.ts";

export interface SimulatedCall {
  readonly from: Hex;
  readonly to?: Hex | undefined;
  readonly data: Hex;
}

/** Nodes do not estimate beyond what a transaction may have. What they say then decides only whether a smaller one is tried. */
const ABOVE_THE_CAP = /exceeds (?:the )?(?:allowance|(?:transaction|block) gas limit)|gas limit too high/i;

/**
 * A revert is believed only when no reachable endpoint sees the call succeed. What needs more gas than a transaction may have is a success of more
 * gas than that.
 */
export async function simulate(
  { execution }: ChainContext,
  call: SimulatedCall,
  signal?: AbortSignal,
): Promise<Simulation> {
  const { from, to, data } = call;
  const params = [to === undefined ? { from, data } : { from, to, data }];
  const { answer } = await execution.consult(
    async (endpoint): Promise<Simulation> => {
      const given = await endpoint.ask({ method: "eth_estimateGas", params }, signal);
      const revert = revertOf(given);
      if (revert !== undefined) return { ok: false, refusal: revert };
      const gas = given.ok ? quantity.safeParse(given.result) : undefined;
      if (gas?.success === true) return { ok: true, gas: gas.data };
      if (!given.ok && ABOVE_THE_CAP.test(given.message)) return { ok: true, gas: TRANSACTION_GAS_CAP + 1n };
      const why = given.ok ? "an unusable answer" : given.message.slice(0, 200);
      throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} cannot estimate gas: ${why}`, {
        context: { endpoint: endpoint.name },
      });
    },
    (simulation) => simulation.ok,
  );
  return answer;
}

// Gas of a transaction by simulation, and which messages of a batch the contracts would refuse.
import { CausewayError } from "#adapters/protocol/error.ts";
import type { ChainContext } from "../context.ts";
import { quantity } from "../rpc/hex.ts";
import type { Hex } from "../rpc/hex.ts";
import { revertOf } from "../rpc/read-contract.ts";
import type { Revert } from "../rpc/read-contract.ts";

export type Simulation =
  | { readonly ok: true; /** The node's estimate. */ readonly gas: bigint }
  | { readonly ok: false; readonly revert: Revert };

export interface SimulatedCall {
  readonly from: Hex;
  readonly to?: Hex | undefined;
  readonly data: Hex;
}

/** A revert is believed only when no reachable endpoint sees the call succeed. */
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
      if (revert !== undefined) return { ok: false, revert };
      const gas = given.ok ? quantity.safeParse(given.result) : undefined;
      if (gas?.success === true) return { ok: true, gas: gas.data };
      const why = given.ok ? "an unusable answer" : given.message.slice(0, 200);
      throw new CausewayError("RPC_BAD_ANSWER", `${endpoint.name} cannot estimate gas: ${why}`, {
        context: { endpoint: endpoint.name },
      });
    },
    (simulation) => simulation.ok,
  );
  return answer;
}

export interface Isolated<T> {
  readonly accepted: readonly T[];
  readonly refused: readonly { readonly item: T; readonly revert: Revert }[];
  /** Of the call with the accepted ones. */
  readonly gas: bigint;
}

/**
 * Finds the items that make a call revert by halving. Throws TRANSACTION_REVERTED when the call reverts without any item:
 * then no item is to blame.
 */
export async function isolateRefused<T>(
  items: readonly T[],
  attempt: (some: readonly T[]) => Promise<Simulation>,
): Promise<Isolated<T>> {
  const whole = await attempt(items);
  if (whole.ok) return { accepted: items, refused: [], gas: whole.gas };
  if (items.length > 0) {
    const none = await attempt([]);
    if (none.ok) {
      const refused = await findRefused(items, attempt, whole.revert);
      const bad = new Set(refused.map(({ item }) => item));
      const accepted = items.filter((item) => !bad.has(item));
      const rest = await attempt(accepted);
      if (rest.ok) return { accepted, refused, gas: rest.gas };
    }
  }
  throw new CausewayError("TRANSACTION_REVERTED", `the contracts refuse the transaction: ${whole.revert.detail}`, {
    context: { error: whole.revert.error },
  });
}

async function findRefused<T>(
  items: readonly T[],
  attempt: (some: readonly T[]) => Promise<Simulation>,
  revert: Revert,
): Promise<{ item: T; revert: Revert }[]> {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return [{ item: only, revert }];
  const middle = Math.ceil(items.length / 2);
  const refused = [];
  for (const half of [items.slice(0, middle), items.slice(middle)]) {
    const result = await attempt(half);
    if (!result.ok) refused.push(...(await findRefused(half, attempt, result.revert)));
  }
  return refused;
}

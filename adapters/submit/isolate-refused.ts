// Which messages of a batch a chain would refuse, found by trying parts of it.
import { CausewayError } from "../protocol/error.ts";

/** Why a chain would not carry out a transaction. */
export interface Refusal {
  /** The chain's name for it. */
  readonly error: string;
  /** For people. */
  readonly detail: string;
}

export type Simulation =
  | { readonly ok: true; /** As the node says, without any margin. */ readonly gas: bigint }
  | { readonly ok: false; readonly refusal: Refusal };

export interface Isolated<T> {
  readonly accepted: readonly T[];
  readonly refused: readonly { readonly item: T; readonly refusal: Refusal }[];
  /** Of the transaction with the accepted ones. */
  readonly gas: bigint;
}

/**
 * Finds the items that make a transaction fail by halving. Throws TRANSACTION_REVERTED when it fails without any item: then no item is to
 * blame.
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
      const refused = await findRefused(items, attempt, whole.refusal);
      const bad = new Set(refused.map(({ item }) => item));
      const accepted = items.filter((item) => !bad.has(item));
      const rest = await attempt(accepted);
      if (rest.ok) return { accepted, refused, gas: rest.gas };
    }
  }
  throw new CausewayError("TRANSACTION_REVERTED", `the chain refuses the transaction: ${whole.refusal.detail}`, {
    context: { error: whole.refusal.error },
  });
}

async function findRefused<T>(
  items: readonly T[],
  attempt: (some: readonly T[]) => Promise<Simulation>,
  refusal: Refusal,
): Promise<{ item: T; refusal: Refusal }[]> {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return [{ item: only, refusal }];
  const middle = Math.ceil(items.length / 2);
  const refused = [];
  for (const half of [items.slice(0, middle), items.slice(middle)]) {
    const result = await attempt(half);
    if (!result.ok) refused.push(...(await findRefused(half, attempt, result.refusal)));
  }
  return refused;
}

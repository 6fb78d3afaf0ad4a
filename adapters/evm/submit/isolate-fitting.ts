// Which messages of a batch one transaction can carry: none that the contracts refuse, and no more than it may have gas for.
import { isolateRefused } from "#adapters/submit/isolate-refused.ts";
import type { Isolated, Simulation } from "#adapters/submit/isolate-refused.ts";
import { TRANSACTION_GAS_CAP } from "./gas-limit.ts";

export interface Fitting<T> extends Isolated<T> {
  /** For another transaction. */
  readonly left: readonly T[];
}

/** Halves what costs too much, down to one item. Throws what `isolateRefused` throws. */
export async function isolateFitting<T>(
  items: readonly T[],
  attempt: (some: readonly T[]) => Promise<Simulation>,
): Promise<Fitting<T>> {
  const { accepted, refused, gas } = await isolateRefused(items, attempt);
  if (gas <= TRANSACTION_GAS_CAP || accepted.length <= 1) return { accepted, refused, gas, left: [] };
  const middle = Math.ceil(accepted.length / 2);
  const half = await isolateFitting(accepted.slice(0, middle), attempt);
  return { ...half, refused: [...refused, ...half.refused], left: [...half.left, ...accepted.slice(middle)] };
}

// Which messages of a batch one transaction can carry: none that the chain refuses, and no more than it may have gas for.
import { isolateRefused } from "./isolate-refused.ts";
import type { Isolated, Simulation } from "./isolate-refused.ts";

export interface Fitting<T> extends Isolated<T> {
  /** For another transaction. */
  readonly left: readonly T[];
}

/** Halves what costs more than `mostGas`, down to one item. Throws what `isolateRefused` throws. */
export async function isolateFitting<T>(
  items: readonly T[],
  mostGas: bigint,
  attempt: (some: readonly T[]) => Promise<Simulation>,
): Promise<Fitting<T>> {
  const { accepted, refused, gas } = await isolateRefused(items, attempt);
  if (gas <= mostGas || accepted.length <= 1) return { accepted, refused, gas, left: [] };
  const middle = Math.ceil(accepted.length / 2);
  const half = await isolateFitting(accepted.slice(0, middle), mostGas, attempt);
  return { ...half, refused: [...refused, ...half.refused], left: [...half.left, ...accepted.slice(middle)] };
}

// What parts of a transaction cost, learned from transactions: so that most need no simulation, which takes a chain as much as the transaction
// itself. It is a guess; whoever sends on it has to be ready for it to be too low.

export interface GasPart {
  /** Parts of the same kind cost about the same for each byte. Undefined for what may cost anything. */
  readonly kind: string | undefined;
  readonly bytes: number;
}

export interface KnownGas {
  knows(part: GasPart): boolean;
  /** Together; undefined when one of them is not known. */
  estimate(parts: readonly GasPart[]): bigint | undefined;
  /** What a transaction of these parts used. Those of them that were not known share what the others leave. */
  learn(parts: readonly GasPart[], used: bigint): void;
  forget(parts: readonly GasPart[]): void;
}

/** Of kinds; the oldest go first. */
const REMEMBERED = 1_000;

export function createKnownGas(): KnownGas {
  /** Gas for each byte. */
  const rates = new Map<string, number>();
  const rateOf = ({ kind }: GasPart): number | undefined => (kind === undefined ? undefined : rates.get(kind));
  const total = (parts: readonly GasPart[]): number =>
    parts.reduce((sum, part) => sum + (rateOf(part) ?? 0) * part.bytes, 0);

  const set = (kind: string, rate: number): void => {
    rates.delete(kind);
    rates.set(kind, rate);
    for (const oldest of rates.keys()) if (rates.size > REMEMBERED) rates.delete(oldest);
  };

  return {
    knows: (part) => rateOf(part) !== undefined,
    estimate: (parts) =>
      parts.every((part) => rateOf(part) !== undefined) ? BigInt(Math.ceil(total(parts))) : undefined,
    learn(parts, used) {
      if (parts.some(({ kind }) => kind === undefined)) return;
      const known = total(parts);
      const unknown = parts.filter((part) => rateOf(part) === undefined);
      const bytes = unknown.reduce((sum, part) => sum + part.bytes, 0);
      if (bytes > 0) {
        const rest = Number(used) - known;
        if (rest > 0) for (const { kind } of unknown) set(kind as string, rest / bytes);
        return;
      }
      if (known === 0) return;
      // Dearer counts at once, cheaper little by little: too low a guess costs a transaction.
      const ratio = Number(used) / known;
      const factor = ratio > 1 ? ratio : (3 + ratio) / 4;
      for (const kind of new Set(parts.map((part) => part.kind as string))) set(kind, (rates.get(kind) ?? 0) * factor);
    },
    forget(parts) {
      for (const { kind } of parts) if (kind !== undefined) rates.delete(kind);
    },
  };
}

// Who is to hold which chain, from who wants and holds which now. Every process comes to the same answer on its own.

export interface Member {
  readonly id: number;
  readonly wants: ReadonlySet<string>;
  readonly holds: ReadonlySet<string>;
}

interface Share {
  readonly id: number;
  readonly wants: ReadonlySet<string>;
  readonly chains: Set<string>;
}

/** The one with the fewest first; `shares` is by id. */
const fewest = (shares: readonly Share[]): Share | undefined =>
  shares.reduce<Share | undefined>(
    (least, share) => (least === undefined || share.chains.size < least.chains.size ? share : least),
    undefined,
  );

/** A chain that one of two can spare for the other, from whoever has the most to whoever has the fewest. */
function spare(shares: readonly Share[]): { chain: string; from: Share; to: Share } | undefined {
  const byMost = shares.toSorted((a, b) => b.chains.size - a.chains.size || a.id - b.id);
  for (const from of byMost)
    for (const to of byMost.toReversed()) {
      if (to.chains.size + 2 > from.chains.size) continue;
      const chain = [...from.chains].toSorted().findLast((candidate) => to.wants.has(candidate));
      if (chain !== undefined) return { chain, from, to };
    }
  return undefined;
}

/**
 * The chains of each member, by its id: whoever holds one keeps it, unless another that wants it has two fewer; free ones go to
 * whoever has the fewest. A chain that anybody wants is somebody's.
 */
export function shareOut(members: readonly Member[]): Map<number, ReadonlySet<string>> {
  const shares: Share[] = members
    .map(({ id, wants, holds }) => ({ id, wants, chains: new Set(holds) }))
    .toSorted((a, b) => a.id - b.id);
  const held = new Set(members.flatMap(({ holds }) => [...holds]));
  const wanted = new Set(members.flatMap(({ wants }) => [...wants]));
  for (const chain of [...wanted].toSorted())
    if (!held.has(chain)) fewest(shares.filter(({ wants }) => wants.has(chain)))?.chains.add(chain);
  for (let move = spare(shares); move !== undefined; move = spare(shares)) {
    move.from.chains.delete(move.chain);
    move.to.chains.add(move.chain);
  }
  return new Map(shares.map(({ id, chains }) => [id, chains]));
}

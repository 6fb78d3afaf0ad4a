import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newestOf } from "#adapters/cosmos/hosted/newest-consensus-states.ts";

interface Kept {
  readonly revisionNumber: bigint;
  readonly revisionHeight: bigint;
}

const keyOf = ({ revisionNumber, revisionHeight }: Kept): string => `${revisionNumber}-${revisionHeight}`;
const byWord = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Pages as the Cosmos SDK makes them of keys in the order of words, each followed by what belongs to it. */
const pagesOf = (kept: readonly Kept[]) => {
  const rows = kept
    .flatMap((height) => [
      { key: keyOf(height), height },
      { key: `${keyOf(height)}/processedHeight`, height: undefined },
      { key: `${keyOf(height)}/processedTime`, height: undefined },
    ])
    .toSorted((left, right) => byWord(left.key, right.key));
  return async (from: Uint8Array, limit: number) => {
    const first = rows.findIndex(({ key }) => key >= new TextDecoder().decode(from));
    const walk = rows.slice(0, first === -1 ? rows.length : first + 1).toReversed();
    const consensusStates: { height: Kept }[] = [];
    for (const { key, height } of walk) {
      if (consensusStates.length === limit) return { consensusStates, nextKey: new TextEncoder().encode(key) };
      if (height !== undefined) consensusStates.push({ height });
    }
    return { consensusStates, nextKey: new Uint8Array() };
  };
};

const heightsOf = async (kept: readonly Kept[], latest: Kept, count: number): Promise<bigint[]> =>
  (await newestOf(pagesOf(kept), latest, count)).map(({ height }) => height.revisionHeight);

const range = (from: number, to: number): Kept[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ revisionNumber: 1n, revisionHeight: BigInt(from + index) }));

describe("newest consensus states", () => {
  test("are the newest by number, whatever heights there are", async () => {
    const height = fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 12_000 }));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(height, { minLength: 1, maxLength: 300 }), async (heights) => {
        const sorted = heights.toSorted((left, right) => right - left);
        const kept = heights.map((each) => ({ revisionNumber: 1n, revisionHeight: BigInt(each) }));
        const latest = { revisionNumber: 1n, revisionHeight: BigInt(sorted[0] ?? 0) };
        expect(await heightsOf(kept, latest, 64)).toEqual(sorted.slice(0, 64).map(BigInt));
      }),
    );
  });

  test("go on below a power of ten", async () => {
    const found = await heightsOf(range(1, 1_003), { revisionNumber: 1n, revisionHeight: 1_003n }, 64);
    expect(found).toEqual(Array.from({ length: 64 }, (_, index) => 1_003n - BigInt(index)));
  });

  test("are of the light client's own revision, and none that came after it was looked at", async () => {
    const others = range(1, 90).map(({ revisionHeight }) => ({ revisionNumber: 2n, revisionHeight }));
    const older = range(1, 90).map(({ revisionHeight }) => ({ revisionNumber: 0n, revisionHeight }));
    const latest = { revisionNumber: 1n, revisionHeight: 7n };
    expect(await heightsOf([...others, ...range(5, 8), ...older], latest, 64)).toEqual([7n, 6n, 5n]);
  });

  test("a node whose pages never end is left", async () => {
    let pages = 0;
    const endless = async (from: Uint8Array) => {
      pages += 1;
      return { consensusStates: [], nextKey: from };
    };
    expect(await newestOf(endless, { revisionNumber: 1n, revisionHeight: 123n }, 64)).toEqual([]);
    expect(pages).toBeLessThan(100);
  });
});

// How chains are shared out: by cases, and for any set of processes and chains.
import fc from "fast-check";
import { expect, test } from "vitest";
import { shareOut } from "#relayer/leases/share-out.ts";
import type { Member } from "#relayer/leases/share-out.ts";

const ALL = ["a", "b", "c", "d"];
const member = (id: number, holds: readonly string[], wants: readonly string[] = ALL): Member => ({
  id,
  wants: new Set(wants),
  holds: new Set(holds),
});
const shares = (...members: Member[]): Record<string, string[]> =>
  Object.fromEntries([...shareOut(members)].map(([id, chains]) => [id, [...chains].toSorted()]));

test("one process has all", () => expect(shares(member(1, []))).toEqual({ 1: ALL }));

test("nobody who lives, nothing to share", () => expect(shares()).toEqual({}));

test("two that start together have half each", () =>
  expect(shares(member(1, []), member(2, []))).toEqual({ 1: ["a", "c"], 2: ["b", "d"] }));

test("one that joins is given half, and nothing else moves", () =>
  expect(shares(member(1, ALL), member(2, []))).toEqual({ 1: ["a", "b"], 2: ["c", "d"] }));

test("a third one is given one by whoever has more, not by both", () =>
  expect(shares(member(1, ["a", "b"]), member(2, ["c", "d"]), member(3, []))).toEqual({
    1: ["a"],
    2: ["c", "d"],
    3: ["b"],
  }));

test("what is shared out evenly stays where it is", () =>
  expect(shares(member(2, ["d"]), member(1, ["b", "c"]), member(3, ["a"]))).toEqual({
    1: ["b", "c"],
    2: ["d"],
    3: ["a"],
  }));

test("a process that leaves, and only holds still, is given nothing new", () =>
  expect(shares(member(1, ["a", "b", "c"], []), member(2, []))).toEqual({ 1: ["a", "b"], 2: ["c", "d"] }));

test("a chain that only one is configured for is that one's, however many it has", () =>
  expect(shares(member(1, []), member(2, ["a"], ["a"]), member(3, [], []))).toEqual({
    1: ["b", "c", "d"],
    2: ["a"],
    3: [],
  }));

test("more processes than chains: some have none", () =>
  expect(shares(member(1, ["a"], ["a"]), member(2, [], ["a"]))).toEqual({ 1: ["a"], 2: [] }));

/** Any processes; each chain held by at most one of them. */
const members = fc
  .record({
    chains: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 12 }),
    processes: fc.integer({ min: 1, max: 5 }),
    alike: fc.boolean(),
    seed: fc.array(fc.nat(1_000), { minLength: 72, maxLength: 72 }),
  })
  .map(({ chains, processes, alike, seed }) =>
    Array.from({ length: processes }, (_, id) => {
      const wants = chains.filter((_chain, index) => alike || (seed[index * 5 + id] ?? 0) % 3 > 0);
      const holds = chains.filter((_chain, index) => (seed[60 + index] ?? 0) % (processes + 1) === id);
      return member(id, holds, wants);
    }),
  );

test("whoever wants it, a chain is exactly one's; and the same again changes nothing", () => {
  fc.assert(
    fc.property(members, (all) => {
      const shared = shareOut(all);
      const given = [...shared.values()].flatMap((chains) => [...chains]);
      const wanted = new Set(all.flatMap(({ wants, holds }) => [...wants, ...holds]));
      expect([...given].toSorted()).toEqual([...wanted].toSorted());
      for (const { id, wants, holds } of all)
        for (const chain of shared.get(id) ?? []) expect(wants.has(chain) || holds.has(chain)).toBe(true);
      const next = all.map(({ id, wants }) => ({ id, wants, holds: shared.get(id) ?? new Set<string>() }));
      expect(shareOut(next)).toEqual(shared);
      expect(shareOut(all.toReversed())).toEqual(shared);
    }),
  );
});

test("among processes that are configured alike nobody has two more than another", () => {
  fc.assert(
    fc.property(members, (all) => {
      const chains = new Set(all.flatMap(({ wants, holds }) => [...wants, ...holds]));
      const sizes = [...shareOut(all.map(({ id, holds }) => ({ id, holds, wants: chains }))).values()].map(
        ({ size }) => size,
      );
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test("among them a chain moves only from who had more than it is left with", () => {
  fc.assert(
    fc.property(members, (all) => {
      const chains = new Set(all.flatMap(({ wants, holds }) => [...wants, ...holds]));
      const shared = shareOut(all.map(({ id, holds }) => ({ id, holds, wants: chains })));
      for (const { id, holds } of all) {
        const left = shared.get(id) ?? new Set();
        if ([...holds].some((chain) => !left.has(chain))) expect(holds.size).toBeGreaterThan(left.size);
      }
    }),
  );
});

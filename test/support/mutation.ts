// Small damage to structured values and to bytes: what an attacker, a bug or a bad line does to evidence.
import fc from "fast-check";

export type Tree = Uint8Array | bigint | string | Tree[] | { readonly [name: string]: Tree };

/** Which way down the tree, and what to do there; all numbers are reduced to what fits. */
export interface Mutation {
  readonly descent: readonly number[];
  readonly operation: number;
  readonly first: number;
  readonly second: number;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  descent: fc.array(fc.nat(1 << 16), { minLength: 1, maxLength: 8 }),
  operation: fc.nat(1 << 16),
  first: fc.nat(1 << 16),
  second: fc.nat(1 << 16),
});

/** Turns over a bit of the first byte, counts a number up or drops the first element: of a named field, always the same damage. */
export const firstDamage: Mutation = { descent: [0, 0, 3, 1, 1], operation: 0, first: 0, second: 1 };

type Operation<T> = (value: T, first: number, second: number) => T;

const pick = <T>(options: readonly T[], at: number): T => options[at % options.length] as T;

function swapped<T>(values: readonly T[], first: number, second: number): T[] {
  const [left, right] = [first % values.length, second % values.length];
  return values.map((value, index) => (index === left ? values[right] : index === right ? values[left] : value) as T);
}

const listOperations: readonly Operation<Tree[]>[] = [
  (list, first) => list.filter((_, index) => index !== first % list.length),
  (list, first) => list.flatMap((item, index) => (index === first % list.length ? [item, item] : [item])),
  (list, first, second) => swapped(list, first, second),
  (list) => list.toReversed(),
  (list, first) => list.slice(0, first % list.length),
  (list, first) => [...list, pick(list, first)],
];

const bytesOperations: readonly Operation<Uint8Array>[] = [
  (bytes, first, second) =>
    bytes.map((byte, index) => (index === first % bytes.length ? byte ^ (1 << (second % 8)) : byte)),
  (bytes, first) => bytes.filter((_, index) => index !== first % bytes.length),
  (bytes, first) => {
    const at = first % bytes.length;
    return Uint8Array.of(...bytes.subarray(0, at), bytes[at] ?? 0, ...bytes.subarray(at));
  },
  (bytes, first, second) => Uint8Array.from(swapped([...bytes], first, second)),
  (bytes) => bytes.toReversed(),
  (bytes) => new Uint8Array(bytes.length),
  (bytes, first) => bytes.slice(0, first % bytes.length),
  (bytes, first) => Uint8Array.of(...bytes, first & 0xff),
];

const UINT64 = 1n << 64n;
const integerOperations: readonly Operation<bigint>[] = [
  (value) => (value + 1n) % UINT64,
  (value) => (value + UINT64 - 1n) % UINT64,
  (value, first) => value ^ (1n << BigInt(first % 64)),
  () => 0n,
  () => UINT64 - 1n,
];

const stringOperations: readonly Operation<string>[] = [
  (text, first) => {
    const at = first % text.length;
    return `${text.slice(0, at)}${text[at] === "1" ? "2" : "1"}${text.slice(at + 1)}`;
  },
  (text) => text.slice(1),
  (text) => `${text}0`,
  () => "",
];

/** Damages bytes that need not have any structure. */
export function mutateBytes(bytes: Uint8Array, { operation, first, second }: Mutation): Uint8Array {
  return bytes.length === 0 ? Uint8Array.of(first & 0xff) : pick(bytesOperations, operation)(bytes, first, second);
}

/** Damages one place of the tree. Lists are damaged themselves when the descent ends at them. */
export function mutateTree(tree: Tree, mutation: Mutation): Tree {
  const { descent, operation, first, second } = mutation;
  const [turn, ...rest] = descent;
  const deeper = { ...mutation, descent: rest };
  if (tree instanceof Uint8Array) return mutateBytes(tree, mutation);
  if (typeof tree === "bigint") return pick(integerOperations, operation)(tree, first, second);
  if (typeof tree === "string") return pick(stringOperations, operation)(tree, first, second);
  if (Array.isArray(tree)) {
    if (tree.length === 0) return [new Uint8Array(32)];
    if (turn === undefined || turn % 3 === 0) return pick(listOperations, operation)(tree, first, second);
    const chosen = Math.floor(turn / 3) % tree.length;
    return tree.map((item, index) => (index === chosen ? mutateTree(item, deeper) : item));
  }
  const names = Object.keys(tree);
  const chosen = pick(names, turn ?? first);
  return { ...tree, [chosen]: mutateTree(tree[chosen] as Tree, deeper) };
}

/** Damages a named field, of a randomly chosen element where the way there leads through lists. */
export function mutateField(tree: Tree, names: readonly string[], mutation: Mutation): Tree {
  const [name, ...deeper] = names;
  if (name === undefined) return mutateTree(tree, mutation);
  if (Array.isArray(tree)) {
    const [turn = 0, ...descent] = mutation.descent;
    const chosen = turn % tree.length;
    return tree.map((item, index) => (index === chosen ? mutateField(item, names, { ...mutation, descent }) : item));
  }
  const fields = tree as Record<string, Tree>;
  return { ...fields, [name]: mutateField(fields[name] as Tree, deeper, mutation) };
}

/** Puts the other tree's part into the same place: valid somewhere else. */
export function spliceTree(tree: Tree, other: Tree, descent: readonly number[]): Tree {
  const [turn, ...rest] = descent;
  if (turn === undefined || typeof tree !== "object" || typeof other !== "object" || tree instanceof Uint8Array)
    return other;
  if (Array.isArray(tree)) {
    if (!Array.isArray(other) || tree.length === 0 || other.length === 0 || turn % 3 === 0) return other;
    const [into, from] = [Math.floor(turn / 3) % tree.length, Math.floor(turn / 5) % other.length];
    return tree.map((item, index) => (index === into ? spliceTree(item, other[from] as Tree, rest) : item));
  }
  const chosen = pick(Object.keys(tree), turn);
  const counterpart = (other as Record<string, Tree>)[chosen] as Tree;
  return { ...tree, [chosen]: spliceTree(tree[chosen] as Tree, counterpart, rest) };
}

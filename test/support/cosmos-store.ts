// Stores as the Cosmos SDK keeps them, small and in memory: IAVL trees, and the tree of all stores' roots. With proofs.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { compareBytes } from "#adapters/cosmos/verify/compare-bytes.ts";
import { commitmentProof } from "#adapters/cosmos/verify/evidence.ts";
import type { CommitmentProof, ExistenceProof, InnerOp } from "#adapters/cosmos/verify/evidence.ts";

export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

type Leaf = NonNullable<ExistenceProof["leaf"]>;

/** Zig-zag, for numbers that are not negative. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value * 2;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

const EMPTY = new Uint8Array();
const leafOp = (prefix: Uint8Array): Leaf => ({ hash: 1n, prehashKey: 0n, prehashValue: 1n, length: 1n, prefix });

/** Keys here are shorter than 128 bytes. */
const leafHash = (prefix: Uint8Array, { key, value }: Entry): Uint8Array =>
  sha256(concatBytes(prefix, Uint8Array.of(key.length), key, Uint8Array.of(32), sha256(value)));

interface Node {
  readonly hash: Uint8Array;
  readonly height: number;
  readonly proofs: readonly ExistenceProof[];
}

interface Tree {
  leafPrefix(index: number): Uint8Array;
  innerPrefix(height: number, size: number): Uint8Array;
  /** What stands before a child. */
  readonly childPrefix: Uint8Array;
  split(count: number): number;
}

const withOp = (proofs: readonly ExistenceProof[], op: InnerOp): ExistenceProof[] =>
  proofs.map((proof) => ({ ...proof, path: [...proof.path, op] }));

function build(tree: Tree, entries: readonly Entry[], first = 0): Node {
  const [entry] = entries;
  if (entry === undefined) throw new RangeError("an empty tree has no root");
  if (entries.length === 1) {
    const prefix = tree.leafPrefix(first);
    return { hash: leafHash(prefix, entry), height: 0, proofs: [{ ...entry, leaf: leafOp(prefix), path: [] }] };
  }
  const split = tree.split(entries.length);
  const left = build(tree, entries.slice(0, split), first);
  const right = build(tree, entries.slice(split), first + split);
  const height = Math.max(left.height, right.height) + 1;
  const before = concatBytes(tree.innerPrefix(height, entries.length), tree.childPrefix);
  const between = concatBytes(left.hash, tree.childPrefix);
  return {
    hash: sha256(concatBytes(before, between, right.hash)),
    height,
    proofs: [
      ...withOp(left.proofs, { hash: 1n, prefix: before, suffix: concatBytes(tree.childPrefix, right.hash) }),
      ...withOp(right.proofs, { hash: 1n, prefix: concatBytes(before, between), suffix: EMPTY }),
    ],
  };
}

/** Every node has a version of its own, as in a tree that was written over many blocks. */
const iavl: Tree = {
  leafPrefix: (index) => Uint8Array.of(0, 2, ...varint(1000 + index * 7)),
  innerPrefix: (height, size) => Uint8Array.of(...varint(height), ...varint(size), ...varint(900 + size * 11)),
  childPrefix: Uint8Array.of(32),
  split: (count) => Math.ceil(count / 2),
};

const simple: Tree = {
  leafPrefix: () => Uint8Array.of(0),
  innerPrefix: () => Uint8Array.of(1),
  childPrefix: EMPTY,
  split: (count) => 2 ** (Math.ceil(Math.log2(count)) - 1),
};

const inOrder = (entries: readonly Entry[]): Entry[] =>
  entries.toSorted((left, right) => compareBytes(left.key, right.key));

/** One store: its root, and proofs of what is at a key. */
export interface Store {
  readonly root: Uint8Array;
  existence(key: Uint8Array): ExistenceProof;
  /** Of existence or of absence. */
  prove(key: Uint8Array): CommitmentProof;
}

function makeStore(tree: Tree, unordered: readonly Entry[]): Store {
  const { hash, proofs } = build(tree, inOrder(unordered));
  const at = (key: Uint8Array): ExistenceProof | undefined =>
    proofs.find((proof) => bytesToHex(proof.key) === bytesToHex(key));
  return {
    root: hash,
    existence(key) {
      const proof = at(key);
      if (proof === undefined) throw new RangeError(`nothing at ${bytesToHex(key)}`);
      return proof;
    },
    prove(key) {
      const exist = at(key);
      if (exist !== undefined) return { exist, nonexist: undefined };
      const left = proofs.findLast((proof) => compareBytes(proof.key, key) < 0);
      const right = proofs.find((proof) => compareBytes(proof.key, key) > 0);
      return { exist: undefined, nonexist: { key, left, right } };
    },
  };
}

export const makeIavlStore = (entries: readonly Entry[]): Store => makeStore(iavl, entries);

/** A chain's application state: the packet store beside some others. */
export interface CosmosState {
  readonly appHash: Uint8Array;
  readonly store: Store;
  /** The packet store's root under the application hash. */
  readonly rootProof: CommitmentProof;
}

export function makeCosmosState(entries: readonly Entry[], others = 4): CosmosState {
  const store = makeIavlStore(entries);
  const names = ["acc", "bank", "capability", "gov", "mint", "staking", "transfer", "upgrade"].slice(0, others);
  const stores = makeStore(simple, [
    { key: utf8ToBytes("ibc"), value: store.root },
    ...names.map((name) => ({ key: utf8ToBytes(name), value: sha256(utf8ToBytes(name)) })),
  ]);
  return { appHash: stores.root, store, rootProof: stores.prove(utf8ToBytes("ibc")) };
}

export const encodeProof = (proof: CommitmentProof): Uint8Array => commitmentProof.encode(proof);

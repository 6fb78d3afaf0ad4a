// Vectors: nodes of every shape in trees that a chain could commit to, so that only the shape decides. Roots are computed from the
// ops as they are.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ExistenceProof, InnerOp } from "#adapters/cosmos/verify/evidence.ts";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeState } from "#test/support/comet-evidence.ts";
import { encodeProof } from "#test/support/cosmos-store.ts";
import { claimsVector, LATEST, members } from "./chain.ts";
import type { Vector } from "../vector.ts";

const path = utf8ToBytes("client-0/shape");
const value = sha256(path);
const none = new Uint8Array();
const sibling = new Uint8Array(32).fill(5);
const op = (prefix: Uint8Array, suffix: Uint8Array = none, hash = 1n): InnerOp => ({ hash, prefix, suffix });

interface Shape {
  readonly key?: Uint8Array;
  readonly value?: Uint8Array;
  readonly leaf?: Uint8Array;
  readonly path?: readonly InnerOp[];
}

function proofOf(shape: Shape, key: Uint8Array, held: Uint8Array, prefix: Uint8Array): ExistenceProof {
  const leaf = { hash: 1n, prehashKey: 0n, prehashValue: 1n, length: 1n, prefix: shape.leaf ?? prefix };
  return { key: shape.key ?? key, value: shape.value ?? held, leaf, path: shape.path ?? [] };
}

/** Whatever the ops are. */
function rootOf({ key, value: held, leaf, path: ops }: ExistenceProof): Uint8Array {
  const prefix = leaf?.prefix ?? none;
  const start = sha256(concatBytes(prefix, Uint8Array.of(key.length), key, Uint8Array.of(32), sha256(held)));
  return ops.reduce((hash, one) => sha256(concatBytes(one.prefix, hash, one.suffix)), start);
}

/** A light client whose latest block commits to the stores' root. */
function over(
  expect: Reason | "proven",
  name: string,
  why: string,
  claim: EnvelopeClaim,
  rootProof: ExistenceProof,
): Vector {
  const state = makeState([{ height: LATEST, members, appHash: rootOf(rootProof) }]);
  return claimsVector(
    { name: `shape-${name}`, why, state, expect: expect === "proven" ? { state } : expect },
    [claim],
    {
      rootProof: encodeProof({ exist: rootProof, nonexist: undefined }),
    },
  );
}

const storesRoot = (root: Uint8Array, shape: Shape = {}): ExistenceProof =>
  proofOf(shape, utf8ToBytes("ibc"), root, Uint8Array.of(0));

/** A store of this shape, in an ordinary tree of stores. */
function store(expect: Reason | "proven", name: string, why: string, shape: Shape): Vector {
  const proof = proofOf(shape, path, value, Uint8Array.of(0, 2, 2));
  const claim = { membership: 1n, path, value, proof: encodeProof({ exist: proof, nonexist: undefined }) };
  return over(expect, name, why, claim, storesRoot(rootOf(proof)));
}

const refusedStore = (name: string, why: string, shape: Shape): Vector =>
  store("INVALID_STORAGE_PROOF", name, why, shape);

/** An ordinary store, in a tree of stores of this shape. */
function stores(expect: Reason | "proven", name: string, why: string, shape: Shape): Vector {
  const proof = proofOf({}, path, value, Uint8Array.of(0, 2, 2));
  const claim = { membership: 1n, path, value, proof: encodeProof({ exist: proof, nonexist: undefined }) };
  return over(expect, `stores-${name}`, why, claim, storesRoot(rootOf(proof), shape));
}

const refusedStores = (name: string, why: string, shape: Shape): Vector =>
  stores("INVALID_STORE_PROOF", name, why, shape);

/** An inner node's height, size and version, and the length of a child. */
const left = (...meta: readonly number[]): InnerOp => op(Uint8Array.of(...meta, 32), Uint8Array.of(32, ...sibling));
const right = (...meta: readonly number[]): InnerOp => op(Uint8Array.of(...meta, 32, ...sibling, 32));
/** A version of as many bytes. */
const long = (bytes: number): number[] => [...Array.from({ length: bytes - 1 }, () => 0x80), 1];

const iavl = (): Vector[] => [
  store("proven", "left-shortest", "a prefix of four bytes", { path: [left(2, 4, 2)] }),
  store("proven", "left-longest", "a prefix of twelve bytes", { path: [left(2, 4, ...long(9))] }),
  store("proven", "right-shortest", "a prefix of 37 bytes", { path: [right(2, 4, 2)] }),
  store("proven", "right-longest", "a prefix of 45 bytes", { path: [right(2, 4, ...long(9))] }),
  store("proven", "height-of-its-layer", "a node is at least as high as it stands", {
    path: [left(2, 4, 2), right(4, 6, 2)],
  }),
  store("proven", "height-of-63", "as high as a tree may be", { path: [right(126, 4, 2)] }),
  store("proven", "size-longest", "a size of nine bytes", { path: [left(2, ...long(9), 2)] }),
  store("proven", "sizes-that-change", "nodes whose numbers are of different lengths, and of the first again", {
    path: [
      left(2, 4, 2),
      right(4, 0x84, 1, 2),
      right(6, 6, 0x82, 1),
      left(8, 0x84, 1, 2),
      left(10, 8, 2),
      right(12, 0x84, 0x81, 1, 0x80, 0x80, 1),
    ],
  }),
  store("proven", "leaf-longest", "a leaf's prefix of eleven bytes", { leaf: Uint8Array.of(0, 2, ...long(9)) }),
  store("proven", "depth-of-63", "as deep as a tree may be", {
    path: Array.from({ length: 63 }, (_, index) => left(2 * (index + 1), 4, 2)),
  }),
  refusedStore("depth-of-64", "deeper than a tree may be, and as high", {
    path: Array.from({ length: 64 }, (_, index) => left(...(index < 63 ? [2 * (index + 1)] : [0x80, 1]), 4, 2)),
  }),
  refusedStore("depth-of-64-and-no-height", "deeper, and not high enough for it", {
    path: Array.from({ length: 64 }, () => left(126, 4, 2)),
  }),
  refusedStore("depth-of-128", "as deep as Go takes it", {
    path: Array.from({ length: 128 }, () => left(0x80, 2, 4, 2)),
  }),
  refusedStore("depth-of-129", "deeper than that", {
    path: Array.from({ length: 129 }, () => left(0x84, 2, 4, 2)),
  }),
  refusedStore("height-of-64", "higher than a tree may be", { path: [left(0x80, 1, 4, 2)] }),
  refusedStore("varints-not-minimal", "a height, a size and a version that are written longer than need be", {
    path: [left(0x82, 0, 0x84, 0, 0x82, 0)],
  }),
  refusedStore("height-not-minimal", "a height of two bytes that one would do for", { path: [left(0x82, 0, 4, 2)] }),
  refusedStore("size-not-minimal", "such a size", { path: [left(2, 0x84, 0, 2)] }),
  refusedStore("version-not-minimal", "such a version", { path: [right(2, 4, 0x82, 0)] }),
  refusedStore("size-zero", "a node of no keys", { path: [right(2, 0, 2)] }),
  refusedStore("version-zero", "a node from before the first block", { path: [left(2, 4, 0)] }),
  refusedStore("zeros-of-size-and-version", "both", { path: [left(2, 0, 0)] }),
  refusedStore("two-numbers", "a height, and one number more", { path: [left(2, 0x84, 0x82, 2)] }),
  refusedStore("two-numbers-of-a-long-height", "a height of two bytes, and one number more", {
    path: [left(0x80, 2, 2)],
  }),
  refusedStore("four-numbers-left", "a height, and one number too many", { path: [left(2, 4, 2, 2)] }),
  refusedStore("four-numbers-right", "and on the other side", { path: [right(2, 4, 2, 2)] }),
  refusedStore("one-number-that-never-ends", "a height, and a number that the child's length ends", {
    path: [left(2, 0x84, 0x82, 0x82)],
  }),
  refusedStore("changes-to-one-without-a-version", "a node like none before it, after some that are in order", {
    path: [left(2, 4, 2), right(4, 6, 2), left(6, 8)],
  }),
  refusedStore("size-negative-among-others", "a node like those around it, but for a sign", {
    path: [left(2, 4, 2), left(4, 6, 2), left(6, 9, 2), left(8, 10, 2)],
  }),
  refusedStore("size-zero-among-others", "a node like those around it, but of no keys", {
    path: [left(2, 0x84, 1, 2), left(4, 0x84, 0, 2), left(6, 0x86, 1, 2)],
  }),
  refusedStore("left-childs-length-of-another-size", "a child that is said to have 33 bytes", {
    path: [op(Uint8Array.of(2, 4, 2, 33), Uint8Array.of(32, ...sibling))],
  }),
  refusedStore("left-siblings-length-of-another-size", "and a sibling", {
    path: [op(Uint8Array.of(2, 4, 2, 32), Uint8Array.of(0, ...sibling))],
  }),
  refusedStore("right-childs-length-of-another-size", "and on the other side", {
    path: [op(Uint8Array.of(2, 4, 2, 32, ...sibling, 31))],
  }),
  refusedStore("right-siblings-length-of-another-size", "and its sibling", {
    path: [op(Uint8Array.of(2, 4, 2, 0xa0, ...sibling, 32))],
  }),
  refusedStore("height-below-its-layer", "a node that stands higher than it is", {
    path: [left(2, 4, 2), left(2, 6, 2)],
  }),
  refusedStore("height-zero", "an inner node of a leaf's height", { path: [left(0, 4, 2)] }),
  refusedStore("height-negative", "a height below 0", { path: [left(3, 4, 2)] }),
  refusedStore("size-negative", "a size below 0", { path: [left(2, 5, 2)] }),
  refusedStore("version-negative", "a version below 0", { path: [right(2, 4, 3)] }),
  refusedStore("left-too-short", "a prefix of three bytes", { path: [left(2, 4)] }),
  refusedStore("left-too-long", "a prefix of thirteen bytes", { path: [left(2, 0x84, 1, ...long(9))] }),
  refusedStore("right-too-short", "a prefix of 36 bytes", { path: [right(2, 4)] }),
  refusedStore("right-too-long", "a prefix of 46 bytes", { path: [right(2, 0x84, 1, ...long(9))] }),
  refusedStore("left-with-bytes-after-the-version", "a byte between the version and the child's length", {
    path: [left(2, 4, 2, 9)],
  }),
  refusedStore("right-with-bytes-after-the-version", "and on the other side", { path: [right(2, 4, 2, 9)] }),
  refusedStore("left-without-the-childs-length", "the child stands after its length", {
    path: [op(Uint8Array.of(2, 4, 0x82, 0x00), Uint8Array.of(32, ...sibling))],
  }),
  refusedStore("version-that-never-ends", "a version without a last byte", { path: [left(2, 4, 0x80, 0x80, 0x80)] }),
  refusedStore("both-children", "a sibling on either side", {
    path: [op(right(2, 4, 2).prefix, Uint8Array.of(32, ...sibling))],
  }),
  refusedStore("no-sibling", "and on none", { path: [op(Uint8Array.of(2, 4, 2, 32))] }),
  refusedStore("two-siblings-right", "two of them on the right", {
    path: [op(Uint8Array.of(2, 4, 2, 32), Uint8Array.of(32, ...sibling, 32, ...sibling))],
  }),
  refusedStore("two-siblings-left", "two of them on the left", {
    path: [op(Uint8Array.of(2, 4, 2, 32, ...sibling, 32, ...sibling, 32))],
  }),
  refusedStore("suffix-too-short", "a sibling without its length", { path: [op(Uint8Array.of(2, 4, 2, 32), sibling)] }),
  refusedStore("suffix-too-long", "a byte after the sibling", {
    path: [op(Uint8Array.of(2, 4, 2, 32), Uint8Array.of(32, ...sibling, 0))],
  }),
  refusedStore("right-with-a-suffix", "a byte after the right child", {
    path: [op(right(2, 4, 2).prefix, Uint8Array.of(0))],
  }),
  refusedStore("node-of-another-hash", "said to be hashed otherwise", { path: [{ ...left(2, 4, 2), hash: 2n }] }),
  refusedStore("node-like-the-stores", "a node of the tree of the stores", { path: [op(Uint8Array.of(1), sibling)] }),
  refusedStore("leaf-of-another-height", "a leaf of height 1", { leaf: Uint8Array.of(2, 2, 2) }),
  refusedStore("leaf-of-another-size", "a leaf of size 2", { leaf: Uint8Array.of(0, 4, 2) }),
  refusedStore("leaf-too-short", "a leaf without version", { leaf: Uint8Array.of(0, 2) }),
  refusedStore("leaf-too-long", "a version of ten bytes", { leaf: Uint8Array.of(0, 2, ...long(10)) }),
  refusedStore("leaf-of-a-negative-version", "a version below 0", { leaf: Uint8Array.of(0, 2, 3) }),
  refusedStore("leaf-of-version-zero", "a leaf from before the first block", { leaf: Uint8Array.of(0, 2, 0) }),
  refusedStore("leaf-of-a-version-not-minimal", "a version of two bytes that one would do for", {
    leaf: Uint8Array.of(0, 2, 0x82, 0),
  }),
  refusedStore("leaf-with-bytes-after-the-version", "a byte that could belong to the key", {
    leaf: Uint8Array.of(0, 2, 2, 9),
  }),
  refusedStore("leaf-like-the-stores", "a leaf of the tree of the stores", { leaf: Uint8Array.of(0) }),
  refusedStore("leaf-without-prefix", "a leaf that begins with its key", { leaf: none }),
  refusedStore("value-empty", "a key that holds nothing", { value: none }),
];

const simple = (): Vector[] => [
  stores("proven", "left", "the left one of two", { path: [op(Uint8Array.of(1), sibling)] }),
  stores("proven", "right", "the right one of two", { path: [op(Uint8Array.of(1, ...sibling))] }),
  stores("proven", "depth-of-128", "as deep as a tree may be", {
    path: Array.from({ length: 128 }, () => op(Uint8Array.of(1), sibling)),
  }),
  refusedStores("depth-of-129", "deeper than a tree may be", {
    path: Array.from({ length: 129 }, () => op(Uint8Array.of(1), sibling)),
  }),
  refusedStores("both-children", "a sibling on either side", { path: [op(Uint8Array.of(1, ...sibling), sibling)] }),
  refusedStores("no-sibling", "and on none", { path: [op(Uint8Array.of(1))] }),
  refusedStores("left-of-another-prefix", "a left child of a node that begins otherwise", {
    path: [op(Uint8Array.of(2), sibling)],
  }),
  refusedStores("right-of-another-prefix", "and a right one", { path: [op(Uint8Array.of(2, ...sibling))] }),
  refusedStores("left-without-prefix", "a node that begins with its child", { path: [op(none, sibling)] }),
  refusedStores("left-prefix-too-long", "a byte between", { path: [op(Uint8Array.of(1, 0), sibling)] }),
  refusedStores("left-suffix-too-short", "a sibling of 31 bytes", { path: [op(Uint8Array.of(1), sibling.slice(1))] }),
  refusedStores("left-suffix-too-long", "a sibling of 33 bytes", {
    path: [op(Uint8Array.of(1), Uint8Array.of(...sibling, 0))],
  }),
  refusedStores("two-siblings-right", "two of them on the right", {
    path: [op(Uint8Array.of(1), Uint8Array.of(...sibling, ...sibling))],
  }),
  refusedStores("right-prefix-too-short", "a sibling of 31 bytes", {
    path: [op(Uint8Array.of(1, ...sibling.slice(1)))],
  }),
  refusedStores("right-prefix-too-long", "a sibling of 33 bytes", { path: [op(Uint8Array.of(1, ...sibling, 0))] }),
  refusedStores("right-with-a-suffix", "a byte after the right child", {
    path: [op(Uint8Array.of(1, ...sibling), Uint8Array.of(0))],
  }),
  refusedStores("node-of-another-hash", "said to be hashed otherwise", { path: [op(Uint8Array.of(1), sibling, 2n)] }),
  refusedStores("node-of-a-store", "a node of a store", { path: [left(2, 4, 2)] }),
  refusedStores("leaf-of-another-prefix", "a leaf that begins like a node", { leaf: Uint8Array.of(1) }),
  refusedStores("leaf-without-prefix", "a leaf that begins with its key", { leaf: none }),
  refusedStores("leaf-prefix-too-long", "a byte that could belong to the key", { leaf: Uint8Array.of(0, 0) }),
  refusedStores("leaf-of-a-store", "a leaf of a store", { leaf: Uint8Array.of(0, 2, 2) }),
  refusedStores("of-another-name", "another store", { key: utf8ToBytes("ibd") }),
  refusedStores("of-a-longer-name", "whose name begins alike", { key: utf8ToBytes("ibcx") }),
];

interface Between {
  /** Where both neighbours' ways are one: height, size and version. */
  readonly parting: readonly [number, number, number];
  /** The left neighbour is the right child there, and the other way round. */
  readonly exchanged?: boolean;
  /** Of the left neighbour's way, before it meets the other one's. */
  readonly onTheLeft?: readonly InnerOp[];
  readonly onTheRight?: readonly InnerOp[];
}

/** That `path` holds nothing, by a neighbour on either side, in a store in which they meet at one node. */
function between(expect: Reason | "proven", name: string, why: string, shape: Between): Vector {
  const { parting, exchanged = false, onTheLeft = [], onTheRight = [] } = shape;
  const beside = (key: string, below: readonly InnerOp[]): ExistenceProof =>
    proofOf({ key: utf8ToBytes(key), path: below }, path, value, Uint8Array.of(0, 2, 2));
  const [before, after] = [beside("client-0/shapd", onTheLeft), beside("client-0/shapf", onTheRight)];
  const up = (from: ExistenceProof, other: ExistenceProof, isLeft: boolean): ExistenceProof => {
    const hash = rootOf(other);
    const meet = isLeft
      ? op(Uint8Array.of(...parting, 32), Uint8Array.of(32, ...hash))
      : op(Uint8Array.of(...parting, 32, ...hash, 32));
    return { ...from, path: [...from.path, meet] };
  };
  const proof = { key: path, left: up(before, after, !exchanged), right: up(after, before, exchanged) };
  const claim = {
    membership: 0n,
    path,
    value: none,
    proof: encodeProof({ exist: undefined, nonexist: proof }),
  };
  return over(expect, `absence-${name}`, why, claim, storesRoot(rootOf(proof.left)));
}

const refusedBetween = (name: string, why: string, shape: Between): Vector =>
  between("INVALID_STORAGE_PROOF", name, why, shape);

const absences = (): Vector[] => [
  between("proven", "left-is-deeper", "neighbours that meet one above the right one, and two above the left one", {
    parting: [4, 6, 2],
    onTheLeft: [right(2, 4, 2)],
  }),
  between("proven", "right-is-deeper", "and the other way round", {
    parting: [4, 6, 2],
    onTheRight: [left(2, 4, 2)],
  }),
  refusedBetween(
    "meeting-below-the-left-ones-layer",
    "they meet in a node that is high enough for the right one only",
    {
      parting: [2, 6, 2],
      onTheLeft: [right(2, 4, 2)],
    },
  ),
  refusedBetween("meeting-below-the-right-ones-layer", "and for the left one only", {
    parting: [2, 6, 2],
    onTheRight: [left(2, 4, 2)],
  }),
  refusedBetween("neighbours-on-the-wrong-sides", "the greater key is the left child", {
    parting: [2, 4, 2],
    exchanged: true,
  }),
  refusedBetween("left-is-not-the-last", "more keys are on the right of the left neighbour", {
    parting: [4, 6, 2],
    onTheLeft: [left(2, 4, 2)],
  }),
  refusedBetween("right-is-not-the-first", "more keys are on the left of the right neighbour", {
    parting: [4, 6, 2],
    onTheRight: [right(2, 4, 2)],
  }),
];

export const shapeVectors = (): Vector[] => [...iavl(), ...simple(), ...absences()];

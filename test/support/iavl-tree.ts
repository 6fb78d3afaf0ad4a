// Binary trees with the hashes of cosmos/iavl or of CometBFT's simple Merkle tree, and the ICS-23 proofs that they give.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { bytesField, messageField, uint64Field } from "#adapters/protocol/protobuf.ts";

export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface Leaf extends Entry {
  readonly kind: "leaf";
  readonly prefix: Uint8Array;
  readonly hash: Uint8Array;
}

interface Inner {
  readonly kind: "inner";
  readonly prefix: Uint8Array;
  readonly left: Node;
  readonly right: Node;
  readonly height: number;
  readonly hash: Uint8Array;
}

type Node = Leaf | Inner;

export interface Ics23Tree {
  readonly root: Uint8Array;
  /** Of a key the tree has: a CommitmentProof with `exist`. */
  existence(key: Uint8Array): Uint8Array;
  /** Of a key it does not have: a CommitmentProof with `nonexist`. */
  absence(key: Uint8Array): Uint8Array;
}

export const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

const zigzag = (value: number): Uint8Array => varint(2 * value);

function makeLeaf({ key, value }: Entry, prefix: Uint8Array): Leaf {
  const hash = sha256(concatBytes(prefix, varint(key.length), key, Uint8Array.of(32), sha256(value)));
  return { kind: "leaf", key, value, prefix, hash };
}

const heightOf = (node: Node): number => (node.kind === "leaf" ? 0 : node.height);

/** The operation that leads from a child to its parent, as an InnerOp. */
function operation(node: Inner, child: readonly number[], isRight: boolean): Uint8Array {
  const frame = Uint8Array.from(child);
  const prefix = isRight ? concatBytes(node.prefix, frame, node.left.hash, frame) : concatBytes(node.prefix, frame);
  const suffix = isRight ? new Uint8Array() : concatBytes(frame, node.right.hash);
  return concatBytes(uint64Field(1, 1n), bytesField(2, prefix), bytesField(3, suffix));
}

/** Entries in the order of their keys; each split is where `split` says, between 1 and the count - 1. */
export function makeTree(
  form: "simple" | "iavl",
  entries: readonly Entry[],
  split: (count: number) => number,
  version: (index: number) => number = () => 1,
): Ics23Tree {
  const child = form === "iavl" ? [0x20] : [];
  const build = (from: number, to: number): Node => {
    const entry = entries[from];
    if (!entry) throw new Error("a tree needs entries");
    const prefix = form === "iavl" ? concatBytes(Uint8Array.of(0, 2), zigzag(version(from))) : Uint8Array.of(0);
    if (to - from === 1) return makeLeaf(entry, prefix);
    const middle = from + split(to - from);
    const [left, right] = [build(from, middle), build(middle, to)];
    const height = 1 + Math.max(heightOf(left), heightOf(right));
    const meta =
      form === "iavl" ? concatBytes(zigzag(height), zigzag(to - from), zigzag(version(from))) : Uint8Array.of(1);
    const frame = Uint8Array.from(child);
    const hash = sha256(concatBytes(meta, frame, left.hash, frame, right.hash));
    return { kind: "inner", prefix: meta, left, right, height, hash };
  };
  const root = build(0, entries.length);
  const exist = (index: number): Uint8Array => {
    const operations: Uint8Array[] = [];
    let [node, from, to] = [root, 0, entries.length];
    while (node.kind === "inner") {
      const middle: number = from + split(to - from);
      const isRight = index >= middle;
      operations.unshift(messageField(4, operation(node, child, isRight)));
      [node, from, to] = isRight ? [node.right, middle, to] : [node.left, from, middle];
    }
    const leaf = concatBytes(uint64Field(1, 1n), uint64Field(3, 1n), uint64Field(4, 1n), bytesField(5, node.prefix));
    return concatBytes(bytesField(1, node.key), bytesField(2, node.value), messageField(3, leaf), ...operations);
  };
  return {
    root: root.hash,
    existence: (key) => messageField(1, exist(entries.findIndex((entry) => compareBytes(entry.key, key) === 0))),
    absence: (key) => {
      const right = entries.findIndex((entry) => compareBytes(entry.key, key) > 0);
      const left = right === -1 ? entries.length - 1 : right - 1;
      const parts = [bytesField(1, key)];
      if (left >= 0) parts.push(messageField(2, exist(left)));
      if (right >= 0) parts.push(messageField(3, exist(right)));
      return messageField(2, concatBytes(...parts));
    },
  };
}

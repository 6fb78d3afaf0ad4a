// The Merkle tree of RFC 6962 section 2.1 with SHA-256: hashing, which nodes a proof needs, and how proofs are judged. Pure.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

/** A complete subtree: the leaves [position * 2^level, (position + 1) * 2^level). Level 0 is a leaf. */
export interface NodeId {
  readonly level: number;
  readonly position: bigint;
}

/** The hash of a stored node; every node of a complete subtree within the tree's size is stored. */
export type ReadNode = (node: NodeId) => Uint8Array;

/** A run of leaves [from, to) that forms a (possibly incomplete) subtree. */
interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array());
export const leafHash = (entry: Uint8Array): Uint8Array => sha256(concatBytes(LEAF, entry));
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(NODE, left, right));

/** Complete subtrees, largest first, that together make up the leaves of a subtree. */
function nodesOfRange({ from, to }: Range): NodeId[] {
  const nodes: NodeId[] = [];
  let start = from;
  for (let rest = to - from; rest > 0n;) {
    const level = rest.toString(2).length - 1;
    nodes.push({ level, position: start >> BigInt(level) });
    start += 1n << BigInt(level);
    rest -= 1n << BigInt(level);
  }
  return nodes;
}

function hashOfRange(range: Range, read: ReadNode): Uint8Array {
  const hashes = nodesOfRange(range).map((node) => read(node));
  return hashes.length === 0 ? EMPTY_ROOT : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The nodes the root of a tree of `size` leaves is computed from. */
export const rootNodes = (size: bigint): NodeId[] => nodesOfRange({ from: 0n, to: size });

export const rootHash = (size: bigint, read: ReadNode): Uint8Array => hashOfRange({ from: 0n, to: size }, read);

/** The largest power of two smaller than `size`, which must be at least 2. */
const split = (size: bigint): bigint => 1n << BigInt((size - 1n).toString(2).length - 1);

function inclusionRanges(index: bigint, size: bigint): Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0n, size];
  while (to - from > 1n) {
    const middle = from + split(to - from);
    if (index < middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  return ranges;
}

function consistencyRanges(older: bigint, size: bigint): Range[] {
  const ranges: Range[] = [];
  let [from, to] = [0n, size];
  while (to !== older) {
    const middle = from + split(to - from);
    if (older <= middle) {
      ranges.unshift({ from: middle, to });
      to = middle;
    } else {
      ranges.unshift({ from, to: middle });
      from = middle;
    }
  }
  // The older tree itself is known to whoever asks; only a part of it has to be named.
  if (from > 0n) ranges.unshift({ from, to });
  return ranges;
}

/** What an inclusion proof of leaf `index` in a tree of `size` leaves is computed from; needs index < size. */
export const inclusionNodes = (index: bigint, size: bigint): NodeId[] =>
  inclusionRanges(index, size).flatMap(nodesOfRange);

export const inclusionProof = (index: bigint, size: bigint, read: ReadNode): Uint8Array[] =>
  inclusionRanges(index, size).map((range) => hashOfRange(range, read));

/** What a proof is computed from that `size` leaves extend the first `older` leaves; needs 0 < older <= size. */
export const consistencyNodes = (older: bigint, size: bigint): NodeId[] =>
  consistencyRanges(older, size).flatMap(nodesOfRange);

export const consistencyProof = (older: bigint, size: bigint, read: ReadNode): Uint8Array[] =>
  consistencyRanges(older, size).map((range) => hashOfRange(range, read));

const equal = (left: Uint8Array, right: Uint8Array): boolean => bytesToHex(left) === bytesToHex(right);

/** RFC 9162 section 2.1.3.2. */
export function verifyInclusion(claim: {
  readonly leaf: Uint8Array;
  readonly index: bigint;
  readonly size: bigint;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  if (claim.index < 0n || claim.index >= claim.size) return false;
  if (claim.leaf.length !== 32) return false;
  let [node, last, hash] = [claim.index, claim.size - 1n, claim.leaf];
  for (const sibling of claim.proof) {
    if (last === 0n) return false;
    if ((node & 1n) === 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(hash, claim.root);
}

/** RFC 9162 section 2.1.4.2. An empty older tree proves nothing and is refused. */
export function verifyConsistency(claim: {
  readonly from: bigint;
  readonly to: bigint;
  readonly fromRoot: Uint8Array;
  readonly toRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { from, to, fromRoot, toRoot } = claim;
  if (from <= 0n || from > to) return false;
  if (from === to) return claim.proof.length === 0 && equal(fromRoot, toRoot);
  // A complete older tree is itself the first hash.
  const complete = (from & (from - 1n)) === 0n;
  const [first, ...rest] = complete ? [fromRoot, ...claim.proof] : claim.proof;
  if (first === undefined) return false;
  let [node, last] = [from - 1n, to - 1n];
  while ((node & 1n) === 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  let [older, newer] = [first, first];
  for (const sibling of rest) {
    if (last === 0n) return false;
    if ((node & 1n) === 1n || node === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      newer = nodeHash(newer, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && equal(older, fromRoot) && equal(newer, toRoot);
}

/** A subtree that became complete. */
export interface NewNode extends NodeId {
  readonly hash: Uint8Array;
}

/** Adds leaves to a tree of `size` leaves: what became complete (leaves not included) and the new root. Reads rootNodes(size). */
export function appendLeaves(
  size: bigint,
  leaves: readonly Uint8Array[],
  read: ReadNode,
): { readonly nodes: NewNode[]; readonly root: Uint8Array } {
  const nodes: NewNode[] = [];
  const added = new Map<string, Uint8Array>();
  const lookUp: ReadNode = (node) => added.get(`${node.level}/${node.position}`) ?? read(node);
  for (const [offset, leaf] of leaves.entries()) {
    let [level, position, hash] = [0, size + BigInt(offset), leaf];
    added.set(`0/${position}`, hash);
    while ((position & 1n) === 1n) {
      hash = nodeHash(lookUp({ level, position: position - 1n }), hash);
      level += 1;
      position >>= 1n;
      added.set(`${level}/${position}`, hash);
      nodes.push({ level, position, hash });
    }
  }
  return { nodes, root: rootHash(size + BigInt(leaves.length), lookUp) };
}

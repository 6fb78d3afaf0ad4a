// Existence proofs by ICS-23, for the two trees that ibc-go's chains have (README.md, "State proofs").
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { lengthDelimited } from "#adapters/protocol/protobuf.ts";
import type { ExistenceProof, InnerOp } from "./evidence.ts";

/** Which child the hash so far is of an inner node: exactly one sibling is given. */
export type Side = "left" | "right";

/** How a tree writes its nodes. */
export interface Form {
  isLeafPrefix(prefix: Uint8Array): boolean;
  /** `layer` counts from 1 at the leaf. Undefined when the op is of neither shape. */
  sideOf(op: InnerOp, layer: number): Side | undefined;
}

/** HashOp and LengthOp */
const NO_HASH = 0n;
const SHA256 = 1n;
const VAR_PROTO = 1n;

const MAX_DEPTH = 128;

/** A balanced tree as high as this has more keys than any chain. */
const MAX_HEIGHT = 63n;

/** The zig-zag varint from 1 on that begins at `from`, in its minimal form, and where it ends. At most nine bytes: below 2^62. */
function readVarint(bytes: Uint8Array, from: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n;
  for (let index = from; index < from + 9; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (index - from));
    if (byte >= 0x80) continue;
    return byte > 0 && (value & 1n) === 0n ? { value: value >> 1n, end: index + 1 } : undefined;
  }
  return undefined;
}

/** Height of the node whose prefix begins with height, size and version, and what is left of the prefix after them. */
function nodeHeight(prefix: Uint8Array, rest: number): bigint | undefined {
  const height = readVarint(prefix, 0);
  const size = height && readVarint(prefix, height.end);
  const version = size && readVarint(prefix, size.end);
  return version !== undefined && prefix.length - version.end === rest ? height?.value : undefined;
}

const isBetween = (value: number, least: number, most: number): boolean => value >= least && value <= most;

/** What stands before a child of a store's node: its length. */
const CHILD_LENGTH = 32;

/** The stores of the Cosmos SDK. */
export const iavl: Form = {
  isLeafPrefix: (prefix) => prefix[0] === 0 && prefix[1] === 2 && readVarint(prefix, 2)?.end === prefix.length,
  sideOf({ prefix, suffix }, layer) {
    const isLeft = suffix.length === 33 && isBetween(prefix.length, 4, 12);
    const isRight = suffix.length === 0 && isBetween(prefix.length, 37, 45);
    if (!isLeft && !isRight) return undefined;
    const sibling = isLeft ? suffix : prefix.subarray(-34);
    if (prefix.at(-1) !== CHILD_LENGTH || sibling[0] !== CHILD_LENGTH) return undefined;
    const height = nodeHeight(prefix, isLeft ? 1 : 34);
    if (height === undefined || height < BigInt(layer) || height > MAX_HEIGHT) return undefined;
    return isLeft ? "left" : "right";
  },
};

/** The tree of all stores' roots, which is CometBFT's own. */
export const simple: Form = {
  isLeafPrefix: (prefix) => prefix.length === 1 && prefix[0] === 0,
  sideOf({ prefix, suffix }) {
    if (prefix[0] !== 1) return undefined;
    if (prefix.length === 1 && suffix.length === 32) return "left";
    return prefix.length === 33 && suffix.length === 0 ? "right" : undefined;
  },
};

function leafHash({ key, value, leaf }: ExistenceProof, form: Form): Uint8Array | undefined {
  if (leaf === undefined || key.length === 0 || value.length === 0) return undefined;
  const isAsSpecified =
    leaf.hash === SHA256 &&
    leaf.prehashKey === NO_HASH &&
    leaf.prehashValue === SHA256 &&
    leaf.length === VAR_PROTO &&
    form.isLeafPrefix(leaf.prefix);
  if (!isAsSpecified) return undefined;
  return sha256(concatBytes(leaf.prefix, lengthDelimited(key), lengthDelimited(sha256(value))));
}

/** What a proof says when its ops are all of the form's shapes. */
export interface ProvenExistence {
  readonly root: Uint8Array;
  /** From the leaf up. */
  readonly sides: readonly Side[];
}

/** Undefined when the proof is not of the form. That its root and key are the right ones is for the caller to compare. */
export function calculateExistence(proof: ExistenceProof, form: Form): ProvenExistence | undefined {
  let hash = leafHash(proof, form);
  if (hash === undefined || proof.path.length > MAX_DEPTH) return undefined;
  const sides: Side[] = [];
  for (const [index, op] of proof.path.entries()) {
    const side = op.hash === SHA256 ? form.sideOf(op, index + 1) : undefined;
    if (side === undefined) return undefined;
    sides.push(side);
    hash = sha256(concatBytes(op.prefix, hash, op.suffix));
  }
  return { root: hash, sides };
}

// One path through a Merkle Patricia trie (Yellow Paper, appendix D), to a value or to proven absence.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { rlpItems, rlpList } from "./rlp.ts";
import type { RlpItem } from "./rlp.ts";

/** The value stored under the key, or null when the trie proves that there is none. */
export type Walk = { readonly value: Uint8Array | null };

const EMPTY_ROOT = keccak_256(new Uint8Array([0x80]));

const nibbles = (bytes: Uint8Array): number[] => [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);

interface CompactPath {
  readonly leaf: boolean;
  readonly path: readonly number[];
}

/** Hex-prefix encoding (Yellow Paper, appendix C). */
function compactPath(item: RlpItem): CompactPath | undefined {
  const [flag, ...rest] = nibbles(item.payload);
  if (item.list || flag === undefined || flag > 3) return undefined;
  const odd = flag % 2 === 1;
  if (!odd && rest[0] !== 0) return undefined;
  return { leaf: flag >= 2, path: odd ? rest : rest.slice(1) };
}

/** What one node says about the rest of the key: the end of the walk, or where it goes on and how many nibbles it used. */
type Step = Walk | { readonly child: RlpItem; readonly used: number };

const stringValue = (item: RlpItem | undefined): Step | undefined =>
  item === undefined || item.list ? undefined : { value: item.payload.length === 0 ? null : item.payload };

function branchStep(items: readonly RlpItem[], rest: readonly number[]): Step | undefined {
  const [next] = rest;
  if (next === undefined) return stringValue(items[16]);
  const child = items[next];
  if (child === undefined) return undefined;
  return !child.list && child.payload.length === 0 ? { value: null } : { child, used: 1 };
}

function pathStep(items: readonly RlpItem[], rest: readonly number[]): Step | undefined {
  const [first, second] = items;
  const compact = first === undefined ? undefined : compactPath(first);
  if (compact === undefined || second === undefined) return undefined;
  const { leaf, path } = compact;
  const matches = path.length <= rest.length && path.every((nibble, index) => nibble === rest[index]);
  if (leaf) {
    if (second.list || second.payload.length === 0) return undefined;
    return { value: matches && path.length === rest.length ? second.payload : null };
  }
  if (path.length === 0) return undefined;
  return matches ? { child: second, used: path.length } : { value: null };
}

/**
 * Walks from `root` along `key`. Undefined when the nodes are not exactly those of one path: each node must hash to the
 * reference before it (or be embedded in its parent when shorter than 32 bytes), and every node must be used.
 */
export function walkTrie(root: Uint8Array, key: Uint8Array, nodes: readonly Uint8Array[]): Walk | undefined {
  if (nodes.length === 0) return equalBytes(root, EMPTY_ROOT) ? { value: null } : undefined;
  const path = nibbles(key);
  let reference = root;
  let position = 0;
  for (const [index, node] of nodes.entries()) {
    if (!equalBytes(keccak_256(node), reference)) return undefined;
    let items = rlpList(node);
    for (;;) {
      const rest = path.slice(position);
      const step =
        items?.length === 17 ? branchStep(items, rest) : items?.length === 2 ? pathStep(items, rest) : undefined;
      if (step === undefined) return undefined;
      if ("value" in step) return index === nodes.length - 1 ? step : undefined;
      position += step.used;
      if (!step.child.list) {
        reference = step.child.payload;
        break;
      }
      if (step.child.raw.length >= 32) return undefined;
      items = rlpItems(step.child.payload);
    }
    if (reference.length !== 32) return undefined;
  }
  return undefined;
}

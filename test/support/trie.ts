// A Merkle Patricia trie over a handful of entries, built by the textbook, with proofs: embedded nodes and all.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";

type Entry = { readonly path: readonly number[]; readonly value: Uint8Array };

export interface Trie {
  readonly root: Uint8Array;
  /** Nodes of 32 bytes or more on the key's path, and the root. */
  proof(key: Uint8Array): Uint8Array[];
}

const header = (length: number, short: number): Uint8Array =>
  length < 56
    ? Uint8Array.of(short + length)
    : length < 256
      ? Uint8Array.of(short + 56, length)
      : Uint8Array.of(short + 57, length >> 8, length & 0xff);

export const rlpBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.length === 1 && (bytes[0] ?? 0) < 0x80 ? bytes : concatBytes(header(bytes.length, 0x80), bytes);

export const rlpOf = (...items: readonly Uint8Array[]): Uint8Array => {
  const payload = concatBytes(...items);
  return concatBytes(header(payload.length, 0xc0), payload);
};

export const nibblesOf = (bytes: Uint8Array): number[] => [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);

export function compact(path: readonly number[], leaf: boolean): Uint8Array {
  const flag = (leaf ? 2 : 0) + (path.length % 2);
  const padded = path.length % 2 === 1 ? [flag, ...path] : [flag, 0, ...path];
  return Uint8Array.from(
    { length: padded.length / 2 },
    (_, at) => (padded[2 * at] ?? 0) * 16 + (padded[2 * at + 1] ?? 0),
  );
}

const EMPTY = Uint8Array.of(0x80);
const reference = (node: Uint8Array): Uint8Array => (node.length < 32 ? node : rlpBytes(keccak_256(node)));

function sharedPrefix(entries: readonly Entry[]): number[] {
  const [first] = entries;
  if (first === undefined) return [];
  const differs = first.path.findIndex((nibble, at) => entries.some(({ path }) => path[at] !== nibble));
  return first.path.slice(0, differs === -1 ? first.path.length : differs);
}

const below = (entries: readonly Entry[], prefix: readonly number[]): Entry[] =>
  entries
    .filter(({ path }) => prefix.every((nibble, at) => path[at] === nibble))
    .map(({ path, value }) => ({ path: path.slice(prefix.length), value }));

/** Encodes the entries' node; nodes on the way to `target` are collected when they are not embedded. */
function encode(entries: readonly Entry[], target: readonly number[] | undefined, collected: Uint8Array[]): Uint8Array {
  const at = collected.length;
  const finish = (node: Uint8Array): Uint8Array => {
    if (target !== undefined && node.length >= 32) collected.splice(at, 0, node);
    return node;
  };
  const [only] = entries;
  if (only === undefined) return EMPTY;
  if (entries.length === 1) return finish(rlpOf(rlpBytes(compact(only.path, true)), rlpBytes(only.value)));
  const prefix = sharedPrefix(entries);
  if (prefix.length > 0) {
    const follows = target !== undefined && prefix.every((nibble, index) => target[index] === nibble);
    const child = encode(below(entries, prefix), follows ? target.slice(prefix.length) : undefined, collected);
    return finish(rlpOf(rlpBytes(compact(prefix, false)), reference(child)));
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const child = encode(below(entries, [nibble]), target?.[0] === nibble ? target.slice(1) : undefined, collected);
    return reference(child);
  });
  const here = entries.find(({ path }) => path.length === 0);
  return finish(rlpOf(...children, here === undefined ? EMPTY : rlpBytes(here.value)));
}

export function makeTrie(entries: ReadonlyMap<string, Uint8Array>): Trie {
  const list = [...entries].map(([key, value]) => ({ path: nibblesOf(Buffer.from(key, "hex")), value }));
  const root = encode(list, undefined, []);
  return {
    root: keccak_256(root),
    proof(key) {
      const collected: Uint8Array[] = [];
      encode(list, nibblesOf(key), collected);
      return root.length < 32 && list.length > 0 ? [root] : collected;
    },
  };
}

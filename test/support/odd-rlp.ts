// RLP as it should not be, beside RLP as it should: items, lists, trie nodes and values of doubtful form, whose hashes still match.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { compact, rlpBytes, rlpOf } from "./trie.ts";

const EMPTY = Uint8Array.of(0x80);

const string = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.uint8Array({ minLength: 31, maxLength: 33 }),
  fc.uint8Array({ minLength: 54, maxLength: 58 }),
);

/** A length in more bytes than it needs. */
const longForm = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0xb8, bytes.length), bytes);
const longerForm = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0xb9, 0, bytes.length), bytes);
const markedByte = (bytes: Uint8Array): Uint8Array => Uint8Array.of(0x81, bytes[0] ?? 0);

const oddItem = fc.oneof(
  string.map(longForm),
  string.map(longerForm),
  string.map(markedByte),
  string.map((bytes) => rlpOf(rlpBytes(bytes))),
  fc.constant(Uint8Array.of(0xc0)),
  fc.constant(Uint8Array.of(0xb8)),
  fc.constant(Uint8Array.of(0xff)),
  fc.constant(Uint8Array.of(0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)),
);

const item = fc.oneof({ weight: 12, arbitrary: string.map(rlpBytes) }, { weight: 1, arbitrary: oddItem });

const root = fc.uint8Array({ minLength: 32, maxLength: 32 });
const integer = fc.oneof(
  fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }).map((value) => {
    const digits = value.toString(16);
    return Uint8Array.from(Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex"));
  }),
  fc.constant(new Uint8Array()),
  fc.uint8Array({ minLength: 1, maxLength: 10 }),
);

/** Lists that are nearly execution headers. */
export const nearlyHeader: fc.Arbitrary<Uint8Array> = fc
  .record({
    items: fc.array(item, { minLength: 13, maxLength: 24 }),
    stateRoot: fc.oneof({ weight: 8, arbitrary: root }, { weight: 1, arbitrary: string }),
    number: integer,
    timestamp: integer,
    over: fc.oneof({ weight: 8, arbitrary: fc.constant(new Uint8Array()) }, { weight: 1, arbitrary: string }),
    plain: fc.boolean(),
  })
  .map(({ items, stateRoot, number, timestamp, over, plain }) => {
    const shown = items.map((one, index) => (plain ? rlpBytes(Uint8Array.of(index + 1)) : one));
    const formed = shown.with(3, rlpBytes(stateRoot)).with(8, rlpBytes(number)).with(11, rlpBytes(timestamp));
    return concatBytes(rlpOf(...formed), over);
  });

/** What may stand at the end of a walk, where an RLP string without leading zeros should. */
export const nearlyValue: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 33 }).map(rlpBytes) },
  { weight: 2, arbitrary: item },
  { weight: 1, arbitrary: fc.tuple(item, item).map(([one, two]) => concatBytes(one, two)) },
);

/** Lists that are nearly accounts: nonce, balance, storage root, code hash. */
export const nearlyAccount: fc.Arbitrary<Uint8Array> = fc
  .record({
    roots: fc.tuple(root, root),
    twist: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.nat(3) }),
    odd: item,
  })
  .map(({ roots: [storage, code], twist, odd }) => {
    const items = [rlpBytes(Uint8Array.of(1)), EMPTY, rlpBytes(storage), rlpBytes(code)];
    if (twist === 1) return rlpOf(...items.with(storage.reduce((sum, byte) => sum + byte, 0) % 4, odd));
    if (twist === 2) return rlpOf(...items, odd);
    if (twist === 3) return concatBytes(rlpOf(...items), odd);
    return rlpOf(...items);
  });

/** One level of a trie along a key. */
interface Level {
  readonly kind: "branch" | "extension";
  /** Nibbles of an extension. */
  readonly length: number;
  readonly twist: number;
  readonly others: readonly number[];
}

export interface NearlyTrie {
  readonly levels: readonly Level[];
  readonly end: "leaf" | "otherLeaf" | "empty" | "otherExtension";
  readonly endTwist: number;
  readonly value: Uint8Array;
  readonly over: number;
}

const twist = fc.oneof({ weight: 10, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(9) });

/** Tries of one walk, whose nodes hash to their references, and which end, if at all, at one of these values. */
export const nearlyTrie = (value: fc.Arbitrary<Uint8Array>): fc.Arbitrary<NearlyTrie> =>
  fc.record({
    levels: fc.array(
      fc.record({
        kind: fc.constantFrom("branch" as const, "extension" as const),
        length: fc.integer({ min: 1, max: 61 }),
        twist,
        others: fc.array(fc.nat(2), { minLength: 16, maxLength: 16 }),
      }),
      { maxLength: 4 },
    ),
    end: fc.constantFrom("leaf", "leaf", "otherLeaf", "empty", "otherExtension"),
    endTwist: twist,
    value,
    over: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) }),
  });

const HASH = rlpBytes(new Uint8Array(32).fill(0xee));
const SMALL = rlpOf(rlpBytes(compact([1, 2], true)), rlpBytes(Uint8Array.of(7)));
const OTHERS = [EMPTY, HASH, SMALL];

/** A path item whose flags, padding or length are wrong; 0 leaves it as it should be. */
function twistedPath(path: readonly number[], leaf: boolean, how: number): Uint8Array {
  const plain = compact(path, leaf);
  const first = plain[0] ?? 0;
  switch (how) {
    case 1:
      return rlpBytes(plain.with(0, first | 0x40));
    case 2:
      return rlpBytes(plain.with(0, first ^ 0x01));
    case 3:
      return rlpBytes(plain.with(0, first ^ 0x20));
    case 4:
      return rlpBytes(plain.with(0, first ^ 0x10));
    case 5:
      return rlpBytes(compact([], leaf));
    case 6:
      return EMPTY;
    case 7:
      return rlpOf(rlpBytes(plain));
    case 8:
      return rlpBytes(Uint8Array.of(...plain, 0));
    case 9:
      return longForm(plain);
    default:
      return rlpBytes(plain);
  }
}

/** How a parent points at its child: by hash when it has 32 bytes, except where a twist says otherwise. */
function pointer(child: Uint8Array, how: number): { readonly item: Uint8Array; readonly node?: Uint8Array } {
  const hash = keccak_256(child);
  if (how === 1) return { item: child };
  if (how === 2) return { item: rlpBytes(hash), node: child };
  if (how === 3) return { item: rlpBytes(hash.subarray(1)), node: child };
  if (how === 4) return { item: rlpBytes(Uint8Array.of(0, ...hash)), node: child };
  if (how === 5) return { item: rlpBytes(child) };
  return child.length < 32 ? { item: child } : { item: rlpBytes(hash), node: child };
}

interface Built {
  readonly node: Uint8Array;
  /** Nodes below it that are pointed at by hash. */
  readonly below: readonly Uint8Array[];
}

function build(trie: NearlyTrie, rest: readonly number[], at: number): Built | undefined {
  const level = trie.levels[at];
  if (level === undefined || rest.length < 3) {
    const path = trie.end === "leaf" ? rest : [...rest.slice(0, -1), (rest.at(-1) ?? 0) ^ 1];
    if (trie.end === "empty") return undefined;
    if (trie.end === "otherExtension")
      return { node: rlpOf(twistedPath(path.slice(-2), false, trie.endTwist), HASH), below: [] };
    return { node: rlpOf(twistedPath(path, true, trie.endTwist), rlpBytes(trie.value)), below: [] };
  }
  const length = level.kind === "branch" ? 1 : Math.min(level.length, rest.length - 2);
  const child = build(trie, rest.slice(length), at + 1);
  const { item: reference, node } = child === undefined ? { item: EMPTY } : pointer(child.node, level.twist);
  const below = [...(node === undefined ? [] : [node]), ...(child?.below ?? [])];
  if (level.kind === "extension")
    return { node: rlpOf(twistedPath(rest.slice(0, length), false, level.twist), reference), below };
  const children = level.others.map((other, nibble) => (nibble === rest[0] ? reference : (OTHERS[other] ?? EMPTY)));
  const items = [...children, EMPTY];
  if (level.twist === 6) return { node: rlpOf(...items, EMPTY), below };
  if (level.twist === 7) return { node: rlpOf(...items.slice(1)), below };
  if (level.twist === 8) return { node: rlpOf(...items.with(16, rlpOf())), below };
  if (level.twist === 9) return { node: concatBytes(rlpOf(...items), EMPTY), below };
  return { node: rlpOf(...items), below };
}

/** The trie's root, and the nodes of a walk along the key. */
export function buildTrie(trie: NearlyTrie, key: readonly number[]): { root: Uint8Array; nodes: Uint8Array[] } {
  const built = build(trie, key, 0) ?? { node: EMPTY, below: [] };
  const nodes = [built.node, ...built.below];
  const root = keccak_256(built.node);
  if (trie.over === 1) return { root, nodes: [...nodes, built.node] };
  if (trie.over === 2) return { root, nodes: nodes.slice(0, -1) };
  if (trie.over === 3) return { root, nodes: [...nodes, new Uint8Array()] };
  return { root, nodes };
}

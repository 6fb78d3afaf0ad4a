// Vectors: tries that no honest chain has, and honest proofs of something else. Every node hashes to its reference, so that its form
// and its place alone decide.
import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { storageProof } from "#adapters/evm/verify/evidence.ts";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { compact, nibblesOf, rlpBytes, rlpOf } from "#test/support/trie.ts";
import { commitmentSlot } from "#test/support/state-evidence.ts";
import { claimsVector, commitmentsSlot, makeChain, router } from "./chain.ts";
import type { Vector } from "../vector.ts";

const EMPTY = Uint8Array.of(0x80);
const path = Uint8Array.of(7, 7);
const value = new Uint8Array(32).fill(0xd4);
const seven = Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 7 : 0));
const key = nibblesOf(keccak_256(commitmentSlot(path, commitmentsSlot)));
const hashOf = (node: Uint8Array): Uint8Array => rlpBytes(keccak_256(node));

/** Nodes from the root on. */
type Nodes = readonly Uint8Array[];

const leaf = (rest: readonly number[], content: Uint8Array): Uint8Array =>
  rlpOf(rlpBytes(compact(rest, true)), rlpBytes(content));
const extension = (nibbles: readonly number[], child: Uint8Array): Uint8Array =>
  rlpOf(rlpBytes(compact(nibbles, false)), child);

/** A branch that leads to `child` by the given nibble, and by all others to what no proof shows. */
const branch = (nibble: number | undefined, child: Uint8Array): Uint8Array => rlpOf(...children(nibble, child), EMPTY);
const children = (nibble: number | undefined, child: Uint8Array): Uint8Array[] =>
  Array.from({ length: 16 }, (_, at) => (at === nibble ? child : hashOf(Uint8Array.of(at))));

/** The value where it belongs, under one branch. */
const last = leaf(key.slice(1), rlpBytes(value));
const honest: Nodes = [branch(key[0], hashOf(last)), last];

/** A leaf two nibbles from the end of the key is short enough to lie in its parent. */
const near = (child: Uint8Array): Nodes => {
  const parent = branch(key[62], child);
  return [extension(key.slice(0, 62), hashOf(parent)), parent];
};

const account = (storageRoot: Uint8Array): Uint8Array =>
  rlpOf(rlpBytes(Uint8Array.of(1)), EMPTY, rlpBytes(storageRoot), hashOf(Uint8Array.of(1)));

interface Given {
  readonly storageRoot?: Uint8Array;
  /** Of the router, as the state trie holds it. */
  readonly account?: Uint8Array;
  /** 32 bytes; without one, absence is claimed. */
  readonly value?: Uint8Array | undefined;
}

/** A claim about a chain whose state is one account: the router's. */
function judged(name: string, why: string, expect: Reason | "accepted", nodes: Nodes, given: Given = {}): Vector {
  const storageRoot = given.storageRoot ?? keccak_256(nodes[0] ?? EMPTY);
  const only = leaf(nibblesOf(keccak_256(hexToBytes(router.slice(2)))), given.account ?? account(storageRoot));
  const chain = makeChain({ stateRoot: keccak_256(only) });
  const { number: height, timestamp, stateRoot } = chain.startBlock;
  const claim: EnvelopeClaim = {
    membership: given.value === undefined ? 0n : 1n,
    path,
    value: given.value ?? new Uint8Array(),
    proof: storageProof.encode([...nodes]),
  };
  const result = expect === "accepted" ? { state: chain.trusted, block: chain.startBlock } : expect;
  return claimsVector(
    { name, why, state: chain.trusted, now: chain.timeOf(210n), expect: result },
    { height, timestamp, stateRoot, accountProof: [only], ancestry: [] },
    [claim],
  );
}

const member = (name: string, why: string, expect: Reason | "accepted", nodes: Nodes, given: Given = {}): Vector =>
  judged(name, why, expect, nodes, { value, ...given });
const absent = (name: string, why: string, expect: Reason | "accepted", nodes: Nodes, given: Given = {}): Vector =>
  judged(name, why, expect, nodes, given);

const BROKEN = "INVALID_STORAGE_PROOF";

const embedded = (): Vector[] => [
  member("membership-embedded-leaf", "a leaf in its branch", "accepted", near(leaf(key.slice(63), Uint8Array.of(7))), {
    value: seven,
  }),
  member(
    "embedded-leaf-of-another-path",
    "the leaf in the branch is another path's, and holds the claimed value",
    "VALUE_ABSENT",
    near(leaf([(key[63] ?? 0) ^ 1], Uint8Array.of(7))),
    { value: seven },
  ),
  absent("absence-beside-an-embedded-leaf", "the path itself is in the branch", "VALUE_PRESENT", [
    ...near(leaf(key.slice(63), Uint8Array.of(7))),
  ]),
  member(
    "embedded-node-of-32-bytes",
    "what has 32 bytes or more is pointed at by its hash",
    BROKEN,
    near(leaf(key.slice(63), rlpBytes(value))),
  ),
  member("embedded-node-doubled", "a node in its parent is not in the proof as well", BROKEN, [
    ...near(leaf(key.slice(63), Uint8Array.of(7))),
    leaf(key.slice(63), Uint8Array.of(7)),
  ]),
];

/** One leaf for the whole key, with its path item as given. */
const leafWithPath = (item: Uint8Array): Nodes => [rlpOf(item, rlpBytes(rlpBytes(value)))];
const whole = compact(key, true);

const paths = (): Vector[] => [
  member("membership-one-leaf", "an even path, and nothing above it", "accepted", leafWithPath(rlpBytes(whole))),
  member("membership-odd-path", "an odd path under a branch", "accepted", honest),
  member("path-flag-beyond-three", "there are two flags", BROKEN, leafWithPath(rlpBytes(whole.with(0, 0x60)))),
  member(
    "path-even-with-a-nibble",
    "an even path's first nibble is nothing",
    BROKEN,
    leafWithPath(rlpBytes(whole.with(0, 0x20 | (key[0] ?? 0) | 1))),
  ),
  member("path-odd-flag-on-an-even-path", "a nibble more than the key has", "VALUE_ABSENT", [
    ...leafWithPath(rlpBytes(whole.with(0, 0x30 | (key[0] ?? 0)))),
  ]),
  member("path-empty", "no path at all", BROKEN, leafWithPath(EMPTY)),
  member("path-a-list", "a path is a string", BROKEN, leafWithPath(rlpOf(rlpBytes(whole)))),
  member("leaf-flag-on-an-extension", "a leaf has nothing below it", BROKEN, [
    rlpOf(rlpBytes(compact(key.slice(0, 1), true)), hashOf(last)),
    last,
  ]),
  member("extension-flag-on-a-leaf", "an extension leads to a node, not to a value", BROKEN, [
    rlpOf(rlpBytes(compact(key, false)), rlpBytes(rlpBytes(value))),
  ]),
  member("extension-without-a-path", "an extension goes somewhere", BROKEN, [
    extension([], hashOf(honest[0] as Uint8Array)),
    ...honest,
  ]),
  absent("extension-to-nothing", "an extension's child exists", BROKEN, [extension(key.slice(0, 4), EMPTY)]),
  absent("absence-by-a-zero-reference", "a zero reference is no empty place", BROKEN, [
    branch(key[0], rlpBytes(new Uint8Array(32))),
  ]),
  member("reference-of-31-bytes", "a reference has 32 bytes", BROKEN, [
    branch(key[0], rlpBytes(keccak_256(last).slice(1))),
    last,
  ]),
];

const nodes = (): Vector[] => [
  member("branch-of-16-items", "a branch has a place for a value", BROKEN, [
    rlpOf(...children(key[0], hashOf(last))),
    last,
  ]),
  member("branch-of-18-items", "a branch has sixteen children and a value", BROKEN, [
    rlpOf(...children(key[0], hashOf(last)), EMPTY, EMPTY),
    last,
  ]),
  member("node-of-three-items", "a node has two items or seventeen", BROKEN, [
    rlpOf(rlpBytes(whole), rlpBytes(rlpBytes(value)), EMPTY),
  ]),
  member("node-a-string", "a node is a list", BROKEN, [rlpBytes(leafWithPath(rlpBytes(whole))[0] as Uint8Array)]),
  member("node-with-a-byte-after-it", "nothing follows a node's list", BROKEN, [
    concatBytes(leafWithPath(rlpBytes(whole))[0] as Uint8Array, EMPTY),
  ]),
  member("node-twice-on-the-path", "a node is used where the walk meets it", BROKEN, [
    honest[0] as Uint8Array,
    ...honest,
  ]),
  member("node-of-no-bytes", "an empty node is left over", BROKEN, [...honest, new Uint8Array()]),
  absent("absence-by-an-empty-node", "the empty trie's root is the hash of a string, which is no node", BROKEN, [
    EMPTY,
  ]),
  absent("absence-by-an-empty-slot-and-more", "a node is left over after the empty slot", BROKEN, [
    branch(key[0], EMPTY),
    last,
  ]),
  absent("absence-under-a-zero-root", "no nodes prove nothing under a root of zeros", BROKEN, [], {
    storageRoot: new Uint8Array(32),
  }),
];

/** A leaf for the whole key, whose value item is given as it is encoded. */
const leafWithItem = (item: Uint8Array): Nodes => [rlpOf(rlpBytes(whole), item)];
const leafHolding = (content: Uint8Array): Nodes => leafWithItem(rlpBytes(content));

const values = (): Vector[] => [
  member("value-item-in-the-long-form", "33 bytes need no length of their own", BROKEN, [
    ...leafWithItem(concatBytes(Uint8Array.of(0xb8, 33), rlpBytes(value))),
  ]),
  member("value-item-length-with-a-zero", "a length has no leading zero", BROKEN, [
    ...leafWithItem(concatBytes(Uint8Array.of(0xb9, 0, 33), rlpBytes(value))),
  ]),
  member("value-item-a-marked-byte", "a byte below 128 stands for itself", BROKEN, [
    ...leafWithItem(Uint8Array.of(0x81, 7)),
  ]),
  member("value-item-a-list", "a value is a string", BROKEN, leafWithItem(rlpOf(rlpBytes(value)))),
  absent("absence-by-an-empty-leaf", "a leaf holds something", BROKEN, leafHolding(new Uint8Array())),
  member("stored-zero-as-a-member", "zero is not stored", BROKEN, leafHolding(Uint8Array.of(0)), {
    value: new Uint8Array(32),
  }),
  absent("stored-zero-as-absence", "zero is not stored, so a leaf that holds it is none", BROKEN, [
    ...leafHolding(Uint8Array.of(0)),
  ]),
  member("stored-empty-string-as-zero", "nor is the empty string", BROKEN, leafHolding(EMPTY), {
    value: new Uint8Array(32),
  }),
  member("value-with-a-leading-zero", "a value is stored without its leading zeros", BROKEN, [
    ...leafHolding(rlpBytes(Uint8Array.of(0, ...value.slice(1)))),
  ]),
  member("value-of-33-bytes", "a word has 32 bytes", BROKEN, leafHolding(rlpBytes(Uint8Array.of(1, ...value)))),
  member("value-with-something-after-it", "one string, and nothing after it", BROKEN, [
    ...leafHolding(concatBytes(rlpBytes(value.slice(1)), Uint8Array.of(1))),
  ]),
];

const accounts = (): Vector[] => {
  const root = keccak_256(honest[0] as Uint8Array);
  const whole = (items: readonly Uint8Array[]): Uint8Array => rlpOf(...items);
  const items = [rlpBytes(Uint8Array.of(1)), EMPTY, rlpBytes(root), hashOf(Uint8Array.of(1))];
  const of = (name: string, why: string, given: Uint8Array): Vector =>
    member(name, why, "INVALID_ACCOUNT_PROOF", honest, { account: given });
  return [
    of("account-of-three-items", "an account has four items", whole(items.slice(0, 3))),
    of("account-of-five-items", "an account has four items", whole([...items, EMPTY])),
    of("account-storage-root-of-31-bytes", "a root has 32 bytes", whole(items.with(2, rlpBytes(root.slice(1))))),
    of("account-with-a-list", "an account's items are strings", whole(items.with(1, rlpOf()))),
    of("account-a-string", "an account is a list", rlpBytes(whole(items))),
    of("account-with-a-byte-after-it", "nothing follows the account", concatBytes(whole(items), EMPTY)),
    of("account-of-a-marked-byte", "a byte below 128 stands for itself", whole(items.with(0, Uint8Array.of(0x81, 1)))),
  ];
};

export const trieVectors = (): Vector[] => [...embedded(), ...paths(), ...nodes(), ...values(), ...accounts()];

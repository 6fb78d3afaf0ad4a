// Vectors: what a packet store holds and what it does not, proven and forged.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { CommitmentProof, ExistenceProof, InnerOp, NonExistenceProof } from "#adapters/cosmos/verify/evidence.ts";
import { messageField } from "#adapters/protocol/protobuf.ts";
import type { EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeState } from "#test/support/comet-evidence.ts";
import { encodeProof, makeCosmosState } from "#test/support/cosmos-store.ts";
import {
  absence,
  application,
  blocks,
  claimsVector,
  entries,
  keyAt,
  LATEST,
  members,
  membership,
  rootProof,
  state,
  valueAt,
} from "./chain.ts";
import type { Vector } from "../vector.ts";

const { store } = application;
const none = new Uint8Array();

const proven = (name: string, why: string, ...claims: readonly EnvelopeClaim[]): Vector =>
  claimsVector({ name, why, expect: { state } }, claims);

/** A light client whose latest block has this application's state, and its root proof. */
const over = (of: ReturnType<typeof makeCosmosState>) => ({
  state: makeState([...blocks.slice(0, 1), { height: LATEST, members, appHash: of.appHash }]),
  rootProof: encodeProof(of.rootProof),
});

const single = makeCosmosState([{ key: keyAt(4), value: valueAt(4) }], 0);
const provenOver = (
  of: ReturnType<typeof makeCosmosState>,
  name: string,
  why: string,
  claim: EnvelopeClaim,
): Vector => {
  const given = over(of);
  return claimsVector({ name, why, state: given.state, expect: { state: given.state } }, [claim], {
    rootProof: given.rootProof,
  });
};

const refused = (reason: Reason, name: string, why: string, claim: EnvelopeClaim): Vector =>
  claimsVector({ name, why, expect: reason }, [claim]);

const existing = (place: number): ExistenceProof => store.existence(keyAt(place));
const held = (place: number, change: (proof: ExistenceProof) => ExistenceProof): EnvelopeClaim => ({
  ...membership(place),
  proof: encodeProof({ exist: change(existing(place)), nonexist: undefined }),
});
const missing = (path: Uint8Array, proof: Partial<NonExistenceProof>): EnvelopeClaim => ({
  membership: 0n,
  path,
  value: none,
  proof: encodeProof({ exist: undefined, nonexist: { key: path, left: undefined, right: undefined, ...proof } }),
});

const withOp = (proof: ExistenceProof, index: number, change: (op: InnerOp) => InnerOp): ExistenceProof => ({
  ...proof,
  path: proof.path.map((op, each) => (each === index ? change(op) : op)),
});
const withLeaf =
  (changed: Partial<NonNullable<ExistenceProof["leaf"]>>) =>
  (proof: ExistenceProof): ExistenceProof => ({
    ...proof,
    leaf: proof.leaf && { ...proof.leaf, ...changed },
  });
const flipped = (bytes: Uint8Array, at = 0): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

const left = (claim: EnvelopeClaim, name: string, why: string): Vector =>
  refused("INVALID_STORAGE_PROOF", name, why, claim);

/** A root of our own making over one forged inner node whose both children are given, with the real leaf between them. */
const bothChildren = (proof: ExistenceProof): ExistenceProof =>
  withOp(proof, 0, (op) => ({
    ...op,
    prefix: concatBytes(op.prefix.subarray(0, 5), new Uint8Array(32).fill(1), Uint8Array.of(32)),
    suffix: concatBytes(Uint8Array.of(32), new Uint8Array(32).fill(2)),
  }));

const broken = (): Vector[] => [
  left(
    held(4, (proof) => ({ ...proof, path: proof.path.slice(1) })),
    "node-missing-at-the-leaf",
    "a node is missing",
  ),
  left(
    held(4, (proof) => ({ ...proof, path: proof.path.slice(0, -1) })),
    "node-missing-at-the-root",
    "the way ends below the root",
  ),
  left(
    held(4, (proof) => ({ ...proof, path: [...proof.path, ...proof.path.slice(-1)] })),
    "node-twice",
    "a node is repeated",
  ),
  left(
    held(4, (proof) => ({ ...proof, path: proof.path.toReversed() })),
    "nodes-reversed",
    "from the root down",
  ),
  left(
    held(4, (proof) => ({ ...proof, path: [] })),
    "no-nodes",
    "a leaf is not a root",
  ),
  left(
    held(4, (proof) => withOp(proof, 0, (op) => ({ ...op, prefix: flipped(op.prefix, 10) }))),
    "sibling-altered-left",
    "a bit of a left sibling",
  ),
  left(
    held(0, (proof) => withOp(proof, 0, (op) => ({ ...op, suffix: flipped(op.suffix, 10) }))),
    "sibling-altered-right",
    "a bit of a right sibling",
  ),
  left(
    held(4, (proof) => withOp(proof, 0, (op) => ({ ...op, prefix: flipped(op.prefix, 3) }))),
    "version-altered",
    "a bit of a node's version",
  ),
  left(
    held(4, bothChildren),
    "both-children",
    "a node with a sibling on both sides, of whom one is not hashed elsewhere",
  ),
  left(
    held(0, (proof) => withOp(proof, 0, (op) => ({ ...op, suffix: concatBytes(op.suffix, op.suffix) }))),
    "suffix-of-two-children",
    "a node of three children",
  ),
  left(
    held(4, (proof) => withOp(proof, 0, (op) => ({ ...op, suffix: none, prefix: op.prefix.slice(0, 5) }))),
    "node-without-sibling",
    "a node of one child",
  ),
  left(
    held(4, (proof) => withOp(proof, 1, (op) => ({ ...op, hash: 2n }))),
    "node-of-another-hash",
    "SHA-512",
  ),
  left(
    held(4, (proof) => withOp(proof, 1, (op) => ({ ...op, hash: 0n }))),
    "node-of-no-hash",
    "what is not hashed proves nothing",
  ),
  left(
    held(4, (proof) => ({ ...proof, leaf: undefined })),
    "no-leaf",
    "nothing says how the leaf is hashed",
  ),
  left(held(4, withLeaf({ hash: 0n })), "leaf-of-no-hash", "a leaf that is its own hash"),
  left(held(4, withLeaf({ prehashKey: 1n })), "leaf-with-hashed-key", "keys stand as they are"),
  left(held(4, withLeaf({ prehashValue: 0n })), "leaf-with-plain-value", "values are hashed"),
  left(held(4, withLeaf({ length: 0n })), "leaf-without-lengths", "key and value would run into each other"),
  left(held(4, withLeaf({ prefix: Uint8Array.of(2, 2, 2) })), "leaf-that-is-an-inner-node", "a leaf has height 0"),
  left(held(4, withLeaf({ prefix: Uint8Array.of(0, 4, 2) })), "leaf-of-size-two", "a leaf is one"),
  left(held(4, withLeaf({ prefix: Uint8Array.of(0, 2) })), "leaf-without-version", "a leaf has a version"),
  left(held(4, withLeaf({ prefix: Uint8Array.of(0, 2, 3) })), "leaf-of-a-negative-version", "which is not negative"),
  left(held(4, withLeaf({ prefix: Uint8Array.of(0, 2, 2, 9, 9) })), "leaf-with-bytes-after-it", "and nothing follows"),
  left(
    held(4, (proof) => ({ ...proof, value: none })),
    "leaf-without-value",
    "an empty value is none",
  ),
  left({ ...membership(4), path: keyAt(6), value: valueAt(6) }, "proof-of-another-key", "another key's proof"),
  left(
    held(4, (proof) => ({ ...proof, key: keyAt(6) })),
    "key-put-in",
    "a key that the leaf does not have",
  ),
  left(
    held(4, (proof) => ({ ...proof, value: valueAt(6) })),
    "value-put-in",
    "a value that the leaf does not have",
  ),
  left(
    {
      ...membership(4),
      value: new Uint8Array(32),
      proof: held(4, (proof) => ({ ...proof, value: new Uint8Array(32) })).proof,
    },
    "value-of-zeros-put-in",
    "zeros are a value like any other",
  ),
  left(
    held(4, () => ({ ...application.rootProof.exist, key: keyAt(4) }) as ExistenceProof),
    "proof-of-another-tree",
    "the tree of the stores is not a store",
  ),
];

const keyBefore = utf8ToBytes("client-0");
const keyAfter = utf8ToBytes("client-1");

const absences = (): Vector[] => [
  left(missing(keyAt(5), {}), "absence-by-nothing", "neither side is shown"),
  left(
    missing(keyAt(4), { left: existing(2), right: existing(6) }),
    "absence-of-what-lies-between",
    "both sides are there, and the key between them too",
  ),
  left(
    missing(keyAt(5), { left: existing(2), right: existing(6) }),
    "absence-not-adjacent-left",
    "the left one is not the next",
  ),
  left(
    missing(keyAt(5), { left: existing(4), right: existing(8) }),
    "absence-not-adjacent-right",
    "the right one is not the next",
  ),
  left(missing(keyAt(5), { left: existing(6), right: existing(4) }), "absence-sides-exchanged", "left is right"),
  left(
    missing(keyAt(5), { left: existing(4), right: existing(4) }),
    "absence-between-one-key",
    "a key is not its own neighbour",
  ),
  left(
    missing(keyAt(4), { left: existing(4), right: existing(6) }),
    "absence-of-the-left-one",
    "the left one itself is there",
  ),
  left(missing(keyAt(6), { left: existing(4), right: existing(6) }), "absence-of-the-right-one", "and the right one"),
  left(missing(keyAt(5), { left: existing(4) }), "absence-left-is-no-end", "the left one is not the last"),
  left(missing(keyAt(5), { right: existing(6) }), "absence-right-is-no-end", "the right one is not the first"),
  left(
    missing(keyBefore, { left: existing(20) }),
    "absence-beyond-the-wrong-end",
    "the last key is no proof for what comes before the first",
  ),
  left(
    missing(keyAfter, { right: existing(0) }),
    "absence-before-the-wrong-end",
    "nor the first for what comes after the last",
  ),
  left(
    missing(keyAt(7), { left: existing(4), right: existing(6) }),
    "absence-of-a-key-elsewhere",
    "neighbours of another gap",
  ),
  left({ ...absence(keyAt(5)), path: keyAt(7) }, "absence-of-another-key", "the proof says another key"),
  left(
    { ...absence(keyAt(5)), path: Uint8Array.of(...keyAt(5), 0) },
    "absence-of-a-longer-key",
    "though it lies in the same gap",
  ),
  left(
    missing(keyAt(5), { key: none, left: existing(4), right: existing(6) }),
    "absence-of-no-key",
    "the proof says which key is absent",
  ),
  left(
    missing(keyAt(5), { left: bothChildren(existing(4)), right: existing(6) }),
    "absence-both-children",
    "a node with both children",
  ),
  left(
    missing(keyAt(4), {
      left: existing(2),
      right: {
        ...existing(6),
        path: existing(6).path.map((op, index, { length }) =>
          index === length - 1 ? (existing(2).path.at(-1) ?? op) : op,
        ),
      },
    }),
    "absence-by-a-spliced-path",
    "the ways are made to meet",
  ),
  left(
    missing(keyAt(5), { left: { ...existing(4), value: valueAt(6) }, right: existing(6) }),
    "absence-left-forged",
    "the left one is not there as shown",
  ),
  left(
    missing(keyAt(5), { left: existing(4), right: { ...existing(6), key: keyAt(7) } }),
    "absence-right-forged",
    "nor the right one",
  ),
  left(
    missing(keyAt(4), {
      left: {
        ...existing(2),
        path: [
          ...existing(2)
            .path.slice(0, 1)
            .map((op) => ({ ...op, prefix: op.prefix.slice(0, 5), suffix: none })),
          ...existing(2).path.slice(1),
        ],
      },
      right: existing(6),
    }),
    "absence-by-padding-that-fits-no-side",
    "a step that is neither left nor right",
  ),
];

/** What one side alone would prove, with another beside it that is not what it says. */
const besideBroken = (): Vector[] => [
  left(
    missing(keyBefore, { left: { ...existing(0), key: utf8ToBytes("a") }, right: existing(0) }),
    "absence-before-the-first-beside-a-forged-one",
    "nothing of a proof is passed over",
  ),
  left(
    missing(keyAfter, { left: existing(20), right: { ...existing(20), key: utf8ToBytes("x") } }),
    "absence-after-the-last-beside-a-forged-one",
    "on neither side",
  ),
];

const batch = (number: number): Uint8Array =>
  messageField(number, messageField(1, messageField(1, encodeProof({ exist: existing(4), nonexist: undefined }))));

const malformed = (name: string, why: string, proof: Uint8Array): Vector =>
  refused("MALFORMED", name, why, { ...membership(4), proof });

const exist = membership(4).proof;

const forms = (): Vector[] => [
  malformed("proof-empty", "no proof at all", none),
  malformed("proof-one-byte-more", "a byte is left over", concatBytes(exist, Uint8Array.of(0))),
  malformed("proof-one-byte-short", "the last byte is missing", exist.slice(0, -1)),
  malformed("proof-batch", "a batch of proofs", batch(3)),
  malformed("proof-compressed", "a compressed batch", batch(4)),
  malformed(
    "proof-of-both-kinds",
    "existence and absence at once",
    encodeProof({ exist: existing(4), nonexist: { key: keyAt(4), left: undefined, right: existing(0) } }),
  ),
  malformed("proof-twice", "the last one counts, elsewhere", concatBytes(exist, exist)),
  malformed("proof-with-an-unknown-field", "a field that no proof has", concatBytes(exist, messageField(9, none))),
];

const root = (
  reason: Reason,
  name: string,
  why: string,
  bytes: Uint8Array,
  given: { readonly state?: typeof state } = {},
): Vector =>
  claimsVector({ name: `store-${name}`, why, ...given, expect: reason }, [membership(4)], { rootProof: bytes });

const rootExist = application.rootProof.exist as ExistenceProof;
const changed = (how: (proof: ExistenceProof) => ExistenceProof): Uint8Array =>
  encodeProof({ exist: how(rootExist), nonexist: undefined });
const elsewhere = makeCosmosState(entries.slice(1));

/** Another store of the same chain has the same entries as ours would. */
const bank = (): Uint8Array => changed((proof) => ({ ...proof, key: utf8ToBytes("bank") }));

/** A store's root that has not 32 bytes, in a tree that is there. */
function withOddRoot(): Vector {
  const value = Uint8Array.of(...store.root, 0);
  const leaf = sha256(concatBytes(Uint8Array.of(0, 3), utf8ToBytes("ibc"), Uint8Array.of(32), sha256(value)));
  const proof = { exist: { ...rootExist, value, path: [] }, nonexist: undefined };
  const odd = makeState([{ height: LATEST, members, appHash: leaf }]);
  return root("INVALID_STORE_PROOF", "root-of-33-bytes", "a store's root has 32 bytes", encodeProof(proof), {
    state: odd,
  });
}

const stores = (): Vector[] => [
  root("MALFORMED", "proof-empty", "claims need a root", none),
  root(
    "MALFORMED",
    "proof-of-absence",
    "a store that is absent holds nothing",
    encodeProof({ exist: undefined, nonexist: { key: utf8ToBytes("ibc"), left: rootExist, right: undefined } }),
  ),
  root("MALFORMED", "proof-with-a-byte-after-it", "a byte is left over", concatBytes(rootProof, Uint8Array.of(0))),
  root("MALFORMED", "proof-compressed", "a compressed batch", batch(4)),
  root(
    "INVALID_STORE_PROOF",
    "of-another-state",
    "an application hash of another block",
    encodeProof(elsewhere.rootProof),
  ),
  root("INVALID_STORE_PROOF", "of-another-name", "a store that anybody may write to", bank()),
  root(
    "INVALID_STORE_PROOF",
    "root-put-in",
    "a root of the attacker's own",
    changed((proof) => ({ ...proof, value: elsewhere.store.root })),
  ),
  root(
    "INVALID_STORE_PROOF",
    "root-of-zeros",
    "zeros are a root like any other",
    changed((proof) => ({ ...proof, value: new Uint8Array(32) })),
  ),
  root(
    "INVALID_STORE_PROOF",
    "no-nodes",
    "a leaf is not a root",
    changed((proof) => ({ ...proof, path: [] })),
  ),
  root(
    "INVALID_STORE_PROOF",
    "node-missing",
    "a node is missing",
    changed((proof) => ({ ...proof, path: proof.path.slice(1) })),
  ),
  root(
    "INVALID_STORE_PROOF",
    "node-twice",
    "a node is repeated",
    changed((proof) => ({ ...proof, path: [...proof.path, ...proof.path.slice(-1)] })),
  ),
  root(
    "INVALID_STORE_PROOF",
    "both-children",
    "a node with both children",
    changed((proof) =>
      withOp(proof, 0, () => ({
        hash: 1n,
        prefix: Uint8Array.of(1, ...new Uint8Array(32)),
        suffix: new Uint8Array(32),
      })),
    ),
  ),
  root(
    "INVALID_STORE_PROOF",
    "node-without-sibling",
    "a node of one child",
    changed((proof) => withOp(proof, 0, () => ({ hash: 1n, prefix: Uint8Array.of(1), suffix: none }))),
  ),
  root(
    "INVALID_STORE_PROOF",
    "node-that-is-a-leaf",
    "a node that begins like a leaf",
    changed((proof) => withOp(proof, 0, (op) => ({ ...op, prefix: Uint8Array.of(0, ...op.prefix.slice(1)) }))),
  ),
  root(
    "INVALID_STORE_PROOF",
    "leaf-with-a-longer-prefix",
    "a leaf of the stores' tree begins with a zero and nothing else",
    changed(withLeaf({ prefix: Uint8Array.of(0, 2, 2) })),
  ),
  root(
    "INVALID_STORE_PROOF",
    "proof-of-a-store",
    "a store is not the tree of the stores",
    encodeProof({ exist: existing(4), nonexist: undefined }),
  ),
  withOddRoot(),
  claimsVector(
    { name: "store-at-an-older-height", why: "the proof is of another height's state", expect: "INVALID_STORE_PROOF" },
    [membership(4)],
    { height: 90n },
  ),
];

const present: CommitmentProof = { exist: existing(4), nonexist: undefined };

export const proofVectors = (): Vector[] => [
  proven("membership", "a path that was written", membership(4)),
  proven("membership-first", "the first key of the store", membership(0)),
  proven("membership-last", "the last key of the store", membership(20)),
  proven("absence-between", "a path between two that were written", absence(keyAt(5))),
  proven("absence-before-the-first", "a path before all that were written", absence(keyBefore)),
  proven("absence-after-the-last", "a path after all that were written", absence(keyAfter)),
  proven("absence-of-a-prefix", "the beginning of a path that was written", absence(keyAt(4).slice(0, -1))),
  proven("absence-of-a-continuation", "a path that goes on where another ends", absence(Uint8Array.of(...keyAt(4), 0))),
  proven("claims", "several paths under one root", membership(4), absence(keyAt(5)), membership(6), absence(keyAfter)),
  provenOver(single, "membership-in-a-store-of-one", "a leaf is the root, twice", {
    ...membership(4),
    proof: encodeProof(single.store.prove(keyAt(4))),
  }),
  provenOver(single, "absence-before-a-store-of-one", "the only key is the first", {
    ...absence(keyAt(3)),
    proof: encodeProof(single.store.prove(keyAt(3))),
  }),
  provenOver(single, "absence-after-a-store-of-one", "the only key is the last", {
    ...absence(keyAt(5)),
    proof: encodeProof(single.store.prove(keyAt(5))),
  }),
  ...broken(),
  ...absences(),
  ...besideBroken(),
  ...forms(),
  ...stores(),
  refused("VALUE_ABSENT", "value-absent", "membership claimed of a path that is proven absent", {
    ...membership(4),
    path: keyAt(5),
    proof: absence(keyAt(5)).proof,
  }),
  refused("VALUE_ABSENT", "value-absent-at-the-end", "or of one beyond the last", {
    ...membership(4),
    path: keyAfter,
    proof: absence(keyAfter).proof,
  }),
  refused("VALUE_MISMATCH", "value-mismatch", "the path holds another value", { ...membership(4), value: valueAt(6) }),
  refused("VALUE_MISMATCH", "value-mismatch-zero", "zeros are not no value", {
    ...membership(4),
    value: new Uint8Array(32),
  }),
  refused("VALUE_PRESENT", "value-present", "absence claimed of a path that holds a value", {
    ...membership(4),
    membership: 0n,
    value: none,
  }),
  ...(() => {
    const receipt = makeCosmosState([...entries, { key: keyAt(5), value: Uint8Array.of(2) }]);
    const given = over(receipt);
    const proof = encodeProof(receipt.store.prove(keyAt(5)));
    return [
      claimsVector(
        {
          name: "value-present-of-one-byte",
          why: "a receipt as ibc-go writes it",
          state: given.state,
          expect: "VALUE_PRESENT",
        },
        [{ ...absence(keyAt(7)), path: keyAt(5), proof }],
        { rootProof: given.rootProof },
      ),
      claimsVector(
        { name: "value-mismatch-of-one-byte", why: "one byte is not 32", state: given.state, expect: "VALUE_MISMATCH" },
        [{ ...membership(4), path: keyAt(5), value: new Uint8Array(32).fill(2), proof }],
        { rootProof: given.rootProof },
      ),
    ];
  })(),
  claimsVector({ name: "claims-second-broken", why: "each claim by itself", expect: "INVALID_STORAGE_PROOF" }, [
    membership(4),
    { ...membership(6), proof: membership(4).proof },
  ]),
  claimsVector(
    { name: "claims-with-each-others-proofs", why: "proofs are not exchanged", expect: "INVALID_STORAGE_PROOF" },
    [
      { ...membership(4), proof: membership(6).proof },
      { ...membership(6), proof: membership(4).proof },
    ],
  ),
  left(
    { ...absence(keyAt(5)), proof: encodeProof(present) },
    "existence-of-a-neighbour",
    "another key's existence says nothing of this one",
  ),
];

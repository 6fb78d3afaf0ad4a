// ICS-23: proofs made by others, of trees of others, and every altered form of them.
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { isProvenAbsent } from "#adapters/cosmos/verify/absence.ts";
import { equalBytes } from "#adapters/protocol/bytes.ts";
import type { CommitmentProof, ExistenceProof, InnerOp, NonExistenceProof } from "#adapters/cosmos/verify/evidence.ts";
import { calculateExistence, iavl, simple } from "#adapters/cosmos/verify/ics23.ts";
import { brokenClaim, decodeProof } from "#adapters/cosmos/verify/state-proof.ts";
import { encodeProof, makeIavlStore } from "#test/support/cosmos-store.ts";
import { readSharedJson, sharedVector } from "#test/support/shared-vectors.ts";

interface Published {
  readonly root: string;
  readonly proof: string;
  readonly key: string;
  readonly value?: string;
}

const PLACES = ["left", "middle", "right"];

function read(name: string): {
  readonly proof: CommitmentProof | undefined;
  readonly root: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
} {
  const { root, proof, key, value = "" } = readSharedJson<Published>(`ics23/${name}.json`) as Published;
  return {
    proof: decodeProof(hexToBytes(proof)),
    root: hexToBytes(root),
    key: hexToBytes(key),
    value: hexToBytes(value),
  };
}

const isMember = (proof: ExistenceProof, form: typeof iavl, root: Uint8Array): boolean => {
  const proven = calculateExistence(proof, form);
  return proven !== undefined && equalBytes(proven.root, root);
};

describe.skipIf(sharedVector("ics23") === undefined)("proofs made by others", () => {
  describe.each(PLACES)("existence at the %s", (place) => {
    test.each([
      ["iavl", iavl, simple],
      ["tendermint", simple, iavl],
    ] as const)("%s", (name, form, otherForm) => {
      const { proof, root, key, value } = read(`${name}/exist_${place}`);
      const exist = proof?.exist as ExistenceProof;
      expect(isMember(exist, form, root)).toBe(true);
      expect(exist.key).toEqual(key);
      expect(exist.value).toEqual(value);
      expect(isMember(exist, otherForm, root)).toBe(false);
    });

    test("smt: a tree that is not taken", () => {
      const exist = read(`smt/exist_${place}`).proof?.exist as ExistenceProof;
      expect(calculateExistence(exist, iavl)).toBeUndefined();
      expect(calculateExistence(exist, simple)).toBeUndefined();
    });
  });

  test.each(PLACES)("absence at the %s: iavl", (place) => {
    const { proof, root, key } = read(`iavl/nonexist_${place}`);
    const nonexist = proof?.nonexist as NonExistenceProof;
    expect(isProvenAbsent(nonexist, key, root)).toBe(true);
    expect(isProvenAbsent(nonexist, Uint8Array.of(...key, 0), root)).toBe(false);
  });

  test.each(PLACES)("absence at the %s: only in a packet store", (place) => {
    for (const name of ["tendermint", "smt"]) {
      const { proof, root, key } = read(`${name}/nonexist_${place}`);
      expect(proof?.nonexist && isProvenAbsent(proof.nonexist, key, root)).toBe(false);
    }
  });

  interface OpJson {
    readonly hash?: number;
    readonly prehash_key?: number;
    readonly prehash_value?: number;
    readonly length?: number;
    readonly prefix?: string;
    readonly suffix?: string;
  }
  interface ProofJson {
    readonly key: string;
    readonly value: string;
    readonly leaf?: OpJson;
    readonly path?: readonly OpJson[];
  }

  const bytes = (base64 = ""): Uint8Array => Uint8Array.from(Buffer.from(base64, "base64"));
  const existence = ({ key, value, leaf, path = [] }: ProofJson): ExistenceProof => ({
    key: bytes(key),
    value: bytes(value),
    leaf: leaf && {
      hash: BigInt(leaf.hash ?? 0),
      prehashKey: BigInt(leaf.prehash_key ?? 0),
      prehashValue: BigInt(leaf.prehash_value ?? 0),
      length: BigInt(leaf.length ?? 0),
      prefix: bytes(leaf.prefix),
    },
    path: path.map((op) => ({ hash: BigInt(op.hash ?? 0), prefix: bytes(op.prefix), suffix: bytes(op.suffix) })),
  });

  const againstSpec = readSharedJson<Record<string, { Proof: ProofJson; Spec: { max_depth?: number }; Err: string }>>(
    "ics23/TestCheckAgainstSpecData.json",
  );
  /** Each has an inner op without any sibling: such a node is in no tree, and no proof with one leads to a root. */
  const STRICTER = ["accepts leaf with valid inner proofs", "allows depth limited in proper range"];

  test.each(Object.entries(againstSpec ?? {}))("form: %s", (name, { Proof: proof, Err: error }) => {
    const isTaken = calculateExistence(existence(proof), iavl) !== undefined;
    expect(isTaken).toBe(error === "" && !STRICTER.includes(name));
  });

  const calculated = readSharedJson<Record<string, { Proof: ProofJson }>>("ics23/TestExistenceProofData.json");

  test.each(Object.entries(calculated ?? {}))("a proof that follows no form: %s", (_, { Proof: proof }) => {
    expect(calculateExistence(existence(proof), iavl)).toBeUndefined();
    expect(calculateExistence(existence(proof), simple)).toBeUndefined();
  });

  const branches = readSharedJson<{ Op: OpJson }[]>("ics23/TestEmptyBranchData.json");

  test("an empty branch is a sibling like any other", () => {
    for (const { Op: op } of branches ?? []) {
      const inner = { hash: 1n, prefix: bytes(op.prefix), suffix: bytes(op.suffix) };
      expect(simple.sideOf(inner, 1)).toBe(inner.suffix.length === 0 ? "right" : "left");
    }
    expect(branches?.length).toBeGreaterThan(5);
  });
});

const key = (byte: number): Uint8Array => Uint8Array.of(0x61, byte);
const store = makeIavlStore(
  [10, 20, 30, 40, 50, 60, 70].map((byte) => ({ key: key(byte), value: Uint8Array.of(2, byte) })),
);

describe("every place of a small store", () => {
  test.each([10, 20, 30, 40, 50, 60, 70])("key %i exists", (byte) => {
    const { exist } = store.prove(key(byte));
    expect(exist && isMember(exist, iavl, store.root)).toBe(true);
  });

  test.each([5, 15, 25, 35, 45, 55, 65, 75])("key %i is absent", (byte) => {
    const { nonexist } = store.prove(key(byte));
    expect(nonexist && isProvenAbsent(nonexist, key(byte), store.root)).toBe(true);
  });

  test("a store of one key", () => {
    const one = makeIavlStore([{ key: key(10), value: Uint8Array.of(1) }]);
    for (const byte of [5, 15]) {
      const { nonexist } = one.prove(key(byte));
      expect(nonexist && isProvenAbsent(nonexist, key(byte), one.root)).toBe(true);
    }
    const [before, after] = [5, 15].map((byte) => one.prove(key(byte)).nonexist as NonExistenceProof);
    // Both sides are the same key: there is nothing between.
    const both = { key: key(10), left: after?.left, right: before?.right };
    expect(isProvenAbsent(both, key(10), one.root)).toBe(false);
  });
});

describe("absence that is forged", () => {
  const at = (byte: number): ExistenceProof => store.existence(key(byte));
  const forged = (left: number | undefined, path: number, right: number | undefined): boolean =>
    isProvenAbsent(
      {
        key: key(path),
        left: left === undefined ? undefined : at(left),
        right: right === undefined ? undefined : at(right),
      },
      key(path),
      store.root,
    );

  test("by any two keys that are not neighbours, or by one that is no end", () => {
    const keys = [undefined, 10, 20, 30, 40, 50, 60, 70];
    let refused = 0;
    for (const left of keys)
      for (const right of keys)
        for (const path of [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75]) {
          const [from, to] = [left ?? 0, right ?? 80];
          const isTrue = left !== right && to - from === 10 && from < path && path < to;
          expect(forged(left, path, right), `${left} < ${path} < ${right}`).toBe(isTrue);
          if (!isTrue) refused += 1;
        }
    expect(refused).toBe(8 * 8 * 15 - 8);
  });

  test("for another key than the one asked for", () => {
    const { nonexist } = store.prove(key(25));
    expect(nonexist && isProvenAbsent(nonexist, key(26), store.root)).toBe(false);
  });

  // 10 is the left child of its parent, 70 the right one of all of its.
  const left = at(10).path[0] as InnerOp;
  const right = at(70).path[0] as InnerOp;

  test.each<readonly [string, InnerOp]>([
    ["both children", { ...right, suffix: left.suffix }],
    ["two siblings after it", { ...left, suffix: Uint8Array.of(...left.suffix, ...left.suffix) }],
    ["no sibling", { ...left, suffix: new Uint8Array() }],
    ["a prefix one byte longer", { ...left, prefix: Uint8Array.of(...left.prefix, 32) }],
    ["a prefix one byte shorter", { ...left, prefix: left.prefix.slice(0, -1) }],
    ["a suffix one byte shorter", { ...left, suffix: left.suffix.slice(1) }],
    ["a suffix one byte longer", { ...left, suffix: Uint8Array.of(...left.suffix, 0) }],
    ["a left sibling one byte longer", { ...right, prefix: Uint8Array.of(...right.prefix, 32) }],
    ["a left sibling one byte shorter", { ...right, prefix: right.prefix.slice(0, -1) }],
    ["a byte after its sibling", { ...right, suffix: Uint8Array.of(0) }],
    ["the height of a leaf", { ...left, prefix: Uint8Array.of(0, ...left.prefix.slice(1)) }],
    ["a negative height", { ...left, prefix: Uint8Array.of(9, ...left.prefix.slice(1)) }],
    ["a negative size", { ...left, prefix: Uint8Array.of(2, 5, ...left.prefix.slice(2)) }],
    ["a negative version", { ...left, prefix: Uint8Array.of(2, 4, 7, 32) }],
    ["a version that never ends", { ...left, prefix: Uint8Array.of(2, 4, ...new Uint8Array(10).fill(0x80)) }],
    ["no version", { ...left, prefix: Uint8Array.of(2, 4, 32) }],
    ["a size of zero", { ...left, prefix: Uint8Array.of(2, 0, 6, 32) }],
    ["a version of zero", { ...left, prefix: Uint8Array.of(2, 4, 0, 32) }],
    ["a height that is too high", { ...left, prefix: Uint8Array.of(0x80, 1, 4, 6, 32) }],
    ["a height that is too long", { ...left, prefix: Uint8Array.of(0x82, 0, 4, 6, 32) }],
    ["a size that is too long", { ...left, prefix: Uint8Array.of(2, 0x84, 0, 6, 32) }],
    ["a version that is too long", { ...left, prefix: Uint8Array.of(2, 4, 0x86, 0, 32) }],
    ["a child of another length", { ...left, prefix: Uint8Array.of(2, 4, 6, 33) }],
    ["a sibling of another length", { ...left, suffix: Uint8Array.of(33, ...left.suffix.slice(1)) }],
    ["a right child of another length", { ...right, prefix: right.prefix.with(-1, 0) }],
    ["a left sibling of another length", { ...right, prefix: right.prefix.with(-34, 31) }],
  ])("an inner node with %s follows no form", (_, op) => {
    expect(iavl.sideOf(left, 1)).toBe("left");
    expect(iavl.sideOf(right, 1)).toBe("right");
    expect(iavl.sideOf(op, 1)).toBeUndefined();
  });

  test.each([0n, 2n, 5n, -1n])("an inner node with hash %i follows no form", (hash) => {
    const proof = at(10);
    expect(calculateExistence({ ...proof, path: proof.path.map((op) => ({ ...op, hash })) }, iavl)).toBeUndefined();
  });

  test("a proof of more than 63 nodes follows no form, nor one of more than 128 of stores", () => {
    const deep = (count: number, op: InnerOp, prefix: Uint8Array): ExistenceProof => ({
      ...at(10),
      leaf: { hash: 1n, prehashKey: 0n, prehashValue: 1n, length: 1n, prefix },
      path: Array.from({ length: count }, () => op),
    });
    const ofStore = {
      hash: 1n,
      prefix: Uint8Array.of(126, 4, 6, 32),
      suffix: Uint8Array.of(32, ...new Uint8Array(32)),
    };
    expect(calculateExistence(deep(63, ofStore, Uint8Array.of(0, 2, 2)), iavl)).toBeDefined();
    expect(calculateExistence(deep(64, ofStore, Uint8Array.of(0, 2, 2)), iavl)).toBeUndefined();
    const ofStores = { hash: 1n, prefix: Uint8Array.of(1), suffix: new Uint8Array(32) };
    expect(calculateExistence(deep(128, ofStores, Uint8Array.of(0)), simple)).toBeDefined();
    expect(calculateExistence(deep(129, ofStores, Uint8Array.of(0)), simple)).toBeUndefined();
  });

  test("nor does one of as many as there is room for", () => {
    const op = { hash: 0n, prefix: new Uint8Array(), suffix: new Uint8Array() };
    const proof = { ...at(10), path: Array.from({ length: 400_000 }, () => op) };
    const bytes = encodeProof({ exist: proof, nonexist: undefined });
    const claim = { membership: 1n, path: key(10), value: new Uint8Array(32), proof: bytes };
    expect(brokenClaim(store.root, claim)).toBe("INVALID_STORAGE_PROOF");
  });

  test("an inner node's height is at least its layer", () => {
    const op = (height: number): InnerOp => ({
      hash: 1n,
      prefix: Uint8Array.of(height * 2, 4, 6, 32),
      suffix: Uint8Array.of(32, ...new Uint8Array(32)),
    });
    expect(iavl.sideOf(op(3), 3)).toBe("left");
    expect(iavl.sideOf(op(2), 3)).toBeUndefined();
  });
});

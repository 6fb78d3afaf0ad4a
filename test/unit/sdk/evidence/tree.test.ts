// The Merkle tree against Certificate Transparency's reference tree, the mangled proofs of transparency-dev/merkle, and
// trees of golang.org/x/mod.
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { readSharedJson, sharedVector } from "#test/support/shared-vectors.ts";
import {
  consistencyNodes,
  consistencyProof,
  EMPTY_ROOT,
  inclusionNodes,
  inclusionProof,
  leafHash,
  nodeHash,
  rootHash,
  rootNodes,
  verifyConsistency,
  verifyInclusion,
} from "#sdk/evidence/tree.ts";
import type { NodeId } from "#sdk/evidence/tree.ts";

const base64 = (text: string): Uint8Array => Buffer.from(text, "base64");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Every complete subtree of these leaves. */
function levelsOf(leaves: readonly Uint8Array[]): Uint8Array[][] {
  const levels = [[...leaves]];
  for (let level = levels[0] ?? []; level.length > 1;) {
    level = Array.from({ length: level.length >> 1 }, (_, index) =>
      nodeHash(level[2 * index] ?? EMPTY_ROOT, level[2 * index + 1] ?? EMPTY_ROOT),
    );
    levels.push(level);
  }
  return levels;
}

const readerOf =
  (levels: readonly Uint8Array[][]) =>
  ({ level, position }: NodeId): Uint8Array => {
    const hash = levels[level]?.[Number(position)];
    if (hash === undefined) throw new Error(`asked for a node that is not complete: ${level}/${position}`);
    return hash;
  };

const entries = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`entry-${index}\n`)));

/** Without the collection the cases built on it are skipped. */
const absent = sharedVector("tlog") === undefined;

const reference = readSharedJson<{
  leaf_inputs_hex: string[];
  node_hashes_hex: string[][];
  root_hashes_hex_by_size: string[];
}>("tlog/rfc6962_reference_tree.json") ?? { leaf_inputs_hex: [], node_hashes_hex: [], root_hashes_hex_by_size: [] };

function lines<T>(path: string): T[] {
  const file = sharedVector(path);
  if (file === undefined) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

interface InclusionCase {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
  file: string;
}

interface ConsistencyCase {
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
  file: string;
}

describe.skipIf(absent)("the reference tree of RFC 6962", () => {
  const levels = levelsOf(reference.leaf_inputs_hex.map((input) => leafHash(Buffer.from(input, "hex"))));

  it("has the published node hashes", () => {
    expect(levels.map((level) => level.map(hex))).toEqual(reference.node_hashes_hex);
  });

  it.each(reference.root_hashes_hex_by_size.map((root, size) => ({ root, size })))(
    "has the published root at size $size",
    ({ root, size }) => {
      expect(hex(rootHash(BigInt(size), readerOf(levels)))).toBe(root);
    },
  );
});

describe.skipIf(absent)("inclusion", () => {
  const cases = lines<InclusionCase>("tlog/merkle_inclusion.jsonl");
  it("has vectors that must be refused and vectors that must pass", () => {
    expect(cases.filter((one) => one.wantErr).length).toBeGreaterThan(50);
    expect(cases.filter((one) => !one.wantErr).length).toBeGreaterThan(3);
  });
  it.each(cases)("$file", (one) => {
    const claim = { leaf: base64(one.leafHash), index: BigInt(one.leafIdx), size: BigInt(one.treeSize) };
    const proof = (one.proof ?? []).map(base64);
    expect(verifyInclusion({ ...claim, proof, root: base64(one.root) })).toBe(!one.wantErr);
  });
});

describe.skipIf(absent)("consistency", () => {
  const cases = lines<ConsistencyCase>("tlog/merkle_consistency.jsonl");
  it.each(cases)("$file", (one) => {
    const claim = { from: BigInt(one.size1), to: BigInt(one.size2), proof: (one.proof ?? []).map(base64) };
    expect(verifyConsistency({ ...claim, fromRoot: base64(one.root1), toRoot: base64(one.root2) })).toBe(!one.wantErr);
  });
});

describe.skipIf(absent)("a tree of 70,000 entries made by another implementation", () => {
  const synthetic = readSharedJson<{
    roots_base64: Record<string, string>;
    inclusion: { index: number; treeSize: number; leafHash: string; root: string; proof: string[] }[];
    consistency: { size1: number; size2: number; root1: string; root2: string; proof: string[] }[];
  }>("tlog/synthetic_70000.json") ?? { roots_base64: {}, inclusion: [], consistency: [] };
  const read = readerOf(levelsOf(entries(70_000)));

  it.each(Object.entries(synthetic.roots_base64))("has its root at size %s", (size, root) => {
    expect(rootHash(BigInt(size), read)).toEqual(new Uint8Array(base64(root)));
  });
  it.each(synthetic.inclusion)("gives its inclusion proof of $index in $treeSize", (one) => {
    const proof = inclusionProof(BigInt(one.index), BigInt(one.treeSize), read);
    expect(proof.map(hex)).toEqual(one.proof.map((hash) => hex(base64(hash))));
  });
  it.each(synthetic.consistency)("gives its consistency proof from $size1 to $size2", (one) => {
    const proof = consistencyProof(BigInt(one.size1), BigInt(one.size2), read);
    expect(proof.map(hex)).toEqual(one.proof.map((hash) => hex(base64(hash))));
  });
});

describe("any tree", () => {
  const read = readerOf(levelsOf(entries(300)));
  const place = fc
    .integer({ min: 1, max: 300 })
    .chain((size) =>
      fc.record({ size: fc.constant(BigInt(size)), index: fc.bigInt({ min: 0n, max: BigInt(size) - 1n }) }),
    );

  it("proves what it holds, from the nodes it named, in logarithmic size", () => {
    fc.assert(
      fc.property(place, ({ size, index }) => {
        const named = new Set(inclusionNodes(index, size).map(({ level, position }) => `${level}/${position}`));
        const strict = (node: NodeId): Uint8Array => {
          expect(named).toContain(`${node.level}/${node.position}`);
          return read(node);
        };
        const proof = inclusionProof(index, size, strict);
        expect(proof.length).toBeLessThanOrEqual(9);
        const leaf = read({ level: 0, position: index });
        expect(verifyInclusion({ leaf, index, size, proof, root: rootHash(size, read) })).toBe(true);
      }),
    );
  });

  it("refuses an inclusion proof with any bit flipped, hash dropped, or another index", () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.nat(7), ({ size, index }, at, bit) => {
        const root = rootHash(size, read);
        const leaf = read({ level: 0, position: index });
        const proof = inclusionProof(index, size, read);
        fc.pre(proof.length > 0);
        const flipped = proof.map((hash) => hash.slice());
        const target = flipped[at % flipped.length];
        if (target !== undefined) target[at % 32] = (target[at % 32] ?? 0) ^ (1 << bit);
        expect(verifyInclusion({ leaf, index, size, proof: flipped, root })).toBe(false);
        expect(verifyInclusion({ leaf, index, size, proof: proof.slice(1), root })).toBe(false);
        expect(verifyInclusion({ leaf, index: (index + 1n) % size, size, proof, root })).toBe(false);
      }),
    );
  });

  it("is consistent with each of its earlier sizes, and with no other tree", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 1n, max: 300n }), (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one];
        const named = new Set(consistencyNodes(from, to).map(({ level, position }) => `${level}/${position}`));
        const proof = consistencyProof(from, to, (node) => {
          expect(named).toContain(`${node.level}/${node.position}`);
          return read(node);
        });
        const [fromRoot, toRoot] = [rootHash(from, read), rootHash(to, read)];
        expect(verifyConsistency({ from, to, fromRoot, toRoot, proof })).toBe(true);
        if (from === to) return;
        expect(verifyConsistency({ from, to, fromRoot: toRoot, toRoot: fromRoot, proof })).toBe(false);
        expect(verifyConsistency({ from, to, fromRoot, toRoot, proof: proof.slice(0, -1) })).toBe(false);
      }),
    );
  });

  it("names only complete subtrees for its root", () => {
    expect(rootNodes(7n)).toEqual([
      { level: 2, position: 0n },
      { level: 1, position: 2n },
      { level: 0, position: 6n },
    ]);
    expect(rootNodes(0n)).toEqual([]);
  });
});

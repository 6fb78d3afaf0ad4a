// Walks through Merkle Patricia tries end at the value, at proven absence, or nowhere.
import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { walkTrie } from "#adapters/evm/verify/patricia.ts";
import { compact, makeTrie, nibblesOf, rlpBytes, rlpOf } from "#test/support/trie.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const key = fc.uint8Array({ minLength: 2, maxLength: 2 });
const value = fc.uint8Array({ minLength: 1, maxLength: 40 });
const entries = fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 24 });

test("every stored key leads to its value, every other one to absence", () => {
  const property = fc.property(entries, key, (list, other) => {
    const stored = new Map(list.map(([at, content]) => [hex(at), content]));
    const trie = makeTrie(stored);
    for (const [at, content] of stored) {
      const path = Buffer.from(at, "hex");
      expect(walkTrie(trie.root, path, trie.proof(path))).toEqual({ value: content });
    }
    expect(walkTrie(trie.root, other, trie.proof(other))).toEqual({ value: stored.get(hex(other)) ?? null });
  });
  fc.assert(property, { numRuns: 200 });
});

test("keys that end inside a branch hold the branch's value", () => {
  const trie = makeTrie(
    new Map([
      ["12", Uint8Array.of(7)],
      ["1234", new Uint8Array(40).fill(8)],
      ["1299", Uint8Array.of(9)],
    ]),
  );
  expect(walkTrie(trie.root, Uint8Array.of(0x12), trie.proof(Uint8Array.of(0x12)))).toEqual({
    value: Uint8Array.of(7),
  });
});

test("a proof with a node missing, doubled, foreign, altered or in another place is no proof", () => {
  const property = fc.property(entries, fc.nat(), fc.nat(), (list, turn, at) => {
    const stored = new Map(list.map(([name, content]) => [hex(name), content]));
    const trie = makeTrie(stored);
    const names = [...stored.keys()];
    const path = Buffer.from(names[turn % names.length] ?? "", "hex");
    const proof = trie.proof(path);
    const place = at % proof.length;
    const altered = (node: Uint8Array): Uint8Array =>
      node.map((byte, index) => (index === at % node.length ? byte ^ 1 : byte));
    const last = proof.at(-1) as Uint8Array;
    expect(walkTrie(trie.root, path, proof.toSpliced(place, 1))).toBeUndefined();
    expect(walkTrie(trie.root, path, [...proof, last])).toBeUndefined();
    expect(walkTrie(trie.root, path, [last, ...proof])).toBeUndefined();
    expect(walkTrie(trie.root, path, proof.with(place, altered(proof[place] as Uint8Array)))).toBeUndefined();
    if (proof.length > 1) expect(walkTrie(trie.root, path, proof.toReversed())).toBeUndefined();
  });
  fc.assert(property, { numRuns: 200 });
});

describe("the empty trie", () => {
  const root = keccak_256(Uint8Array.of(0x80));

  test("proves absence with no nodes", () => {
    expect(walkTrie(root, Uint8Array.of(1), [])).toEqual({ value: null });
  });

  test.each([
    ["no nodes under another root", keccak_256(Uint8Array.of(0)), []],
    ["no nodes under the zero root", new Uint8Array(32), []],
    ["its own node, which is no list", root, [Uint8Array.of(0x80)]],
  ])("%s proves nothing", (_, under, nodes) => {
    expect(walkTrie(under, Uint8Array.of(1), nodes)).toBeUndefined();
  });
});

describe("a node that no trie has", () => {
  const path = Uint8Array.of(0x12, 0x34);
  const content = rlpBytes(new Uint8Array(40).fill(5));
  const all = nibblesOf(path);
  const large = rlpOf(rlpBytes(compact(all.slice(1), true)), content);
  const children = (item: Uint8Array): Uint8Array[] =>
    Array.from({ length: 17 }, (_, index) => (index === 1 ? item : Uint8Array.of(0x80)));

  test.each([
    ["three items", rlpOf(rlpBytes(compact(all, true)), content, content)],
    ["a path whose flag is 4", rlpOf(rlpBytes(Uint8Array.of(0x40, ...path)), content)],
    ["padding of an even path", rlpOf(rlpBytes(Uint8Array.of(0x21, ...path)), content)],
    ["an empty path item", rlpOf(Uint8Array.of(0x80), content)],
    ["a path that is a list", rlpOf(Uint8Array.of(0xc0), content)],
    ["a leaf without a value", rlpOf(rlpBytes(compact(all, true)), Uint8Array.of(0x80))],
    ["a leaf whose value is a list", rlpOf(rlpBytes(compact(all, true)), rlpOf(content))],
    ["an extension of no nibbles", rlpOf(rlpBytes(compact([], false)), rlpBytes(keccak_256(large)))],
    ["an extension to nothing", rlpOf(rlpBytes(compact(all.slice(0, 1), false)), Uint8Array.of(0x80))],
    ["a child reference of 31 bytes", rlpOf(...children(rlpBytes(new Uint8Array(31).fill(1))))],
    ["an embedded child of 32 bytes or more", rlpOf(...children(large))],
    ["bytes after the list", Uint8Array.of(...rlpOf(rlpBytes(compact(all, true)), content), 0)],
    ["no list", content],
  ])("%s", (_, node) => {
    expect(walkTrie(keccak_256(node), path, [node, large])).toBeUndefined();
    expect(walkTrie(keccak_256(node), path, [node])).toBeUndefined();
  });
});

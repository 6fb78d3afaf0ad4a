import { expect, test } from "vitest";
import { hashSources, readArtifact, readRecord, sha256, sourcePaths } from "#scripts/wasm/artifact.ts";
import { moduleProblems } from "#scripts/wasm/limits.ts";

test("the record is about the committed bytes", () => {
  expect(sha256(readArtifact())).toBe(readRecord().sha256);
});

test("the bytes were made from the committed sources", () => {
  expect(hashSources(), "npm run wasm, and commit what it writes").toBe(readRecord().sources);
  expect(sourcePaths()).toContain("contracts/cosmwasm/src/client.rs");
  expect(sourcePaths()).toContain("contracts/verifiers/ethereum/src/trie.rs");
  expect(sourcePaths()).toContain("contracts/Cargo.lock");
});

test("chains take it", () => {
  expect(moduleProblems(readArtifact())).toEqual([]);
});

test("no folder of whoever compiled it is inside", () => {
  const text = Buffer.from(readArtifact()).toString("latin1");
  expect(text).not.toMatch(/\/(?:home|root|tmp|usr|Users)\//);
  expect(text).not.toMatch(/\.cargo|rustlib|crates\.io/);
});

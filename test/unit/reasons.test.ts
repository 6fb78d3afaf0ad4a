// One list of reasons: the same in TypeScript and Solidity, each with a negative vector.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reasons } from "#adapters/protocol/reason.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { readCometVectors } from "#test/support/comet-vectors.ts";

const names = Object.keys(reasons).sort();
const vectors = { beacon: readBeaconVectors(), comet: readCometVectors() };

const pascalCase = (reason: string): string =>
  reason
    .split("_")
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join("");

test("Solidity declares exactly one error for each reason", () => {
  const file = new URL("../../contracts/evm/errors/VerificationErrors.sol", import.meta.url);
  const declared = [...readFileSync(file, "utf8").matchAll(/^error (\w+)\((.*)\);$/gm)];
  expect(declared.map(([, name]) => String(name)).sort()).toEqual(names.map(pascalCase).sort());
  expect(declared.filter(([, , parameters]) => parameters !== "")).toEqual([]);
});

test("every reason has a negative vector, and no vector has another reason", () => {
  const seen = Object.values(vectors)
    .flat()
    .flatMap((vector) => ("reason" in vector.expect ? [vector.expect.reason] : []));
  expect([...new Set(seen)].sort()).toEqual(names);
});

test.each(Object.entries(vectors))("negative vectors outnumber positive ones: %s", (_, of) => {
  const negative = of.filter((vector) => "reason" in vector.expect);
  expect(negative.length).toBeGreaterThan(of.length - negative.length);
});

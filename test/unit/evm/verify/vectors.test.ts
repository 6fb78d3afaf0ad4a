// The verifier gives every committed vector the verdict, and the reason, that the vector names.
import { readdirSync, readFileSync } from "node:fs";
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { brokenBinding } from "#adapters/protocol/binding.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import { beaconVectors, vectorFile } from "#scripts/vectors/beacon/all.ts";
import { stateHash } from "#scripts/vectors/vector.ts";
import type { Vector } from "#scripts/vectors/vector.ts";
import { beaconVectorFolder, readBeaconVectors } from "#test/support/beacon-vectors.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

const outcome = (verdict: Verdict): unknown =>
  verdict.ok
    ? {
        state: stateHash(verdict.trusted),
        height: verdict.height.toString(),
        timestamp: verdict.timestamp.toString(),
      }
    : { reason: verdict.reason };

function judge(vector: Vector): unknown {
  if ("asked" in vector) {
    const claims = vector.asked.claims.map(({ path, value }) =>
      value === undefined
        ? { kind: "absence" as const, path: bytes(path) }
        : { kind: "membership" as const, path: bytes(path), value: bytes(value) },
    );
    const broken = brokenBinding(bytes(vector.envelope), { ...vector.asked, claims });
    return broken === undefined ? { bound: true } : outcome(broken);
  }
  const input = { trusted: bytes(vector.trusted), now: BigInt(vector.now) };
  return "misbehaviour" in vector
    ? outcome(verifyMisbehaviour({ ...input, misbehaviour: bytes(vector.misbehaviour) }))
    : outcome(verifyBeacon({ ...input, envelope: bytes(vector.envelope) }));
}

test.each(readBeaconVectors())("$name: $why", (vector) => {
  expect(judge(vector)).toEqual(vector.expect);
});

describe("the folder", () => {
  test("is what the generator makes, file by file", async () => {
    const files = (await beaconVectors()).map(vectorFile);
    expect(readdirSync(beaconVectorFolder).sort()).toEqual(files.map((file) => file.name).sort());
    for (const { name, content } of files)
      expect(readFileSync(beaconVectorFolder + name, "utf8") === content, name).toBe(true);
  });
});

// The verifier gives every committed vector the verdict, and the reason, that the vector names.
import { readdirSync, readFileSync } from "node:fs";
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import type { Verdict } from "#adapters/protocol/verdict.ts";
import { cometVectors, vectorFile } from "#scripts/vectors/comet/all.ts";
import { stateHash } from "#scripts/vectors/vector.ts";
import type { Vector } from "#scripts/vectors/vector.ts";
import { cometVectorFolder, readCometVectors } from "#test/support/comet-vectors.ts";

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
  if ("asked" in vector) throw new Error(`${vector.name} is not about a chain`);
  const input = { trusted: bytes(vector.trusted), now: BigInt(vector.now) };
  return "misbehaviour" in vector
    ? outcome(verifyMisbehaviour({ ...input, misbehaviour: bytes(vector.misbehaviour) }))
    : outcome(verifyComet({ ...input, envelope: bytes(vector.envelope) }));
}

test.each(readCometVectors())("$name: $why", (vector) => {
  expect(judge(vector)).toEqual(vector.expect);
});

describe("the folder", () => {
  test("is what the generator makes, file by file", () => {
    const files = cometVectors().map(vectorFile);
    expect(readdirSync(cometVectorFolder).sort()).toEqual(files.map((file) => file.name).sort());
    for (const { name, content } of files)
      expect(readFileSync(cometVectorFolder + name, "utf8") === content, name).toBe(true);
  });
});

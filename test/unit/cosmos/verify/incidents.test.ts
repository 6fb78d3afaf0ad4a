// What made others lose money, as evidence about a CometBFT chain: refused for the vector's reason.
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { readAttackVectors } from "#test/support/attack-vectors.ts";
import { readCometVectors } from "#test/support/comet-vectors.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
const vectors = new Map(readCometVectors().map((vector) => [vector.name, vector]));
const attacks = Object.values(readAttackVectors("cosmos"));

describe.each(attacks)("$title", ({ vectors: names }) => {
  test.each(names)("%s", (name) => {
    const vector = vectors.get(name);
    if (vector === undefined || "asked" in vector || !("reason" in vector.expect))
      throw new Error(`no vector of evidence that is refused: ${name}`);
    const { reason } = vector.expect;
    const input = { trusted: bytes(vector.trusted), now: BigInt(vector.now) };
    const verdict =
      "misbehaviour" in vector
        ? verifyMisbehaviour({ ...input, misbehaviour: bytes(vector.misbehaviour) })
        : verifyComet({ ...input, envelope: bytes(vector.envelope) });
    expect(verdict).toMatchObject({ ok: false, reason });
  });
});

test("every vector that is refused is among them, once", () => {
  const refused = [...vectors.values()].filter((vector) => "reason" in vector.expect);
  expect(attacks.flatMap(({ vectors: names }) => names).toSorted()).toEqual(refused.map(({ name }) => name).toSorted());
});

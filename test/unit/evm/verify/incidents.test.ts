// What made others lose money, as evidence about an Ethereum chain: refused by the verifier and by the contract, for the vector's reason.
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { judgeInSolidity } from "#test/support/agreement.ts";
import { readAttackVectors } from "#test/support/attack-vectors.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
const vectors = new Map(readBeaconVectors().map((vector) => [vector.name, vector]));

describe.each(Object.values(readAttackVectors()))("$title", ({ vectors: names }) => {
  test.each(names)("%s", async (name) => {
    const vector = vectors.get(name);
    if (vector === undefined || !("trusted" in vector && "envelope" in vector && "reason" in vector.expect))
      throw new Error(`no vector of evidence that is refused: ${name}`);
    const { reason } = vector.expect;
    const [trusted, evidence, now] = [bytes(vector.trusted), bytes(vector.envelope), BigInt(vector.now)];
    expect(verifyBeacon({ trusted, envelope: evidence, now })).toMatchObject({ reason });
    const client = await deploySolidityBeacon(trusted, now);
    expect(await judgeInSolidity(client, envelope.decode(evidence), now)).toMatchObject({ reason });
  });
});

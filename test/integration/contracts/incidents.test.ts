// What made others lose money, as evidence about an Ethereum chain: refused by the verifier and by the contract, for the vector's reason.
// test/contracts/attacks/Evidence.t.sol has the same vectors judged in Solidity's own test runner.
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { packBeaconMisbehaviour } from "#adapters/evm/pack/beacon-misbehaviour.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import { judgeInSolidity } from "#test/support/agreement.ts";
import { readAttackVectors } from "#test/support/attack-vectors.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));
const vectors = new Map(readBeaconVectors().map((vector) => [vector.name, vector]));
const attacks = Object.values(readAttackVectors("evm"));

describe.each(attacks)("$title", ({ vectors: names }) => {
  test.each(names)("%s", async (name) => {
    const vector = vectors.get(name);
    if (vector === undefined || "asked" in vector || !("reason" in vector.expect))
      throw new Error(`no vector of evidence that is refused: ${name}`);
    const { reason } = vector.expect;
    const [trusted, now] = [bytes(vector.trusted), BigInt(vector.now)];
    const client = await deploySolidityBeacon(trusted, now);
    if ("misbehaviour" in vector) {
      const misbehaviour = bytes(vector.misbehaviour);
      expect(verifyMisbehaviour({ trusted, misbehaviour, now })).toMatchObject({ reason });
      expect(await client.reportMisbehaviour(packBeaconMisbehaviour(misbehaviour, trusted))).toEqual({ reason });
    } else {
      const evidence = bytes(vector.envelope);
      expect(verifyBeacon({ trusted, envelope: evidence, now })).toMatchObject({ reason });
      expect(await judgeInSolidity(client, envelope.decode(evidence), now)).toMatchObject({ reason });
    }
  });
});

test("every vector that a contract refuses is among them, once", () => {
  const refused = [...vectors.values()].filter((vector) => "packed" in vector && "reason" in vector.expect);
  expect(attacks.flatMap(({ vectors: names }) => names).toSorted()).toEqual(refused.map(({ name }) => name).toSorted());
});

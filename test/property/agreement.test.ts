// TypeScript and Solidity give the same verdict for the same reason: on every vector, on damaged evidence, on damaged packings.
import { hexToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packBeaconMisbehaviour } from "#adapters/evm/pack/beacon-misbehaviour.ts";
import { packBeaconUpdate } from "#adapters/evm/pack/beacon-update.ts";
import { packStateProof } from "#adapters/evm/pack/state-proof.ts";
import { verifyMisbehaviour } from "#adapters/evm/verify/misbehaviour.ts";
import { decodeTrustedState } from "#adapters/evm/verify/trusted-state.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { Vector } from "#scripts/vectors/vector.ts";
import { judgeInSolidity, judgeInTypeScript } from "#test/support/agreement.ts";
import { readBeaconVectors } from "#test/support/beacon-vectors.ts";
import { putTogether, takeApart } from "#test/support/envelope-tree.ts";
import { mutateBytes, mutateField, mutation, spliceTree } from "#test/support/mutation.ts";
import { runs } from "#test/support/property-runs.ts";
import { deploySolidityBeacon } from "#test/support/solidity-beacon.ts";
import { foreignEnvelope, validEnvelopes } from "#test/support/valid-envelopes.ts";

const bytes = (hex: string): Uint8Array => hexToBytes(hex.slice(2));

function decoded(value: Uint8Array): Envelope | undefined {
  try {
    return envelope.decode(value);
  } catch {
    return undefined;
  }
}

/** Vectors that a contract could see: bytes that decode, about a state that decodes. */
type Judged = Exclude<Vector, { asked: unknown }>;
const visible = readBeaconVectors().filter(
  (vector): vector is Judged =>
    !("asked" in vector) &&
    decodeTrustedState(bytes(vector.trusted)) !== undefined &&
    ("misbehaviour" in vector || decoded(bytes(vector.envelope)) !== undefined),
);

test.each(visible)("vector $name", async (vector) => {
  const trusted = bytes(vector.trusted);
  const now = BigInt(vector.now);
  const client = await deploySolidityBeacon(trusted, now);
  if ("misbehaviour" in vector) {
    const canonical = bytes(vector.misbehaviour);
    const verdict = verifyMisbehaviour({ trusted, misbehaviour: canonical, now });
    const answer = await client.reportMisbehaviour(packBeaconMisbehaviour(canonical, trusted));
    expect(answer).toEqual(verdict.ok ? { result: "misbehaviour" } : { reason: verdict.reason });
    if (verdict.ok) expect(await client.clientState()).toEqual(verdict.trusted);
    return;
  }
  const value = envelope.decode(bytes(vector.envelope));
  expect(await judgeInSolidity(client, value, now)).toEqual(judgeInTypeScript(trusted, value, now));
});

/** Fields that reach a contract. */
const FIELDS = [
  "updates",
  "updates.attestedHeader",
  "updates.finalizedHeader",
  "updates.finalityBranch",
  "updates.executionBranch",
  "updates.executionHeader",
  "updates.nextSyncCommittee",
  "updates.nextSyncCommitteeBranch",
  "updates.syncCommittee",
  "updates.syncCommitteeBits",
  "updates.syncCommitteeSignature",
  "updates.signatureSlot",
  "rootProof",
  "rootProof.accountProof",
  "rootProof.ancestry",
  "rootProof.ancestry.height",
  "rootProof.ancestry.accountProof",
  "rootProof.ancestry.storageProof",
  "rootProof.ancestry.executionHeader",
  "claims",
  "claims.path",
  "claims.value",
  "claims.proof",
];

describe.each(validEnvelopes)("$name", async (valid) => {
  const tree = takeApart(valid.envelope);
  const foreign = takeApart(foreignEnvelope.envelope);
  const client = await deploySolidityBeacon(valid.trusted, valid.now);

  async function agrees(damaged: Uint8Array | undefined): Promise<void> {
    const value = damaged && decoded(damaged);
    fc.pre(value !== undefined);
    const expected = judgeInTypeScript(valid.trusted, value, valid.now);
    const actual = await client.undone(() => judgeInSolidity(client, value, valid.now));
    expect(actual).toEqual(expected);
  }

  test("accepted by both, with the same state", async () => {
    await agrees(valid.envelope);
    expect(judgeInTypeScript(valid.trusted, envelope.decode(valid.envelope), valid.now)).toHaveProperty("state");
  });

  const fields = FIELDS.filter((field) => !valid.empty.some((name) => field.startsWith(name)));
  test.each(fields)("%s damaged", async (field) => {
    const property = fc.asyncProperty(mutation, (how) => agrees(putTogether(mutateField(tree, field.split("."), how))));
    await fc.assert(property, runs(3));
  });

  test("parts that are valid elsewhere put in place", async () => {
    const property = fc.asyncProperty(mutation, ({ descent }) =>
      agrees(putTogether(spliceTree(tree, foreign, descent))),
    );
    await fc.assert(property, runs(12));
  });

  test("raw bytes damaged", async () => {
    const property = fc.asyncProperty(mutation, (how) => agrees(mutateBytes(valid.envelope, how)));
    await fc.assert(property, runs(20));
  });

  test("damaged packings are refused, or change nothing", async () => {
    const value = envelope.decode(valid.envelope);
    const [update = new Uint8Array()] = value.updates;
    const packed = packBeaconUpdate(update, valid.trusted);
    const judge = (message: Uint8Array) =>
      client.undone(async () => [await client.update(message), await client.clientState()] as const);
    const [, original] = await judge(packed);
    const property = fc.asyncProperty(mutation, async (how) => {
      const damaged = mutateBytes(packed, how);
      fc.pre(Buffer.compare(damaged, packed) !== 0);
      const [answer, state] = await judge(damaged);
      if ("reason" in answer) return;
      expect(answer).toEqual({ result: "updated" });
      expect(state).toEqual(original);
    });
    await fc.assert(property, runs(40));
  });

  test("damaged packings of state proofs are refused", async () => {
    const value = envelope.decode(valid.envelope);
    await client.undone(async () => {
      await judgeInSolidity(client, value, valid.now);
      const claims = value.claims.map(({ membership, path, value: held }) => ({
        path,
        value: membership === 1n ? held : undefined,
      }));
      const packed = packStateProof(
        value.rootProof,
        value.claims.map(({ proof }) => proof),
      );
      expect(await client.verify(claims, packed)).toHaveProperty("timestamp");
      const property = fc.asyncProperty(mutation, async (how) => {
        const damaged = mutateBytes(packed, how);
        fc.pre(Buffer.compare(damaged, packed) !== 0);
        expect(await client.verify(claims, damaged)).toHaveProperty("reason");
      });
      await fc.assert(property, runs(80));
    });
  });
});

// Damage to valid envelopes is refused with a reason from the list, or is proven to change nothing; nothing ever throws.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verifyBeacon } from "#adapters/evm/verify/verify.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import { createDamageJudge } from "#test/support/damage-judge.ts";
import { essence, putTogether, takeApart } from "#test/support/envelope-tree.ts";
import { firstDamage, mutateBytes, mutateField, mutation, spliceTree } from "#test/support/mutation.ts";
import { runs } from "#test/support/property-runs.ts";
import { foreignEnvelope, validEnvelopes } from "#test/support/valid-envelopes.ts";

/** Every field of an envelope; lists are damaged as lists and in their elements. */
const FIELDS = [
  "version",
  "sourceChain",
  "targetChain",
  "clientId",
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
  "height",
  "rootProof",
  "rootProof.height",
  "rootProof.timestamp",
  "rootProof.stateRoot",
  "rootProof.accountProof",
  "rootProof.ancestry",
  "rootProof.ancestry.height",
  "rootProof.ancestry.accountProof",
  "rootProof.ancestry.storageProof",
  "rootProof.ancestry.executionHeader",
  "claims",
  "claims.membership",
  "claims.path",
  "claims.value",
  "claims.proof",
];

const { seen, judge, holds } = createDamageJudge(verifyBeacon, essence);

describe.each(validEnvelopes)("$name", (valid) => {
  const tree = takeApart(valid.envelope);
  const foreign = takeApart(foreignEnvelope.envelope);

  test("is accepted as it is", () => {
    expect(judge(valid, valid.envelope)).toMatchObject({ ok: true });
  });

  const fields = FIELDS.filter((field) => !valid.empty.some((name) => field.startsWith(name)));
  test.each(fields)("%s flipped, dropped, doubled or reordered", (field) => {
    const property = fc.property(mutation, (how) =>
      holds(valid, putTogether(mutateField(tree, field.split("."), how))),
    );
    fc.assert(property, runs(7, [[firstDamage]]));
  });

  test("parts that are valid elsewhere put in place", () => {
    const property = fc.property(mutation, ({ descent }) =>
      holds(valid, putTogether(spliceTree(tree, foreign, descent))),
    );
    fc.assert(property, runs(60));
  });

  test("raw bytes flipped, dropped, doubled or swapped", () => {
    const property = fc.property(mutation, (how) => holds(valid, mutateBytes(valid.envelope, how)));
    fc.assert(property, runs(80));
  });

  test("damage upon damage", () => {
    const property = fc.property(fc.array(mutation, { minLength: 2, maxLength: 4 }), (several) =>
      holds(valid, several.reduce(mutateBytes, valid.envelope)),
    );
    fc.assert(property, runs(60));
  });

  test("a damaged trusted state gives a verdict", () => {
    const property = fc.property(mutation, (how) => {
      const verdict = verifyBeacon({ ...valid, trusted: mutateBytes(valid.trusted, how) });
      if (!verdict.ok) expect(reasons).toHaveProperty(verdict.reason);
    });
    fc.assert(property, runs(50));
  });
});

test("bytes from nowhere are malformed", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 4096 }), (envelope) => {
    expect(verifyBeacon({ ...foreignEnvelope, envelope })).toMatchObject({ reason: "MALFORMED" });
  });
  fc.assert(property, runs(300));
});

test.each([
  "MALFORMED",
  "WRONG_CHAIN",
  "WRONG_CLIENT",
  "CLAIM_MISMATCH",
  "SLOT_ORDER",
  "FUTURE_HEADER",
  "INVALID_EXECUTION_HEADER",
  "INVALID_EXECUTION_BRANCH",
  "INVALID_FINALITY_BRANCH",
  "INVALID_NEXT_COMMITTEE",
  "INVALID_COMMITTEE",
  "INVALID_SIGNATURE",
  "UNKNOWN_HEIGHT",
  "INVALID_ACCOUNT_PROOF",
  "INVALID_STORAGE_PROOF",
  "VALUE_MISMATCH",
] as const)("the damage was deep enough to meet %s", (reason) => {
  expect(seen).toContain(reason);
});

// Damage to valid evidence about a CometBFT chain is refused with a reason from the list, or is proven to change nothing;
// nothing ever throws.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verifyMisbehaviour } from "#adapters/cosmos/verify/misbehaviour.ts";
import { verifyComet } from "#adapters/cosmos/verify/verify.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import { foreignEnvelope, validEnvelopes, validReports } from "#test/support/comet-envelopes.ts";
import { fieldsOf } from "#test/support/comet-fields.ts";
import { createDamageJudge } from "#test/support/damage-judge.ts";
import { essence, putReportTogether, putTogether, takeApart, takeReportApart } from "#test/support/comet-tree.ts";
import { firstDamage, mutateBytes, mutateField, mutateTree, mutation, spliceTree } from "#test/support/mutation.ts";
import type { Tree } from "#test/support/mutation.ts";
import { runs } from "#test/support/property-runs.ts";

const { seen, judge, holds, refused } = createDamageJudge(verifyComet, essence);

describe.each(validEnvelopes)("$name", (valid) => {
  const tree = takeApart(valid.envelope);
  const foreign = takeApart(foreignEnvelope.envelope);

  test("is accepted as it is, and is its own tree", () => {
    expect(judge(valid, valid.envelope)).toMatchObject({ ok: true });
    expect(putTogether(tree)).toEqual(valid.envelope);
  });

  test.each(fieldsOf(tree))("%s flipped, dropped, doubled or reordered", (field) => {
    const property = fc.property(mutation, (how) =>
      holds(valid, putTogether(mutateField(tree, field.split("."), how))),
    );
    fc.assert(property, runs(5, [[firstDamage]]));
  });

  test("anything in it flipped, dropped, doubled or reordered", () => {
    const property = fc.property(mutation, (how) => holds(valid, putTogether(mutateTree(tree, how))));
    fc.assert(property, runs(60));
  });

  test("parts that are valid elsewhere put in place", () => {
    const property = fc.property(mutation, ({ descent }) =>
      holds(valid, putTogether(spliceTree(tree, foreign, descent))),
    );
    fc.assert(property, runs(50));
  });

  test("raw bytes flipped, dropped, doubled or swapped", () => {
    fc.assert(
      fc.property(mutation, (how) => holds(valid, mutateBytes(valid.envelope, how))),
      runs(60),
    );
  });

  test("damage upon damage", () => {
    const several = fc.array(mutation, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(several, (all) => holds(valid, putTogether(all.reduce(mutateTree, tree)))),
      runs(50),
    );
  });

  test("a damaged trusted state gives a verdict", () => {
    const property = fc.property(mutation, (how) => {
      const verdict = verifyComet({ ...valid, trusted: mutateBytes(valid.trusted, how) });
      if (!verdict.ok) expect(reasons).toHaveProperty(verdict.reason);
    });
    fc.assert(property, runs(50));
  });
});

describe.each(validReports)("a report of $name", (valid) => {
  const tree = takeReportApart(valid.misbehaviour);

  function freezesNothing(damaged: Uint8Array | undefined): void {
    fc.pre(damaged !== undefined && Buffer.compare(damaged, valid.misbehaviour) !== 0);
    const verdict = verifyMisbehaviour({ ...valid, misbehaviour: damaged });
    if (!verdict.ok) return refused(verdict.reason);
    // Of one height, either header may come first.
    const { header1, header2 } = tree as Record<string, Tree>;
    expect(putReportTogether({ header1: header2 as Tree, header2: header1 as Tree })).toEqual(damaged);
  }

  test("freezes as it is", () => {
    expect(verifyMisbehaviour(valid)).toMatchObject({ ok: true });
    expect(putReportTogether(tree)).toEqual(valid.misbehaviour);
  });

  test("anything in it damaged", () => {
    fc.assert(
      fc.property(mutation, (how) => freezesNothing(putReportTogether(mutateTree(tree, how)))),
      runs(150),
    );
  });

  test("raw bytes damaged", () => {
    fc.assert(
      fc.property(mutation, (how) => freezesNothing(mutateBytes(valid.misbehaviour, how))),
      runs(50),
    );
  });
});

test("bytes from nowhere are malformed", () => {
  const property = fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
    expect(verifyComet({ ...foreignEnvelope, envelope: bytes })).toMatchObject({ reason: "MALFORMED" });
    expect(verifyMisbehaviour({ ...foreignEnvelope, misbehaviour: bytes })).toMatchObject({ reason: "MALFORMED" });
  });
  fc.assert(property, runs(150));
});

test.each([
  "MALFORMED",
  "WRONG_CHAIN",
  "WRONG_CLIENT",
  "CLAIM_MISMATCH",
  "UNKNOWN_HEIGHT",
  "INVALID_HEADER_HASH",
  "INVALID_SIGNATURE",
  "INVALID_STORE_PROOF",
  "INVALID_STORAGE_PROOF",
] as const)("the damage was deep enough to meet %s", (reason) => {
  expect(seen).toContain(reason);
});

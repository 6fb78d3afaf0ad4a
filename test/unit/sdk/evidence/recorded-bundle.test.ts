// A bundle of real evidence, recorded by `npm run demo -- --exit --bundles <directory>`, judged by the real verifiers.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { verifierOf } from "#adapters/verifiers.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";

const recorded = readFileSync(new URL("recorded.bundle", import.meta.url));

it("is proven, by public rules and the file alone", () => {
  const report = verifyBundle(recorded, { verifierOf });
  expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  expect(report).toMatchObject({ ok: true, packet: "eip155:31337/beacon-0/2", state: "acknowledged" });
  const proofs = report.checks.filter(({ name }) => name.endsWith(": proof"));
  expect(proofs.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^proven at height \d+ of eip155:31337$/),
    expect.stringMatching(/^proven at height \d+ of eip155:31338$/),
  ]);
});

it("is refused with any byte altered", () => {
  fc.assert(
    fc.property(fc.nat(recorded.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const altered = Uint8Array.from(recorded);
      altered[at] = (altered[at] ?? 0) ^ mask;
      expect(verifyBundle(altered, { verifierOf }).ok).toBe(false);
    }),
    { numRuns: 60 },
  );
}, 60_000);

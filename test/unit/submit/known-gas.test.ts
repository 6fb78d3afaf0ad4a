// What is learned of gas from transactions, and when it is not relied upon.
import { describe, expect, test } from "vitest";
import { createKnownGas } from "#adapters/submit/known-gas.ts";
import type { GasPart } from "#adapters/submit/known-gas.ts";

const part = (kind: string | undefined, bytes = 100): GasPart => ({ kind, bytes });
const [shared, receive, acknowledge] = [part("shared"), part("receive"), part("acknowledge")];

describe("known gas", () => {
  test("is none before anything was learned", () => {
    const known = createKnownGas();
    expect(known.knows(shared)).toBe(false);
    expect(known.estimate([shared])).toBeUndefined();
    expect(known.estimate([])).toBe(0n);
  });

  test("is that of the parts, by their sizes", () => {
    const known = createKnownGas();
    known.learn([shared], 1_000n);
    known.learn([shared, receive, receive], 5_000n);
    expect(known.estimate([shared, receive])).toBe(3_000n);
    expect(known.estimate([shared, part("receive", 200)])).toBe(5_000n);
    expect(known.estimate([shared, receive, acknowledge])).toBeUndefined();
    known.learn([shared, receive, acknowledge], 4_500n);
    expect(known.estimate([shared, acknowledge])).toBe(2_500n);
  });

  test("rises at once and falls little by little", () => {
    const known = createKnownGas();
    known.learn([shared], 1_000n);
    known.learn([shared], 2_000n);
    expect(known.estimate([shared])).toBe(2_000n);
    known.learn([shared], 1_000n);
    expect(known.estimate([shared])).toBe(1_750n);
  });

  test.each([part(undefined), part("other"), part("")])(
    "is none of a transaction with %o beside known parts",
    (odd) => {
      const known = createKnownGas();
      known.learn([shared], 1_000n);
      expect(known.estimate([shared, odd])).toBeUndefined();
    },
  );

  test("is not learned from what may cost anything, nor from less than the known parts take", () => {
    const known = createKnownGas();
    known.learn([shared], 1_000n);
    known.learn([shared, receive, part(undefined)], 900_000n);
    known.learn([shared, receive], 1_000n);
    known.learn([shared, receive], 10n);
    known.learn([], 5n);
    expect(known.knows(receive)).toBe(false);
    expect(known.estimate([shared])).toBe(1_000n);
  });

  test("is forgotten with all the parts of what failed", () => {
    const known = createKnownGas();
    known.learn([shared], 1_000n);
    known.learn([shared, receive], 2_000n);
    known.learn([shared, acknowledge], 2_000n);
    known.forget([shared, receive, part(undefined)]);
    expect([shared, receive, acknowledge].map((each) => known.knows(each))).toEqual([false, false, true]);
  });

  test("of very many kinds is that of the newest", () => {
    const known = createKnownGas();
    for (let kind = 0; kind < 1_500; kind += 1) known.learn([part(String(kind))], 100n);
    expect([part("0"), part("400"), part("600"), part("1499")].map((each) => known.knows(each))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});

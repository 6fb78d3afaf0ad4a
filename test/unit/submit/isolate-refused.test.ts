import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isolateRefused } from "#adapters/submit/isolate-refused.ts";
import type { Simulation } from "#adapters/submit/isolate-refused.ts";

const refusal = (item: number) => ({ error: `Bad${item}`, detail: `Bad${item}()` });

/** A transaction that costs one gas per item and fails with the first bad one. */
const attempts =
  (bad: ReadonlySet<number>, always = false) =>
  async (items: readonly number[]): Promise<Simulation> => {
    if (always) return { ok: false, refusal: refusal(-1) };
    const first = items.find((item) => bad.has(item));
    return first === undefined ? { ok: true, gas: BigInt(items.length) } : { ok: false, refusal: refusal(first) };
  };

describe("isolateRefused", () => {
  test("finds exactly the items to blame, each with its own reason", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(100), { maxLength: 30 }), fc.func(fc.boolean()), async (items, isBad) => {
        const bad = new Set(items.filter((item) => isBad(item)));
        const { accepted, refused, gas } = await isolateRefused(items, attempts(bad));
        expect(accepted).toEqual(items.filter((item) => !bad.has(item)));
        expect(refused).toEqual(
          items.filter((item) => bad.has(item)).map((item) => ({ item, refusal: refusal(item) })),
        );
        expect(gas).toBe(BigInt(accepted.length));
      }),
    );
  });

  test("one bad item among many costs few simulations", async () => {
    let tried = 0;
    const items = Array.from({ length: 64 }, (_, index) => index);
    const attempt = attempts(new Set([17]));
    await isolateRefused(items, (some) => {
      tried += 1;
      return attempt(some);
    });
    expect(tried).toBeLessThanOrEqual(2 + 2 * 6 + 1);
  });

  test("blames no item when the transaction fails without any", async () => {
    const isolating = isolateRefused([1, 2, 3], attempts(new Set(), true));
    await expect(isolating).rejects.toMatchObject({ code: "TRANSACTION_REVERTED", context: { error: "Bad-1" } });
    await expect(isolateRefused([], attempts(new Set(), true))).rejects.toMatchObject({ code: "TRANSACTION_REVERTED" });
  });
});

import { describe, expect, test } from "vitest";
import { isolateFitting } from "#adapters/submit/isolate-fitting.ts";
import type { Simulation } from "#adapters/submit/isolate-refused.ts";

const CAP = 16_777_216n;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A chain where each item costs so much, beside what all share, and some are refused. It counts how often it is asked. */
function chain({ each, shared = 0n, bad = [] }: { each: bigint; shared?: bigint; bad?: readonly number[] }) {
  const asked: number[] = [];
  const attempt = async (some: readonly number[]): Promise<Simulation> => {
    asked.push(some.length);
    if (some.some((item) => bad.includes(item))) return { ok: false, refusal: { error: "Bad", detail: "Bad()" } };
    return { ok: true, gas: shared + each * BigInt(some.length) };
  };
  return { asked, attempt };
}

describe("a batch", () => {
  test("that fits is carried whole, and asked about once", async () => {
    const { asked, attempt } = chain({ each: 100_000n });
    const found = await isolateFitting(numbers(50), CAP, attempt);
    expect(found).toEqual({ accepted: numbers(50), refused: [], left: [], gas: 5_000_000n });
    expect(asked).toEqual([50]);
  });

  test.each([
    [400_000n, 0n, 25],
    [400_000n, 10_000_000n, 13],
    [4_000_000n, 8_000_000n, 2],
    [16_777_216n, 0n, 1],
  ])(
    "of messages that cost %s each, beside %s, is carried in part, from its beginning",
    async (each, shared, count) => {
      const { accepted, left, refused, gas } = await isolateFitting(numbers(50), CAP, chain({ each, shared }).attempt);
      expect(accepted).toEqual(numbers(count));
      expect(left).toEqual(numbers(50).slice(count));
      expect(refused).toEqual([]);
      expect(gas).toBeLessThanOrEqual(CAP);
    },
  );

  test("has its refused messages found before and after it is halved, and every message is accounted for once", async () => {
    const { attempt } = chain({ each: 1_000_000n, bad: [3, 40] });
    const { accepted, left, refused } = await isolateFitting(numbers(50), CAP, attempt);
    expect(refused.map(({ item }) => item)).toEqual([3, 40]);
    const all = [...accepted, ...left, ...refused.map(({ item }) => item)];
    expect(all.toSorted((one, other) => one - other)).toEqual(numbers(50));
  });

  test("of one message that costs too much is left to its fate", async () => {
    const found = await isolateFitting([7], CAP, chain({ each: CAP + 1n }).attempt);
    expect(found).toEqual({ accepted: [7], refused: [], left: [], gas: CAP + 1n });
  });

  test("of nothing, with updates that cost too much, likewise", async () => {
    const { attempt } = chain({ each: 0n, shared: CAP + 1n });
    expect(await isolateFitting([], CAP, attempt)).toMatchObject({ accepted: [], gas: CAP + 1n });
  });

  test("is refused as a whole when no message is to blame", async () => {
    const attempt = async (): Promise<Simulation> => ({ ok: false, refusal: { error: "Bad", detail: "Bad()" } });
    await expect(isolateFitting(numbers(3), CAP, attempt)).rejects.toMatchObject({ code: "TRANSACTION_REVERTED" });
  });
});

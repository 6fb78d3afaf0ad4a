import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { inParallel } from "#adapters/rpc/in-parallel.ts";

describe("in parallel", () => {
  test("results have the order of the items, whichever ends first", async () => {
    const results = await inParallel([3, 1, 2], 3, async (item) => {
      await delay(item);
      return item * 10;
    });
    expect(results).toEqual([30, 10, 20]);
  });

  test("no more than so many at a time, and all of them", async () => {
    let [underWay, most] = [0, 0];
    const items = Array.from({ length: 20 }, (_, index) => index);
    const results = await inParallel(items, 4, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await delay(1);
      underWay -= 1;
      return item;
    });
    expect([most, results]).toEqual([4, items]);
  });

  test("a failure is the caller's, and nothing more is begun", async () => {
    const begun: number[] = [];
    const work = inParallel([0, 1, 2, 3, 4, 5], 1, async (item) => {
      begun.push(item);
      if (item === 2) throw new RangeError("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(begun).toEqual([0, 1, 2]);
  });

  test("nothing to do is done", async () => {
    expect(await inParallel([], 4, () => Promise.reject(new RangeError("asked")))).toEqual([]);
  });
});

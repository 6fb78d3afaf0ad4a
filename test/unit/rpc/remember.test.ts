import { expect, test } from "vitest";
import { remember } from "#adapters/rpc/remember.ts";

test("one reading for all who ask for the same", async () => {
  const remembered = remember<number>(4);
  const reading = Promise.withResolvers<number>();
  let reads = 0;
  const read = (): Promise<number> => {
    reads += 1;
    return reading.promise;
  };
  const asked = [remembered("a", read), remembered("a", read)];
  reading.resolve(7);
  expect(await Promise.all([...asked, remembered("a", read)])).toEqual([7, 7, 7]);
  expect(reads).toBe(1);
});

test("a failure is told to all who waited, and not kept", async () => {
  const remembered = remember<number>(4);
  const failing = () => Promise.reject(new RangeError("no"));
  const asked = await Promise.allSettled([remembered("a", failing), remembered("a", async () => 1)]);
  expect(asked.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await remembered("a", async () => 2)).toBe(2);
});

test("the oldest goes when there are too many", async () => {
  const remembered = remember<number>(2);
  let reads = 0;
  const ask = (key: string) => remembered(key, async () => (reads += 1));
  for (const key of ["a", "b", "c"]) await ask(key);
  expect([await ask("b"), await ask("c"), await ask("a")]).toEqual([2, 3, 4]);
});

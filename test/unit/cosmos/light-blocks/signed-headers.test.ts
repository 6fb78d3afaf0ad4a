import { expect, test } from "vitest";
import { createSignedHeaders } from "#adapters/cosmos/light-blocks/signed-headers.ts";

test("the newest thousand are known, and nothing that was not told", () => {
  const signed = createSignedHeaders();
  expect(signed.has("00")).toBe(false);
  for (let hash = 0; hash <= 1_000; hash += 1) signed.add(String(hash));
  expect(["0", "1", "1000", "1001", ""].map((hash) => signed.has(hash))).toEqual([false, true, true, false, false]);
});

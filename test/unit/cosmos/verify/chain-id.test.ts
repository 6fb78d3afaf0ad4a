import { expect, test } from "vitest";
import { caip2Of, revisionOf } from "#adapters/cosmos/verify/chain-id.ts";

test.each([
  ["cosmoshub-4", 4n],
  ["a-b-12", 12n],
  ["chain-18446744073709551615", 18_446_744_073_709_551_615n],
  ["chain-18446744073709551616", 0n],
  ["chain", 0n],
  ["chain-", 0n],
  ["chain-0", 0n],
  ["chain-01", 0n],
  ["chain--1", 0n],
  ["-1", 0n],
  ["chain-1a", 0n],
  ["1", 0n],
])("revision of %s is %i", (chainId, revision) => {
  expect(revisionOf(chainId)).toBe(revision);
});

test.each([
  ["cosmoshub-4", "cosmos:cosmoshub-4"],
  ["a".repeat(32), `cosmos:${"a".repeat(32)}`],
  // The examples of CAIP-5.
  ["hashed-", "cosmos:hashed-c904589232422def"],
  ["hashed-123", "cosmos:hashed-99df5cd68192b33e"],
  ["123456789012345678901234567890123456789012345678", "cosmos:hashed-0204c92a0388779d"],
  [" ", "cosmos:hashed-36a9e7f1c95b82ff"],
  ["wonderland🧝‍♂️", "cosmos:hashed-843d2fc87f40eeb9"],
])("%s is known as %s", (chainId, caip2) => {
  expect(caip2Of(chainId)).toBe(caip2);
});

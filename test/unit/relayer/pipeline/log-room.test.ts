import { expect, test } from "vitest";
import { loggedReason, mostLogged } from "#relayer/pipeline/log-room.ts";
import { encodeEntry, MAX_ENTRY_BYTES } from "#sdk/evidence/log-entry.ts";
import type { Lane } from "#relayer/routes.ts";

const laneOf = (chain: string, client: string): Lane => ({
  id: `${chain}/${client}`,
  source: { chain, client },
  target: { chain, client },
});

/** Every part of it as long as it may be. */
function largestOutcome({ source: { chain, client } }: Lane, count: number, reason: string): Uint8Array {
  return encodeEntry({
    kind: "outcome",
    time: "2026-01-01T00:00:00.000Z",
    batchId: "00000000-0000-0000-0000-000000000000",
    sourceChain: chain,
    targetChain: chain,
    clientId: client,
    envelope: "f".repeat(64),
    messages: Array.from({ length: count }, () => ({
      leg: "acknowledge" as const,
      sourceChain: chain,
      sourceClient: client,
      sequence: (2n ** 64n - 1n).toString(),
      commitment: "f".repeat(64),
    })),
    transaction: { id: `0x${"f".repeat(64)}`, height: (2n ** 64n).toString(), fee: (2n ** 128n).toString() },
    deliveries: Array.from({ length: count }, () => ({
      status: "refused" as const,
      reason: loggedReason(reason, count),
    })),
  });
}

test.each([
  ["short names", laneOf("eip155:1", "beacon-0"), 200],
  ["usual names", laneOf("cosmos:simd-1", "07-tendermint-0"), 200],
  ["the longest names", laneOf(`${"a".repeat(8)}:${"b".repeat(32)}`, `${"c".repeat(60)}-00`), 150],
])("a batch with %s has room for its outcome, however many were refused and why", (_, lane, atLeast) => {
  const most = mostLogged(lane);
  expect(most).toBeGreaterThanOrEqual(atLeast);
  for (const reason of ["no", "x".repeat(5_000), "ü".repeat(5_000), "\u0000".repeat(5_000), "💥".repeat(5_000)])
    for (const count of [1, 7, most])
      expect(largestOutcome(lane, count, reason).length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
});

test("a reason is cut only where it has to be, and stays text", () => {
  const reason = "the application says no";
  expect(loggedReason(reason, 200)).toBe(reason);
  const long = loggedReason("💥".repeat(5_000), 200);
  expect(long.length).toBeGreaterThan(10);
  expect(long.isWellFormed()).toBe(true);
  expect(loggedReason("broken \ud83d", 1).isWellFormed()).toBe(true);
});

import { expect, test } from "vitest";
import { IN_AN_ENTRY, loggedReason } from "#relayer/pipeline/log-room.ts";
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
    part: { first: 900, of: 1_000 },
    transaction: { id: `0x${"f".repeat(64)}`, height: (2n ** 64n).toString(), fee: (2n ** 128n).toString() },
    deliveries: Array.from({ length: count }, () => ({
      status: "refused" as const,
      reason: loggedReason(reason),
    })),
  });
}

test.each([
  ["short names", laneOf("eip155:1", "beacon-0")],
  ["the longest names", laneOf(`${"a".repeat(8)}:${"b".repeat(32)}`, `${"c".repeat(60)}-00`)],
])("an entry about messages with %s has room for their outcome, however many were refused and why", (_, lane) => {
  for (const reason of ["no", "x".repeat(5_000), "ü".repeat(5_000), "\u0000".repeat(5_000), "💥".repeat(5_000)])
    for (const count of [1, 7, IN_AN_ENTRY])
      expect(largestOutcome(lane, count, reason).length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
});

test("a reason is cut only where it has to be, and stays text", () => {
  const reason = "the application says no: ".repeat(10);
  expect(loggedReason(reason)).toBe(reason);
  const long = loggedReason("💥".repeat(5_000));
  expect(long.length).toBeGreaterThan(100);
  expect(long.isWellFormed()).toBe(true);
  expect(loggedReason("broken \ud83d").isWellFormed()).toBe(true);
});

// An envelope is bound to two chains, one light client and exactly the claims of the packets it is for.
import { describe, expect, test } from "vitest";
import { brokenBinding } from "#adapters/protocol/binding.ts";
import type { ExpectedBinding } from "#adapters/protocol/binding.ts";
import { envelope } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";

const path = Uint8Array.of(1, 2, 3);
const value = new Uint8Array(32).fill(9);
const absent = Uint8Array.of(4, 5, 6);

const good: Envelope = {
  version: 1n,
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  updates: [],
  height: 7n,
  rootProof: new Uint8Array(),
  claims: [
    { membership: 1n, path, value, proof: new Uint8Array(2) },
    { membership: 0n, path: absent, value: new Uint8Array(), proof: new Uint8Array(3) },
  ],
};

const expected: ExpectedBinding = {
  sourceChain: "eip155:1",
  targetChain: "eip155:2",
  clientId: "beacon-0",
  claims: [
    { kind: "membership", path, value },
    { kind: "absence", path: absent },
  ],
};

const [member, absence] = good.claims as [Envelope["claims"][0], Envelope["claims"][0]];
const judge = (change: Partial<Envelope>): string | undefined =>
  brokenBinding(envelope.encode({ ...good, ...change }), expected)?.reason;

test("the envelope that was asked for is bound", () => {
  expect(judge({})).toBeUndefined();
});

describe("an envelope for something else is refused", () => {
  test.each([
    ["another source", { sourceChain: "eip155:3" }, "WRONG_CHAIN"],
    ["another target", { targetChain: "eip155:1" }, "WRONG_CHAIN"],
    ["another light client", { clientId: "beacon-1" }, "WRONG_CLIENT"],
    ["a claim left out", { claims: [member] }, "CLAIM_MISMATCH"],
    ["a claim too many", { claims: [member, absence, member] }, "CLAIM_MISMATCH"],
    ["claims in another order", { claims: [absence, member] }, "CLAIM_MISMATCH"],
    ["another path", { claims: [{ ...member, path: absent }, absence] }, "CLAIM_MISMATCH"],
    ["another value", { claims: [{ ...member, value: new Uint8Array(32) }, absence] }, "CLAIM_MISMATCH"],
    ["absence for membership", { claims: [{ ...member, membership: 0n }, absence] }, "CLAIM_MISMATCH"],
    ["membership for absence", { claims: [member, { ...absence, membership: 1n }] }, "CLAIM_MISMATCH"],
    ["a membership that is neither", { claims: [{ ...member, membership: 2n }, absence] }, "CLAIM_MISMATCH"],
  ] as const)("%s", (_, change, reason) => {
    expect(judge(change as Partial<Envelope>)).toBe(reason);
  });

  test("bytes that are no envelope", () => {
    expect(brokenBinding(new Uint8Array(3), expected)?.reason).toBe("MALFORMED");
  });
});

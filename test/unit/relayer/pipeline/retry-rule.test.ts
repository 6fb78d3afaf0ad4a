// What a failure means for the next attempt.
import { expect, test } from "vitest";
import { CausewayError } from "#adapters/protocol/error.ts";
import { retryRule } from "#relayer/pipeline/retry-rule.ts";

const timers = { finalityPoll: 500, firstRetry: 1_000, longestRetry: 300_000 };

test("waiting for finality spends no attempt and names the height", () => {
  const rule = retryRule(new CausewayError("NOT_FINAL_YET", "wait", { height: 77n }), 9, timers);
  expect(rule).toMatchObject({ spendsAttempt: false, delay: 500, height: 77n, keepsBatch: false });
});

test("failures that may pass are tried again after doubling pauses, up to the longest", () => {
  const delays = [1, 2, 3, 4, 100].map(
    (attempts) => retryRule(new CausewayError("RPC_UNREACHABLE", "away"), attempts, timers).delay,
  );
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 300_000]);
});

test("what an operator has to end is tried rarely, but not given up", () => {
  const rule = retryRule(new CausewayError("CLIENT_FROZEN", "frozen"), 1, timers);
  expect(rule).toMatchObject({ delay: 75_000, spendsAttempt: true, keepsBatch: false });
});

test.each([
  "RPC_UNREACHABLE",
  "RPC_STALE",
  "INSUFFICIENT_FUNDS",
  "FEE_ABOVE_CAP",
  "TRANSACTION_STUCK",
  "CANCELLED",
] as const)("%s leaves the batch as it is", (code) => {
  expect(retryRule(new CausewayError(code, ""), 1, timers).keepsBatch).toBe(true);
});

test.each([
  "EVIDENCE_REFUSED",
  "TRANSACTION_REVERTED",
  "CLIENT_BEHIND",
  "CLIENT_EXPIRED",
  "FORK_UNKNOWN",
  "UNSUPPORTED",
] as const)("%s has the batch proven anew", (code) => {
  expect(retryRule(new CausewayError(code, ""), 1, timers).keepsBatch).toBe(false);
});

test("shutting down is nobody's failure", () => {
  expect(retryRule(new CausewayError("CANCELLED", ""), 1, timers).spendsAttempt).toBe(false);
});

test.each([
  Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
  Object.assign(new Error("terminating connection"), { code: "57P01" }),
  new Error("Connection terminated unexpectedly"),
])("a database that is away is an outage: $message", (error) => {
  expect(retryRule(error, 1, timers)).toMatchObject({ code: "STORE_UNAVAILABLE", keepsBatch: true });
});

test("anything unknown is named as such and proven anew", () => {
  expect(retryRule(new TypeError("oops"), 1, timers)).toMatchObject({
    code: "UNEXPECTED",
    message: "oops",
    keepsBatch: false,
  });
  expect(retryRule(Object.assign(new Error("bad SQL"), { code: "42601" }), 1, timers).code).toBe("UNEXPECTED");
});

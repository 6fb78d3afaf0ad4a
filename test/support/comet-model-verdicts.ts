// What the verdicts of tendermint-rs' models are called here.
import type { Reason } from "#adapters/protocol/reason.ts";

export const modelVerdict = (reason: Reason | undefined): "SUCCESS" | "NOT_ENOUGH_TRUST" | "INVALID" => {
  if (reason === undefined) return "SUCCESS";
  return reason === "INSUFFICIENT_TRUST" ? "NOT_ENOUGH_TRUST" : "INVALID";
};

/** What of INVALID the models are made for, by file. */
export const invalidModels: Readonly<Record<string, Reason>> = {
  "MC100_2_faulty_TestFailure.json": "TRUSTED_HEADER_EXPIRED",
  "MC10_3_faulty_TestFailure.json": "TRUSTED_HEADER_EXPIRED",
  "MC10_3_faulty_TestHeaderFromFuture.json": "FUTURE_HEADER",
  "MC4_4_faulty_TestHeaderNotWithinTrustingPeriod.json": "TRUSTED_HEADER_EXPIRED",
  "MC4_4_faulty_TestLessThanTwoThirdsSign.json": "INSUFFICIENT_PARTICIPATION",
  "MC4_4_faulty_TestNonMonotonicHeight.json": "HEIGHT_ORDER",
};

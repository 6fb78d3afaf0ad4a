// What nodes say in words and numbers only they choose: read where there is no other way.
import { describe, expect, test } from "vitest";
import { judgeCheck, judgeRefusal } from "#adapters/cosmos/submit/broadcast.ts";
import { feeOf, lowestPrice, parsePrice, raised } from "#adapters/cosmos/submit/fees.ts";
import { gasLimit } from "#adapters/cosmos/submit/gas-limit.ts";
import { complaintOf, expectedSequence } from "#adapters/cosmos/submit/simulate.ts";

describe("a node's check of a transaction", () => {
  test("takes it, or has it already", () => {
    expect(judgeCheck({ code: 0 })).toEqual({ status: "taken" });
    expect(judgeCheck({ code: 19, codespace: "sdk" })).toEqual({ status: "taken" });
    expect(judgeRefusal("tx already exists in cache")).toEqual({ status: "taken" });
  });

  test("puts it off for another sequence or a full mempool", () => {
    const log = "account sequence mismatch, expected 5, got 4: incorrect account sequence";
    expect(judgeCheck({ code: 32, codespace: "sdk", log })).toEqual({ status: "later", why: log, isMismatch: true });
    expect(judgeCheck({ code: 20, codespace: "sdk" })).toMatchObject({ status: "later", isMismatch: false });
    const full = "mempool is full: number of txs 5000 (max: 5000), total txs bytes 12 (max: 1073741824)";
    expect(judgeRefusal(full)).toMatchObject({ status: "later", isMismatch: false });
  });

  test("refuses it for anything else, and numbers mean something only with their codespace", () => {
    expect(judgeCheck({ code: 13, codespace: "sdk", log: "insufficient fee" })).toEqual({
      status: "refused",
      codespace: "sdk",
      code: 13,
      log: "insufficient fee",
    });
    expect(judgeCheck({ code: 32, codespace: "channel" })).toMatchObject({ status: "refused" });
    expect(judgeCheck({ code: 19 })).toMatchObject({ status: "refused" });
    expect(judgeRefusal("Tx too large. Max size is 1048576, but got 2000000")).toMatchObject({ code: 21 });
  });

  test("is not what other failures are", () => {
    for (const said of ["", "Internal error", "method not found", "timed out waiting for tx"])
      expect(judgeRefusal(said)).toBeUndefined();
  });
});

describe("a simulation's complaint", () => {
  const said =
    "failed to simulate tx: account sequence mismatch, expected 12, got 10: incorrect account sequence " +
    "[cosmos/cosmos-sdk@v0.53.4/x/auth/ante/sigverify.go:366]";

  test("names the sequence that the node wants", () => {
    expect(expectedSequence(said)).toBe(12n);
    for (const other of ["", "sequence", "account sequence mismatch, expected -1, got 2", "expected 12, got 10"])
      expect(expectedSequence(other)).toBeUndefined();
  });

  test("is told without the node's source code and bookkeeping", () => {
    expect(complaintOf(said)).toBe("account sequence mismatch, expected 12, got 10: incorrect account sequence");
    const panic =
      "recovered: MALFORMED: wasm contract call failed\nstack:\ngoroutine 849 [running]:\nruntime/debug.Stack()";
    expect(complaintOf(panic)).toBe("recovered: MALFORMED: wasm contract call failed");
    expect(complaintOf("x".repeat(10_000))).toHaveLength(500);
  });
});

describe("fees", () => {
  test("are whole, and round up", () => {
    expect(feeOf(100_000n, parsePrice("0.025"))).toBe(2_500n);
    expect(feeOf(100_001n, parsePrice("0.025"))).toBe(2_501n);
    expect(feeOf(1n, parsePrice("0.000000000000000001"))).toBe(1n);
    expect(feeOf(1_000_000n, parsePrice("0"))).toBe(0n);
    expect(parsePrice("1.0000000000000000001")).toBe(10n ** 18n + 1n);
  });

  test("have the node's lowest price in the coin asked for", () => {
    const prices = "0.01uatom,3.5ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2";
    expect(lowestPrice(prices, "uatom")).toBe(parsePrice("0.01"));
    expect(lowestPrice(prices, "stake")).toBeUndefined();
    expect(lowestPrice("", "stake")).toBe(0n);
    expect(lowestPrice("0.000000000000000000stake", "stake")).toBe(0n);
  });

  test("are raised by an eighth, up to the cap and never beyond", () => {
    expect(raised(800n, 10_000n)).toBe(901n);
    expect(raised(9_999n, 10_000n)).toBe(10_000n);
    expect(raised(10_000n, 10_000n)).toBe(10_000n);
    expect(raised(0n, 0n)).toBe(0n);
  });

  test("are for a gas limit that is never below what was used", () => {
    expect([gasLimit(100n, 1.3), gasLimit(1n, 1), gasLimit(3n, 1.1)]).toEqual([130n, 1n, 4n]);
  });
});

// A trace as a terminal shows it.
import { bytesToHex } from "@noble/hashes/utils.js";
import { expect, test } from "vitest";
import { ABI_ENCODING, encodeTransferData, TRANSFER_PORT, TRANSFER_VERSION } from "#adapters/protocol/transfer-data.ts";
import { describeChange, describeTrace, widthOf, wrap } from "#relayer/commands/trace-view.ts";
import { explain } from "#sdk/trace/explain.ts";
import { traceAnswer } from "#sdk/trace/answer.ts";
import type { TraceAnswer } from "#sdk/trace/answer.ts";
import type { TraceFacts } from "#sdk/trace/facts.ts";
import { cases } from "./cases.ts";
import { ID, sample } from "./sample-facts.ts";

const answered = (facts: TraceFacts): TraceAnswer => traceAnswer.parse({ facts, explanation: explain(facts) });
const shown = (facts: TraceFacts, width = 100): string => describeTrace(answered(facts), "the chains alone", width);

const STEERING = /[\p{Cc}\p{Cf}]/u;

test("every state is shown with its sentence, who told it, and no line that a terminal would break", () => {
  for (const { name, facts } of cases) {
    const { sentence } = explain(facts);
    for (const width of [40, 100]) {
      const lines = shown(facts, width).split("\n");
      expect(lines.join(" ").replaceAll(/\s+/g, " "), name).toContain(sentence);
      expect(lines.at(-1), name).toMatch(/UTC$/);
      // Only an id that somebody wants to copy is longer than the terminal is wide.
      const breakable = lines.filter((line) => line.split(" ").every((word) => word.length < 25));
      for (const line of breakable) expect(line.length, `${name}: ${line}`).toBeLessThanOrEqual(width);
      expect(lines.join(""), name).not.toMatch(/\p{Cc}/u);
    }
  }
});

test("both transactions are shown whole, and one that did two things once", () => {
  const done = cases.find(({ state }) => state === "acknowledged");
  const text = shown(done?.facts ?? sample());
  for (const byte of ["aa", "bb", "cc"]) expect(text.split(`0x${byte.repeat(32)}`)).toHaveLength(2);
  expect(text.match(/✓/g)).toHaveLength(5);
});

test("a transfer's own words steer no terminal", () => {
  const value = encodeTransferData({
    denom: "0x01",
    sender: "a",
    receiver: "b",
    amount: 5n,
    memo: "\u001b[2J\u202egnp.exe",
  });
  const payload = {
    sourcePort: TRANSFER_PORT,
    destinationPort: TRANSFER_PORT,
    version: TRANSFER_VERSION,
    encoding: ABI_ENCODING,
    value: bytesToHex(value),
  };
  const { packet } = sample();
  const text = shown(sample({ packet: packet && { ...packet, payloads: [payload, { ...payload, value: "00" }] } }));
  expect(text.replaceAll("\n", "")).not.toMatch(STEERING);
  expect(text).toMatch(/5 of 0x01 from a to b, memo " ?\[2J gnp.exe"/);
  expect(text).toContain("1 bytes for port transfer");
});

test("what a lying relayer says steers no terminal either", () => {
  const honest = answered(sample());
  const advice = [{ who: "sender" as const, what: "\u0007" }];
  const explanation = { ...honest.explanation, sentence: "Paid\u001b[8m.", next: "\u009b2J", advice };
  const text = describeTrace({ ...honest, explanation }, "a relayer", 80);
  expect(text.replaceAll("\n", "")).not.toMatch(STEERING);
  expect(describeChange({ ...honest, explanation }, 80)).toMatch(/^12:00:00 {2}Paid \[8m\.$/);
});

test("lines break at spaces, and ids stay whole", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap(`x ${ID} y`, 10)).toEqual(["x", ID, "y"]);
  expect([widthOf(undefined), widthOf(10), widthOf(72), widthOf(300)]).toEqual([100, 40, 72, 100]);
});

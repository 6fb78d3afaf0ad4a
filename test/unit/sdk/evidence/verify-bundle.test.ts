// An audit bundle is believed only whole and unaltered, and what is wrong with it is named.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateNoteKey, noteSigner } from "#relayer/proof-log/note-signer.ts";
import type { NewBundle } from "#sdk/evidence/bundle.ts";
import { signCheckpoint } from "#relayer/proof-log/sign-checkpoint.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import type { AuditReport } from "#sdk/evidence/report.ts";
import type { NewLogEntry } from "#sdk/evidence/log-entry.ts";
import { batchOf, bundleOf, signer, verifierOf, wholeLife } from "./sample-bundle.ts";
import type { LoggedBatch } from "./sample-bundle.ts";

const receive = batchOf("receive");
const acknowledge = batchOf("acknowledge");
const good = bundleOf(wholeLife([receive, acknowledge]), [...receive.evidence, ...acknowledge.evidence]);

const audit = (file: Uint8Array): AuditReport => verifyBundle(file, { verifierOf });
const failures = (report: AuditReport): string =>
  report.checks
    .filter((check) => !check.ok)
    .map((check) => `${check.name}: ${check.detail}`)
    .join("\n");

/** A bundle made from these entries, honestly logged and signed. */
const logged = (
  batches: readonly LoggedBatch[],
  entries: readonly NewLogEntry[] = wholeLife(batches),
  change?: (bundle: NewBundle) => NewBundle,
): AuditReport =>
  audit(
    bundleOf(
      entries,
      batches.flatMap(({ evidence }) => evidence),
      change,
    ),
  );

const changed = (change: (bundle: NewBundle) => NewBundle): AuditReport =>
  logged([receive, acknowledge], undefined, change);

const withoutAcknowledgements = (bundle: NewBundle): NewBundle => {
  const { acknowledgements, ...rest } = bundle;
  expect(acknowledgements).toBeDefined();
  return rest;
};

describe("a whole bundle", () => {
  it("proves the packet's life", () => {
    const report = audit(good);
    expect(failures(report)).toBe("");
    expect(report).toMatchObject({ ok: true, packet: "test:src/light-11/7", state: "acknowledged" });
    expect(report.checks.map((check) => check.name)).toEqual(
      expect.arrayContaining([
        "checkpoint",
        "receive, entry 1: claim",
        "receive, entry 1: proof",
        "acknowledge, entry 11: outcome",
      ]),
    );
    expect(report.notes.join()).toContain(signer.verifierKey);
  });

  it("is compared with the key the auditor trusts", () => {
    expect(verifyBundle(good, { verifierOf, logKey: signer.verifierKey }).ok).toBe(true);
    const other = noteSigner(signer.name, generateNoteKey()).verifierKey;
    expect(failures(verifyBundle(good, { verifierOf, logKey: other }))).toContain(
      "log key: the bundle's log has another key",
    );
  });

  it("may have entries that are about a part of their batch", () => {
    const parts = [
      batchOf("receive", { part: { first: 1, of: 2 } }),
      batchOf("acknowledge", { part: { first: 1, of: 2 } }),
    ];
    expect(logged(parts)).toMatchObject({ ok: true, state: "acknowledged" });
  });

  it.each([
    ["another place", { first: 0, of: 2 }, "the envelope's claim is about another path"],
    ["a place after the end", { first: 2, of: 2 }, "the envelope's claim is about another path"],
    ["more messages than claims", { first: 1, of: 3 }, "the envelope has not one claim for each message"],
    ["fewer messages than claims", { first: 1, of: 1 }, "the envelope has not one claim for each message"],
  ])("is refused when a part says %s", (_, part, problem) => {
    const report = logged([batchOf("receive", { part })], undefined, withoutAcknowledgements);
    expect(failures(report)).toContain(problem);
    expect(report.ok).toBe(false);
  });

  it("may be of a packet still underway, received, or timed out", () => {
    expect(logged([receive], [receive.verdict], withoutAcknowledgements)).toMatchObject({
      ok: true,
      state: "underway",
    });
    expect(logged([receive], undefined, withoutAcknowledgements)).toMatchObject({ ok: true, state: "received" });
    const timeout = batchOf("timeout", { height: 1_000n });
    expect(logged([timeout], undefined, withoutAcknowledgements)).toMatchObject({ ok: true, state: "timedOut" });
  });

  it("may say that somebody else delivered", () => {
    const elsewhere: NewLogEntry = {
      ...(receive.outcome as NewLogEntry & { kind: "outcome" }),
      transaction: undefined,
      deliveries: [{ status: "already" }, { status: "already" }],
    };
    const report = logged([receive], [receive.verdict, elsewhere], withoutAcknowledgements);
    expect(report).toMatchObject({ ok: true, state: "received" });
  });

  it("keeps refusals, which are reproduced too", () => {
    const wrong = batchOf("receive", { trusted: Buffer.from("another trusted state") });
    const refusal = {
      ...wrong.verdict,
      verdict: { ok: false, reason: "INVALID_ACCOUNT_PROOF", at: "x" },
    } as NewLogEntry;
    const report = logged([wrong, receive], [refusal, ...wholeLife([receive])], withoutAcknowledgements);
    expect(failures(report)).toBe("");
    expect(report.state).toBe("received");
    const other = batchOf("receive", { commitment: "00".repeat(32), height: 6n });
    const mismatch = { ...other.verdict, verdict: { ok: false, reason: "CLAIM_MISMATCH", at: "x" } } as NewLogEntry;
    expect(
      failures(logged([other, receive], [mismatch, ...wholeLife([receive])], withoutAcknowledgements)),
      "a false packet was offered once",
    ).toBe("");
    const invented = {
      ...receive.verdict,
      verdict: { ok: false, reason: "INVALID_SIGNATURE", at: "x" },
    } as NewLogEntry;
    expect(failures(logged([receive], [invented, ...wholeLife([receive])], withoutAcknowledgements))).toContain(
      "the log says INVALID_SIGNATURE, judged again it is accepted",
    );
  });
});

describe("any altered byte", () => {
  it("is refused, whichever it is", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const altered = Uint8Array.from(good);
        altered[at] = (altered[at] ?? 0) ^ mask;
        const report = audit(altered);
        expect(report.ok).toBe(false);
        expect(report.state).toBe("refused");
        expect(failures(report)).not.toBe("");
      }),
      { numRuns: 3_000 },
    );
  }, 120_000);

  it("is refused when dropped, doubled, or followed by another", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), (at) => {
        const bytes = Buffer.from(good);
        expect(audit(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])).ok).toBe(false);
        expect(audit(bytes.subarray(0, at)).ok).toBe(false);
        const doubled = Buffer.concat([bytes.subarray(0, at + 1), bytes.subarray(at)]);
        expect(audit(doubled).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(audit(Buffer.concat([good, Buffer.from("\n")])).ok).toBe(false);
  }, 120_000);

  it("gives a report for any bytes whatever", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => !audit(bytes).ok));
    fc.assert(fc.property(fc.json(), (json) => !audit(Buffer.from(json)).ok));
  });
});

describe("what was changed is named", () => {
  it.each<[string, (bundle: NewBundle) => NewBundle, string]>([
    [
      "payload",
      (b) => ({ ...b, packet: { ...b.packet, payloads: [] } }),
      "packet: a packet carries at least one payload",
    ],
    [
      "timeout",
      (b) => ({ ...b, packet: { ...b.packet, timeoutTimestamp: "1000001" } }),
      "contents are not those the log recorded",
    ],
    [
      "sequence",
      (b) => ({ ...b, packet: { ...b.packet, sequence: "6" } }),
      "the envelope's claim is about another path",
    ],
    ["source chain", (b) => ({ ...b, sourceChain: "test:else" }), "the entry is not about this packet"],
    [
      "destination chain",
      (b) => ({ ...b, destinationChain: "test:else" }),
      "the evidence is for test:dst, not test:else",
    ],
    [
      "acknowledgement",
      (b) => ({ ...b, acknowledgements: ["AAAA"] }),
      "the envelope claims another value than the packet's",
    ],
    ["acknowledgement dropped", withoutAcknowledgements, "the acknowledgements are missing"],
    ["entry dropped", (b) => ({ ...b, entries: b.entries.slice(1) }), "delivered without a good verdict"],
    ["intent dropped", (b) => ({ ...b, entries: b.entries.filter((_, i) => i !== 1) }), "delivered without an intent"],
    ["all dropped", (b) => ({ ...b, entries: [] }), "life: the bundle proves nothing"],
    ["order", (b) => ({ ...b, entries: b.entries.toReversed() }), "the entries are not in the log's order"],
    [
      "entry twice",
      (b) => ({ ...b, entries: [...b.entries, ...b.entries.slice(-1)] }),
      "the entries are not in the log's order",
    ],
    [
      "index",
      (b) => ({ ...b, entries: b.entries.map((e) => ({ ...e, index: `${Number(e.index) + 1}` })) }),
      "does not lead to the checkpoint",
    ],
    [
      "proof",
      (b) => ({ ...b, entries: b.entries.map((e) => ({ ...e, proof: e.proof.slice(1) })) }),
      "does not lead to the checkpoint",
    ],
    [
      "entry text",
      (b) => ({ ...b, entries: b.entries.map((e) => ({ ...e, entry: `${e.entry} ` })) }),
      "does not lead to the checkpoint",
    ],
    [
      "evidence",
      (b) => ({ ...b, evidence: Object.fromEntries(Object.keys(b.evidence).map((hash) => [hash, "AAAA"])) }),
      "the evidence was altered",
    ],
    ["evidence dropped", (b) => ({ ...b, evidence: {} }), "the evidence is missing"],
    [
      "evidence added",
      (b) => ({
        ...b,
        evidence: { ...b.evidence, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"]: "AA==" },
      }),
      "no valid entry names it",
    ],
    [
      "key",
      (b) => ({ ...b, logKey: noteSigner(signer.name, generateNoteKey()).verifierKey }),
      "checkpoint: no signature by a known key",
    ],
    [
      "checkpoint",
      (b) => ({ ...b, checkpoint: signCheckpoint({ size: 12n, root: Buffer.alloc(32) }, signer) }),
      "does not lead to the checkpoint",
    ],
  ])("%s", (_, change, problem) => {
    const report = changed(change);
    expect(report.ok).toBe(false);
    expect(failures(report)).toContain(problem);
  });
});

describe("evidence that was logged but does not hold", () => {
  const claim = { kind: "membership" as const, path: Buffer.from("another path"), value: Buffer.alloc(32) };
  it.each<[string, LoggedBatch, string]>([
    ["proof", batchOf("receive", { trusted: Buffer.from("another") }), "refused: INVALID_ACCOUNT_PROOF"],
    ["claim", batchOf("receive", { claim }), "the envelope's claim is about another path"],
    [
      "absence for membership",
      batchOf("receive", { claim: { kind: "absence", path: Buffer.from("another path") } }),
      "another path",
    ],
    [
      "envelope for another chain",
      batchOf("receive", { envelopeTarget: "test:else" }),
      "the envelope is for another chain",
    ],
    [
      "entry for another chain",
      batchOf("receive", { targetChain: "test:else" }),
      "the evidence is for test:else, not test:dst",
    ],
    ["light client", batchOf("receive", { clientId: "light-99" }), "the evidence is for light client light-99"],
    ["commitment", batchOf("receive", { commitment: "00".repeat(32) }), "contents are not those the log recorded"],
    ["timeout too early", batchOf("timeout", { height: 999n }), "at a time before the packet's timeout"],
  ])("%s", (_, batch, problem) => {
    const report = logged([batch], undefined, withoutAcknowledgements);
    expect(report.ok).toBe(false);
    expect(failures(report)).toContain(problem);
  });

  it("under a verdict with another height, or of an unknown family", () => {
    const verdict = receive.verdict as NewLogEntry & { kind: "verdict" };
    const higher = { ...verdict, verdict: { ok: true as const, height: "6", timestamp: "5000" } };
    expect(failures(logged([receive], [higher], withoutAcknowledgements))).toContain("another height or time");
    const unknown = { ...verdict, family: "unheard-of" };
    expect(failures(logged([receive], [unknown], withoutAcknowledgements))).toContain(
      'no verifier for the family "unheard-of"',
    );
    const early = { ...verdict, now: "1" };
    expect(failures(logged([receive], [early], withoutAcknowledgements))).toContain("CLIENT_EXPIRED");
  });

  it("when the outcome came before the verdict, or says nothing of the packet", () => {
    const { verdict, intent, outcome } = receive;
    expect(failures(logged([receive], [intent, outcome, verdict], withoutAcknowledgements))).toContain(
      "delivered without a good verdict",
    );
    const silent = { ...outcome, deliveries: [] } as NewLogEntry;
    expect(failures(logged([receive], [verdict, intent, silent], withoutAcknowledgements))).toContain(
      "does not say what became of this packet",
    );
  });

  it("and a packet is not both acknowledged and timed out", () => {
    const timeout = batchOf("timeout", { height: 1_000n });
    expect(failures(logged([receive, acknowledge, timeout]))).toContain("both acknowledged and timed out");
  });
});

// An operator who lies can log and sign what he likes: the chains' own evidence, judged by the real verifier, gives him away.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { families } from "#adapters/families.ts";
import { UNIVERSAL_ERROR_ACKNOWLEDGEMENT } from "#adapters/protocol/acknowledgement.ts";
import { packetCommitment } from "#adapters/protocol/commitment.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import { verifierOf } from "#adapters/verifiers.ts";
import { decodeBundle, packetOf } from "#sdk/evidence/bundle.ts";
import type { LogEntry } from "#sdk/evidence/log-entry.ts";
import { verifyBundle } from "#sdk/evidence/verify-bundle.ts";
import { forgedBundle } from "#test/support/forged-bundle.ts";
import type { Forgery } from "#test/support/forged-bundle.ts";

const recorded = decodeBundle(readFileSync(new URL("recorded.bundle", import.meta.url)));
const [payload] = recorded.packet.payloads;
if (payload === undefined) throw new Error("the recorded packet has no payload");

/** A million tokens instead of five. */
const richer = {
  ...recorded.packet,
  payloads: [{ ...payload, value: Buffer.from(payload.value, "base64").fill(0xff, 128, 130).toString("base64") }],
};
const commitment = packetCommitment(packetOf({ ...recorded, packet: richer }));

const relogged = (entry: LogEntry): LogEntry =>
  entry.kind === "control"
    ? entry
    : {
        ...entry,
        messages: entry.messages.map((message) =>
          message.sequence === recorded.packet.sequence && message.sourceChain === recorded.sourceChain
            ? { ...message, commitment: Buffer.from(commitment).toString("hex") }
            : message,
        ),
      };

/** Changes envelopes and leaves trusted states as they are. */
const changing =
  (change: (envelope: Envelope) => Envelope) =>
  (bytes: Uint8Array): Uint8Array => {
    try {
      return envelopeType.encode(change(envelopeType.decode(bytes)));
    } catch {
      return bytes;
    }
  };

const flipped = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === (at + bytes.length) % bytes.length ? byte ^ 1 : byte));

const audit = (file: Uint8Array, logKey?: string) => verifyBundle(file, { verifierOf, logKey });
const failures = (file: Uint8Array): string =>
  audit(file)
    .checks.filter((check) => !check.ok)
    .map((check) => `${check.name}: ${check.detail}`)
    .join("\n");

it("is believed when nothing was changed but the log, unless one knows the log's key", () => {
  const file = forgedBundle(recorded, {});
  expect(failures(file)).toBe("");
  expect(audit(file, recorded.logKey)).toMatchObject({ ok: false, state: "refused" });
});

it.each<[string, Forgery, string]>([
  ["another amount", { bundle: { packet: richer } }, "the packet's contents are not those the log recorded"],
  [
    "another amount, logged as such",
    { bundle: { packet: richer }, entry: relogged },
    "the envelope claims another value than the packet's",
  ],
  [
    "another amount, logged and claimed as such",
    {
      bundle: { packet: richer },
      entry: relogged,
      evidence: changing((envelope) => ({
        ...envelope,
        claims: envelope.claims.map((claim) =>
          Buffer.from(claim.value).equals(packetCommitment(packetOf(recorded)))
            ? { ...claim, value: commitment }
            : claim,
        ),
      })),
    },
    "refused: VALUE_MISMATCH",
  ],
  [
    "an acknowledgement that refunds",
    { bundle: { acknowledgements: [Buffer.from(UNIVERSAL_ERROR_ACKNOWLEDGEMENT).toString("base64")] } },
    "acknowledge, entry 3: claim: the envelope claims another value than the packet's",
  ],
  [
    "a timeout further away",
    { bundle: { packet: { ...recorded.packet, timeoutTimestamp: "99999999999" } } },
    "the packet's contents are not those the log recorded",
  ],
  [
    "a header with another byte",
    { evidence: changing((one) => ({ ...one, updates: one.updates.map((update) => flipped(update, -1)) })) },
    "receive, entry 0: proof: refused: ",
  ],
  [
    "a storage proof with another byte",
    { evidence: changing((one) => ({ ...one, rootProof: flipped(one.rootProof, 50) })) },
    "receive, entry 0: proof: refused: ",
  ],
  [
    "another height",
    { evidence: changing((one) => ({ ...one, height: one.height + 1n })) },
    "receive, entry 0: proof: refused: ",
  ],
  [
    "no updates",
    { evidence: changing((one) => ({ ...one, updates: [] })) },
    "receive, entry 0: proof: refused: UNKNOWN_HEIGHT",
  ],
  [
    "another light client",
    { evidence: changing((one) => ({ ...one, clientId: "beacon-9" })) },
    "the envelope is for another light client",
  ],
  [
    "a later clock",
    { entry: (entry) => (entry.kind === "verdict" ? { ...entry, now: "99999999999" } : entry) },
    "refused: CLIENT_EXPIRED",
  ],
])("is refused with %s", (_, forgery, problem) => {
  const file = forgedBundle(recorded, forgery);
  expect(failures(file)).toContain(problem);
  expect(audit(file)).toMatchObject({ ok: false, state: "refused" });
});

it("is judged by the verifier that the relayer uses", () => {
  for (const { family, verify } of families) expect(verifierOf(family)).toBe(verify);
  expect(verifierOf("unheard-of")).toBeUndefined();
});

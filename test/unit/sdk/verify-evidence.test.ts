// Evidence is about the packet that was sent, or it is refused: a relayer may well prove another.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { decodeBundle, packetOf } from "#sdk/evidence/bundle.ts";
import { verifyEvidence } from "#sdk/verify-evidence.ts";

const recorded = readFileSync(new URL("evidence/recorded.bundle", import.meta.url));
const bundle = decodeBundle(recorded);
const sent = { sourceChain: bundle.sourceChain, packet: packetOf(bundle) };

it("is believed about what was sent", () => {
  const report = verifyEvidence(recorded, { sent, logKey: bundle.logKey });
  expect(report).toMatchObject({ ok: true, state: "acknowledged" });
  expect(report.checks).toContainEqual({ name: "sent", ok: true, detail: "the one you sent" });
});

it.each<[string, typeof sent]>([
  ["another sequence", { ...sent, packet: { ...sent.packet, sequence: 3n } }],
  ["another chain", { ...sent, sourceChain: "eip155:1" }],
  ["another receiving client", { ...sent, packet: { ...sent.packet, destinationClient: "beacon-1" } }],
  ["another timeout", { ...sent, packet: { ...sent.packet, timeoutTimestamp: 1n } }],
  [
    "another content",
    {
      ...sent,
      packet: { ...sent.packet, payloads: sent.packet.payloads.map((one) => ({ ...one, value: Uint8Array.of(1) })) },
    },
  ],
])("is refused about %s", (_, other) => {
  const report = verifyEvidence(recorded, { sent: other });
  expect(report).toMatchObject({ ok: false, state: "refused" });
  expect(report.checks).toContainEqual({ name: "sent", ok: false, detail: "this is another packet" });
});

// Judges an audit bundle offline: no network, no database, no clock; only the file, and the public rules.
import { bytesToHex } from "@noble/hashes/utils.js";
import { packetDefect } from "#adapters/protocol/packet.ts";
import type { Packet } from "#adapters/protocol/packet.ts";
import { encodePacket } from "#adapters/protocol/packet-codec.ts";
import { isCausewayError } from "#adapters/protocol/error.ts";
import type { Verify } from "#adapters/protocol/verdict.ts";
import { openCheckpoint } from "./checkpoint.ts";
import type { LogMessage } from "./log-entry.ts";
import { decodeBundle, packetOf } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { judgeLeg } from "./judge-leg.ts";
import { checkedEvidence, loggedPacket } from "./logged-packet.ts";
import { formatPacketId } from "./packet-id.ts";
import { createChecks } from "./report.ts";
import type { AuditReport } from "./report.ts";

export interface AuditOptions {
  /** The pure verifier of a chain family, or undefined for one that is not known. */
  verifierOf(family: string): Verify | undefined;
  /** The log's verifier key as the auditor had it from elsewhere; without it the bundle's own is used, and a note says so. */
  readonly logKey?: string | undefined;
  /** The packet as its sender knows it; without it the bundle is about whichever packet it says. */
  readonly sent?: { readonly sourceChain: string; readonly packet: Packet } | undefined;
}

const LEGS: readonly LogMessage["leg"][] = ["receive", "acknowledge", "timeout"];

/** Never throws for any bytes: what is wrong with them is in the report. */
export function verifyBundle(file: Uint8Array, options: AuditOptions): AuditReport {
  const checks = createChecks();
  let bundle: Bundle;
  try {
    bundle = decodeBundle(file);
  } catch (error) {
    checks.check("bundle", isCausewayError(error) ? error.message : String(error), "");
    return { ok: false, packet: undefined, state: "refused", checks: checks.all, notes: [] };
  }
  const packet = packetOf(bundle);
  checks.check("bundle", undefined, `${file.length} bytes of canonical JSON`);
  checks.check("packet", packetDefect(packet), "well formed");

  if (options.sent !== undefined)
    checks.check(
      "sent",
      isSent(bundle, packet, options.sent) ? undefined : "this is another packet",
      "the one you sent",
    );
  if (options.logKey !== undefined)
    checks.check(
      "log key",
      options.logKey === bundle.logKey ? undefined : `the bundle's log has another key: ${bundle.logKey}`,
      "the key you trust",
    );
  const head = openCheckpoint(bundle.checkpoint, bundle.logKey);
  const checkpoint = "problem" in head ? undefined : head;
  checks.check(
    "checkpoint",
    "problem" in head ? head.problem : undefined,
    `signed for ${checkpoint?.size ?? 0n} entries by ${bundle.logKey}`,
  );

  const logged = loggedPacket(bundle, checkpoint, checks);
  const evidence = checkedEvidence(bundle, logged, checks);
  const legs = LEGS.map((leg) => {
    const ofLeg = logged.filter((one) => one.leg === leg);
    return judgeLeg(
      { bundle, leg, logged: ofLeg, evidence, verifierOf: (family) => options.verifierOf(family) },
      checks,
    );
  });
  const [receive, acknowledge, timeout] = legs;
  if (!legs.some((leg) => leg.proven)) checks.check("life", "the bundle proves nothing about the packet", "");
  if (bundle.acknowledgements !== undefined && acknowledge?.proven !== true)
    checks.check("acknowledgements", "the bundle has acknowledgements but does not prove them", "");
  if (acknowledge?.delivered === true && timeout?.delivered === true)
    checks.check("life", "the packet is said to be both acknowledged and timed out", "");

  const ok = checks.all.every((check) => check.ok);
  const state =
    acknowledge?.delivered === true
      ? "acknowledged"
      : timeout?.delivered === true
        ? "timedOut"
        : receive?.delivered === true
          ? "received"
          : "underway";
  return {
    ok,
    packet: formatPacketId({ ...bundle.packet, sourceChain: bundle.sourceChain }),
    state: ok ? state : "refused",
    checks: checks.all,
    notes: notesOn(bundle, { receive: receive?.proven === true, acknowledge: acknowledge?.proven === true }, options),
  };
}

const isSent = (bundle: Bundle, packet: Packet, sent: NonNullable<AuditOptions["sent"]>): boolean =>
  bundle.sourceChain === sent.sourceChain && bytesToHex(encodePacket(packet)) === bytesToHex(encodePacket(sent.packet));

function notesOn(
  bundle: Bundle,
  proven: { readonly receive: boolean; readonly acknowledge: boolean },
  options: AuditOptions,
): string[] {
  const notes = [
    "times in entries and transaction ids are the operator's claims",
    "each proof starts from the trusted state the light client held; compare it with the chain that hosts the client",
  ];
  if (options.logKey === undefined)
    notes.unshift(`the log's key was taken from the bundle itself: compare it with one you trust: ${bundle.logKey}`);
  if (proven.acknowledge && !proven.receive)
    notes.push("this log did not carry the packet's delivery: somebody else did");
  return notes;
}

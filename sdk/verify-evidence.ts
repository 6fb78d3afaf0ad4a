// Judges a packet's evidence offline: no network, no clock, no trust in whoever it comes from.
import type { Packet } from "#adapters/protocol/packet.ts";
import { verifierOf } from "#adapters/verifiers.ts";
import type { AuditReport } from "./evidence/report.ts";
import { verifyBundle } from "./evidence/verify-bundle.ts";

export interface VerifyParameters {
  /** What was sent, as `send` or `transfer` returned it: the evidence has to be about exactly this packet. */
  readonly sent?: { readonly sourceChain: string; readonly packet: Packet } | undefined;
  /** The log's verifier key as known from elsewhere; without it the bundle's own is used, and a note says so. */
  readonly logKey?: string | undefined;
}

/** `bundle`: what `getEvidence` or `causeway audit export` gave. Never throws: what is wrong is in the report. Pure; runs in a browser too. */
export const verifyEvidence = (bundle: Uint8Array, { sent, logKey }: VerifyParameters = {}): AuditReport =>
  verifyBundle(bundle, { verifierOf, sent, logKey });

// Judges one leg of a packet's way again, from the evidence alone.
import { bytesToHex } from "@noble/hashes/utils.js";
import { base64 } from "@scure/base";
import { acknowledgeClaim, receiveClaim, timeoutClaim } from "#adapters/protocol/claim.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import type { Envelope } from "#adapters/protocol/envelope.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import type { Verdict, Verify } from "#adapters/protocol/verdict.ts";
import type { LogMessage } from "./log-entry.ts";
import { packetOf } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import type { Logged, OutcomeEntry, VerdictEntry } from "./logged-packet.ts";
import type { Checks } from "./report.ts";

export interface LegEvidence {
  readonly bundle: Bundle;
  readonly leg: LogMessage["leg"];
  /** The entries of this leg that are in the log. */
  readonly logged: readonly Logged[];
  readonly evidence: ReadonlyMap<string, Uint8Array>;
  verifierOf(family: string): Verify | undefined;
}

/** Reasons that are found by comparing an envelope with its whole batch, of which a bundle holds one message. */
const OF_THE_BATCH: readonly Reason[] = ["MALFORMED", "WRONG_CHAIN", "WRONG_CLIENT", "CLAIM_MISMATCH"];

function decode(bytes: Uint8Array): Envelope | undefined {
  try {
    return envelopeType.decode(bytes);
  } catch {
    return undefined;
  }
}

function claimOf(leg: LogMessage["leg"], bundle: Bundle): Claim | undefined {
  const packet = packetOf(bundle);
  if (leg === "receive") return receiveClaim(packet);
  if (leg === "timeout") return timeoutClaim(packet);
  const { acknowledgements } = bundle;
  return acknowledgements === undefined
    ? undefined
    : acknowledgeClaim(
        packet,
        acknowledgements.map((acknowledgement) => base64.decode(acknowledgement)),
      );
}

const same = (left: Uint8Array, right: Uint8Array): boolean => bytesToHex(left) === bytesToHex(right);

/** Why the envelope is not evidence for this packet, leaving the proofs aside. */
function notBound(envelope: Envelope | undefined, one: Logged, claim: Claim | undefined): string | undefined {
  if (envelope === undefined) return "the envelope does not decode";
  if (envelope.sourceChain !== one.entry.sourceChain) return "the envelope is about another chain";
  if (envelope.targetChain !== one.entry.targetChain) return "the envelope is for another chain";
  if (envelope.clientId !== one.entry.clientId) return "the envelope is for another light client";
  const { messages, part = { first: 0, of: messages.length } } = one.entry;
  if (envelope.claims.length !== part.of) return "the envelope has not one claim for each message";
  if (claim === undefined) return "the acknowledgements are missing";
  const shown = envelope.claims[part.first + one.position];
  if (shown === undefined || !same(shown.path, claim.path)) return "the envelope's claim is about another path";
  const isMembership = claim.kind === "membership";
  if ((shown.membership === 1n) !== isMembership) return `the envelope does not claim ${claim.kind}`;
  return same(shown.value, claim.kind === "membership" ? claim.value : new Uint8Array())
    ? undefined
    : "the envelope claims another value than the packet's";
}

function differs(recorded: VerdictEntry["verdict"], found: Verdict): string | undefined {
  if (!recorded.ok) {
    if (OF_THE_BATCH.includes(recorded.reason) || (!found.ok && found.reason === recorded.reason)) return undefined;
    return `the log says ${recorded.reason}, judged again it is ${found.ok ? "accepted" : found.reason}`;
  }
  if (!found.ok) return `refused: ${found.reason} at ${found.at}`;
  if (found.height.toString() !== recorded.height || found.timestamp.toString() !== recorded.timestamp)
    return "the proof holds at another height or time than the log says";
  return undefined;
}

function judgeVerdict(leg: LegEvidence, one: Logged<VerdictEntry>, checks: Checks): boolean {
  const { entry } = one;
  const name = `${leg.leg}, entry ${one.index}`;
  const [envelope, trusted] = [leg.evidence.get(entry.envelope), leg.evidence.get(entry.trusted)];
  const verify = leg.verifierOf(entry.family);
  if (envelope === undefined || trusted === undefined)
    return checks.check(`${name}: proof`, "its evidence is missing or altered", "");
  if (verify === undefined) return checks.check(`${name}: proof`, `no verifier for the family "${entry.family}"`, "");
  if (entry.verdict.ok) {
    const unbound = notBound(decode(envelope), one, claimOf(leg.leg, leg.bundle));
    if (!checks.check(`${name}: claim`, unbound, "the evidence is about exactly this packet")) return false;
  }
  const found = verify({ trusted, envelope, now: BigInt(entry.now) });
  const proven = found.ok ? `proven at height ${found.height} of ${entry.sourceChain}` : `refused as ${found.reason}`;
  if (!checks.check(`${name}: proof`, differs(entry.verdict, found), proven)) return false;
  if (leg.leg !== "timeout" || !found.ok || !entry.verdict.ok) return entry.verdict.ok;
  const early = found.timestamp < BigInt(leg.bundle.packet.timeoutTimestamp);
  return checks.check(
    `${name}: time`,
    early ? "the absence is proven at a time before the packet's timeout" : undefined,
    "the timeout had passed",
  );
}

/** An outcome is believed when the same batch's evidence was found good before, and signing was announced. */
function judgeOutcome(
  leg: LegEvidence,
  one: Logged<OutcomeEntry>,
  good: readonly Logged<VerdictEntry>[],
  checks: Checks,
): boolean {
  const delivery = one.entry.deliveries[one.position];
  const status = delivery?.status ?? "missing";
  const sameBatch = (other: Logged): boolean =>
    other.index < one.index && other.entry.batchId === one.entry.batchId && other.entry.envelope === one.entry.envelope;
  const announced = leg.logged.some((other) => other.entry.kind === "intent" && sameBatch(other));
  const problem =
    delivery === undefined
      ? "the outcome does not say what became of this packet"
      : status !== "delivered"
        ? undefined
        : !good.some(sameBatch)
          ? "delivered without a good verdict on the same evidence before"
          : announced
            ? undefined
            : "delivered without an intent in the log before";
  const transaction = one.entry.transaction === undefined ? "" : ` by ${one.entry.transaction.id}`;
  const established = status === "already" ? "delivered by somebody else, or earlier" : `${status}${transaction}`;
  return (
    checks.check(`${leg.leg}, entry ${one.index}: outcome`, problem, established) &&
    status !== "refused" &&
    status !== "left"
  );
}

const isVerdict = (one: Logged): one is Logged<VerdictEntry> => one.entry.kind === "verdict";
const isOutcome = (one: Logged): one is Logged<OutcomeEntry> => one.entry.kind === "outcome";

/** Whether the leg is proven and delivered. */
export function judgeLeg(leg: LegEvidence, checks: Checks): { readonly proven: boolean; readonly delivered: boolean } {
  const good = leg.logged.filter(isVerdict).filter((one) => judgeVerdict(leg, one, checks));
  const outcomes = leg.logged.filter(isOutcome).map((one) => judgeOutcome(leg, one, good, checks));
  return { proven: good.length > 0, delivered: good.length > 0 && outcomes.includes(true) };
}

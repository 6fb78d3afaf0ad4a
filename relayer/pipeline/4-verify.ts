// Stage 4: judges a batch as its target will, before anything is signed: pure code on stored bytes, and a verdict.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { ChainId, Message, TrustedClient } from "#adapters/adapter.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import type { Envelope, EnvelopeClaim } from "#adapters/protocol/envelope.ts";
import { refuse } from "#adapters/protocol/verdict.ts";
import type { Verdict, Verify } from "#adapters/protocol/verdict.ts";
import type { Claim } from "#adapters/protocol/claim.ts";
import { claimOf } from "./2-prove.ts";

export interface BatchEvidence {
  readonly envelope: Uint8Array;
  /** As the target holds it now, with the target's clock. */
  readonly trusted: TrustedClient;
  readonly targetChain: ChainId;
  readonly sourceChain: ChainId;
  readonly messages: readonly Message[];
}

function decode(bytes: Uint8Array): Envelope | undefined {
  try {
    return envelopeType.decode(bytes);
  } catch {
    return undefined;
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => bytesToHex(a) === bytesToHex(b);

function isClaim(shown: EnvelopeClaim | undefined, asked: Claim): boolean {
  if (shown === undefined || !same(shown.path, asked.path)) return false;
  return asked.kind === "membership"
    ? shown.membership === 1n && same(shown.value, asked.value)
    : shown.membership === 0n && shown.value.length === 0;
}

/**
 * What only those know who know the lane and the packets (adapters/evm/verify/README.md, "The envelope"), then the source
 * family's rules. Reasons in order: MALFORMED, WRONG_CHAIN, WRONG_CLIENT, CLAIM_MISMATCH, the family's, CLAIM_MISMATCH for
 * a timeout proven at a time before the packet's timeout.
 */
export function verifyBatch(verify: Verify, evidence: BatchEvidence): Verdict {
  const { trusted, messages } = evidence;
  const envelope = decode(evidence.envelope);
  if (envelope === undefined) return refuse("MALFORMED", "envelope");
  if (envelope.targetChain !== evidence.targetChain) return refuse("WRONG_CHAIN", "envelope.targetChain");
  if (envelope.sourceChain !== evidence.sourceChain) return refuse("WRONG_CHAIN", "envelope.sourceChain");
  if (envelope.clientId !== trusted.clientId) return refuse("WRONG_CLIENT", "envelope.clientId");
  if (envelope.claims.length !== messages.length) return refuse("CLAIM_MISMATCH", "envelope.claims");
  for (const [index, message] of messages.entries())
    if (!isClaim(envelope.claims[index], claimOf(message)))
      return refuse("CLAIM_MISMATCH", `envelope.claims[${index}]`);

  const verdict = verify({ trusted: trusted.state, envelope: evidence.envelope, now: trusted.now });
  if (!verdict.ok) return verdict;
  for (const [index, { kind, packet }] of messages.entries())
    if (kind === "timeout" && verdict.timestamp < packet.timeoutTimestamp)
      return refuse("CLAIM_MISMATCH", `envelope.claims[${index}]: proven before the packet's timeout`);
  return verdict;
}

export const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

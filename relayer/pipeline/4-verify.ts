// Stage 4: judges a batch as its target will, before anything is signed: pure code on stored bytes, and a verdict.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { ChainId } from "#adapters/chain-id.ts";
import type { Message } from "#adapters/message.ts";
import type { TrustedClient } from "#adapters/trusted-client.ts";
import { envelope as envelopeType } from "#adapters/protocol/envelope.ts";
import { brokenBinding } from "#adapters/protocol/binding.ts";
import { refuse } from "#adapters/protocol/verdict.ts";
import type { Verdict, VerifyInput } from "#adapters/protocol/verdict.ts";
import { claimOf } from "./2-prove.ts";

export interface BatchEvidence {
  readonly envelope: Uint8Array;
  /** As the target holds it now, with the target's clock. */
  readonly trusted: TrustedClient;
  readonly targetChain: ChainId;
  readonly sourceChain: ChainId;
  readonly messages: readonly Message[];
}

/**
 * What only those know who know the lane and the packets, then the source family's rules, then CLAIM_MISMATCH for a timeout
 * that is proven at a time before the packet's.
 */
export async function verifyBatch(
  verify: (input: VerifyInput) => Verdict | Promise<Verdict>,
  evidence: BatchEvidence,
): Promise<Verdict> {
  const { sourceChain, targetChain, trusted, messages } = evidence;
  const claims = messages.map(claimOf);
  const broken = brokenBinding(evidence.envelope, { sourceChain, targetChain, clientId: trusted.clientId, claims });
  if (broken !== undefined) return broken;
  const verdict = await verify({ trusted: trusted.state, envelope: evidence.envelope, now: trusted.now });
  if (!verdict.ok) return verdict;
  const early = messages.findIndex(
    ({ kind, packet }) => kind === "timeout" && verdict.timestamp < packet.timeoutTimestamp,
  );
  return early === -1 ? verdict : refuse("CLAIM_MISMATCH", `claim ${early}: proven before the packet's timeout`);
}

/**
 * What a light client will trust that takes the evidence in after `trusted`; undefined when it would refuse it then. Whether the claims
 * hold does not depend on that, and is not looked at.
 */
export async function trustedAfter(
  verify: (input: VerifyInput) => Promise<Verdict>,
  { trusted, envelope, now }: VerifyInput,
): Promise<Uint8Array | undefined> {
  const verdict = await verify({
    trusted,
    envelope: envelopeType.encode({ ...envelopeType.decode(envelope), claims: [] }),
    now,
  });
  return verdict.ok ? verdict.trusted : undefined;
}

export const hashOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

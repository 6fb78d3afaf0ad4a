// Whether an envelope is the one asked for: about this chain, for this light client, with these packets' claims and no others.
import { equalBytes } from "./bytes.ts";
import type { Claim } from "./claim.ts";
import { decodeExactly } from "./decode-exactly.ts";
import { envelope } from "./envelope.ts";
import type { EnvelopeClaim } from "./envelope.ts";
import { refuse } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** What the caller knows from its own configuration and packets. Chains as CAIP-2 ids. */
export interface ExpectedBinding {
  readonly sourceChain: string;
  readonly targetChain: string;
  readonly clientId: string;
  /** In order. */
  readonly claims: readonly Claim[];
}

function isClaim(actual: EnvelopeClaim, expected: Claim | undefined): boolean {
  if (expected === undefined || !equalBytes(actual.path, expected.path)) return false;
  return expected.kind === "membership"
    ? actual.membership === 1n && equalBytes(actual.value, expected.value)
    : actual.membership === 0n;
}

/**
 * Undefined when the envelope is bound to what is expected; else MALFORMED, WRONG_CHAIN, WRONG_CLIENT or CLAIM_MISMATCH.
 * Says nothing about the proofs: the source family's verifier does.
 */
export function brokenBinding(bytes: Uint8Array, expected: ExpectedBinding): (Verdict & { ok: false }) | undefined {
  const value = decodeExactly(envelope, bytes);
  if (value === undefined) return refuse("MALFORMED", "envelope");
  if (value.sourceChain !== expected.sourceChain) return refuse("WRONG_CHAIN", "source chain");
  if (value.targetChain !== expected.targetChain) return refuse("WRONG_CHAIN", "target chain");
  if (value.clientId !== expected.clientId) return refuse("WRONG_CLIENT", "client id");
  if (value.claims.length !== expected.claims.length) return refuse("CLAIM_MISMATCH", "number of claims");
  const differing = value.claims.findIndex((claim, index) => !isClaim(claim, expected.claims[index]));
  return differing === -1 ? undefined : refuse("CLAIM_MISMATCH", `claim ${differing}`);
}

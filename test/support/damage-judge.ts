// What damage to valid evidence may do: be refused with a reason from the list, or change nothing. The same for every family.
import fc from "fast-check";
import { expect } from "vitest";
import { brokenBinding } from "#adapters/protocol/binding.ts";
import type { ExpectedBinding } from "#adapters/protocol/binding.ts";
import { reasons } from "#adapters/protocol/reason.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import type { Verdict, Verify, VerifyInput } from "#adapters/protocol/verdict.ts";

export interface BoundEvidence extends VerifyInput {
  readonly asked: ExpectedBinding;
}

export interface DamageJudge {
  /** Reasons that damage was refused for so far. */
  readonly seen: ReadonlySet<Reason>;
  readonly judge: (valid: BoundEvidence, envelope: Uint8Array) => Verdict;
  /** Passes over what is not damaged at all. */
  readonly holds: (valid: BoundEvidence, damaged: Uint8Array | undefined) => void;
  /** A refusal, by whomever. */
  readonly refused: (reason: Reason) => void;
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;

/** `essence`: what evidence states; two envelopes of one essence may differ in what no rule looks at. */
export function createDamageJudge(verify: Verify, essence: (envelope: Uint8Array) => string): DamageJudge {
  const seen = new Set<Reason>();

  function judge({ trusted, now, asked }: BoundEvidence, envelope: Uint8Array): Verdict {
    const verdict = verify({ trusted, envelope, now });
    return verdict.ok ? (brokenBinding(envelope, asked) ?? verdict) : verdict;
  }

  function refused(reason: Reason): void {
    seen.add(reason);
    expect(reasons).toHaveProperty(reason);
  }

  return {
    seen,
    judge,
    refused,
    holds(valid, damaged) {
      fc.pre(damaged !== undefined && !isSame(damaged, valid.envelope));
      const verdict = judge(valid, damaged);
      if (!verdict.ok) return refused(verdict.reason);
      const original = judge(valid, valid.envelope);
      expect(essence(damaged) === essence(valid.envelope), "accepted, and not the same statement").toBe(true);
      expect(original.ok && isSame(verdict.trusted, original.trusted), "accepted, and not the same result").toBe(true);
    },
  };
}

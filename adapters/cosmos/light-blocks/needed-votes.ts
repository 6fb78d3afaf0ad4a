// Leaves of a commit what canonical evidence has: the first votes that suffice; all others become absent.
import { bytesToHex } from "@noble/hashes/utils.js";
import type { CommitSig, Validator } from "../verify/evidence.ts";
import { isForBlock } from "../verify/form.ts";
import { ZERO_TIME } from "../verify/time.ts";
import { totalPower } from "../verify/validators.ts";

export const absentVote: CommitSig = {
  blockIdFlag: 1n,
  validatorAddress: new Uint8Array(),
  timestamp: ZERO_TIME,
  signature: new Uint8Array(),
};

export interface Voting {
  readonly votes: readonly CommitSig[];
  readonly validators: readonly Validator[];
  /** Undefined when adjacent. */
  readonly trustedValidators: readonly Validator[] | undefined;
  readonly trustLevel: { readonly numerator: bigint; readonly denominator: bigint };
}

interface Enough {
  readonly places: ReadonlySet<number>;
  /** Whether their power is more than the fraction. */
  readonly isEnough: boolean;
}

/** Places whose power is first more than the fraction of the total; all of them when it never is. */
function firstEnough(powers: readonly bigint[], total: bigint, numerator: bigint, denominator: bigint): Enough {
  const places = new Set<number>();
  let power = 0n;
  for (const [place, more] of powers.entries()) {
    if (more === 0n) continue;
    places.add(place);
    power += more;
    if (power * denominator > total * numerator) return { places, isEnough: true };
  }
  return { places, isEnough: false };
}

/** In the place of each vote the power its validator has among the trusted ones. */
function trustedPowers({ votes, validators, trustedValidators = [] }: Voting): bigint[] {
  // The first of a key counts.
  const powers = new Map(
    trustedValidators.toReversed().map(({ pubKey, votingPower }) => [bytesToHex(pubKey.value), votingPower]),
  );
  return votes.map((vote, place) => {
    const key = validators[place]?.pubKey.value;
    return key !== undefined && isForBlock(vote) ? (powers.get(bytesToHex(key)) ?? 0n) : 0n;
  });
}

const trusting = (voting: Voting): Enough => {
  const { trustedValidators = [], trustLevel } = voting;
  const { numerator, denominator } = trustLevel;
  return firstEnough(trustedPowers(voting), totalPower(trustedValidators), numerator, denominator);
};

/** Whether more than the trust level of the trusted validators' power voted for the block: enough to skip to it. */
export const isTrustEnough = (voting: Voting): boolean => trusting(voting).isEnough;

export function neededVotes(voting: Voting): CommitSig[] {
  const { votes, validators } = voting;
  const powers = votes.map((vote, place) => (isForBlock(vote) ? (validators[place]?.votingPower ?? 0n) : 0n));
  const own = firstEnough(powers, totalPower(validators), 2n, 3n);
  const trusted = trusting(voting);
  return votes.map((vote, place) => (own.places.has(place) || trusted.places.has(place) ? vote : absentVote));
}

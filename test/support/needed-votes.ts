// Leaves of a commit what canonical evidence has: the first votes that suffice; all others become absent.
import { ZERO_TIME } from "#adapters/cosmos/verify/time.ts";
import type { CommitSig, Validator } from "#adapters/cosmos/verify/evidence.ts";

export const absentVote: CommitSig = {
  blockIdFlag: 1n,
  validatorAddress: new Uint8Array(),
  timestamp: ZERO_TIME,
  signature: new Uint8Array(),
};

interface Commitment {
  readonly votes: readonly CommitSig[];
  readonly validators: readonly Validator[];
  /** Undefined when adjacent. */
  readonly trustedValidators: readonly Validator[] | undefined;
  readonly trustLevel: { readonly numerator: bigint; readonly denominator: bigint };
}

const sum = (powers: readonly bigint[]): bigint => powers.reduce((total, power) => total + power, 0n);

/** Places whose power is first more than the fraction of the total; all of them when it never is. */
function firstEnough(powers: readonly bigint[], total: bigint, numerator: bigint, denominator: bigint): Set<number> {
  const places = new Set<number>();
  for (const [place, power] of powers.entries()) {
    if (power === 0n) continue;
    if (sum([...places].map((one) => powers[one] ?? 0n)) * denominator > total * numerator) break;
    places.add(place);
  }
  return places;
}

export function neededVotes({ votes, validators, trustedValidators = [], trustLevel }: Commitment): CommitSig[] {
  const isFor = (place: number): boolean => votes[place]?.blockIdFlag === 2n;
  const own = validators.map(({ votingPower }, place) => (isFor(place) ? votingPower : 0n));
  const trusted = validators.map(({ pubKey }, place) => {
    const same = trustedValidators.find((one) => String(one.pubKey.value) === String(pubKey.value));
    return isFor(place) && same ? same.votingPower : 0n;
  });
  const total = (of: readonly Validator[]): bigint => sum(of.map(({ votingPower }) => votingPower));
  const needed = new Set([
    ...firstEnough(own, total(validators), 2n, 3n),
    ...firstEnough(trusted, total(trustedValidators), trustLevel.numerator, trustLevel.denominator),
  ]);
  return votes.map((vote, place) => (needed.has(place) ? vote : absentVote));
}

// An update as canonical evidence has it: proposers and priorities that no hash covers are normalised, and only the votes that count are left.
import { revisionOf } from "../verify/chain-id.ts";
import type { CometUpdate, CommitSig, Validator, ValidatorSet } from "../verify/evidence.ts";
import type { CometState } from "../verify/trusted-state.ts";
import type { LightBlock } from "./light-block.ts";
import { isTrustEnough, neededVotes } from "./needed-votes.ts";
import type { Voting } from "./needed-votes.ts";

export interface Step {
  readonly block: LightBlock;
  readonly trustedHeight: bigint;
  /** Of the block after the trusted one. */
  readonly trustedValidators: readonly Validator[];
}

type TrustLevel = Pick<CometState, "trustLevelNumerator" | "trustLevelDenominator">;

const isAdjacent = ({ block, trustedHeight }: Step): boolean => block.header.height === trustedHeight + 1n;

const votingOf = (step: Step, level: TrustLevel): Voting => ({
  votes: step.block.commit.signatures,
  validators: step.block.validators,
  trustedValidators: isAdjacent(step) ? undefined : step.trustedValidators,
  trustLevel: { numerator: level.trustLevelNumerator, denominator: level.trustLevelDenominator },
});

/** Whether the trusted validators reach so far: else a block between has to be trusted first. */
export const isWithinReach = (step: Step, level: TrustLevel): boolean =>
  isAdjacent(step) || isTrustEnough(votingOf(step, level));

function setOf(validators: readonly Validator[]): ValidatorSet {
  const plain = validators.map((one) => ({ ...one, proposerPriority: 0n }));
  return { validators: plain, proposer: plain[0], totalVotingPower: 0n };
}

/** README.md of the verifier, "Form of an update". It is not judged here. */
export function canonicalUpdate(step: Step, state: CometState): CometUpdate {
  const { block, trustedHeight, trustedValidators } = step;
  const signatures: CommitSig[] = neededVotes(votingOf(step, state));
  return {
    signedHeader: { header: block.header, commit: { ...block.commit, signatures } },
    validatorSet: setOf(block.validators),
    trustedHeight: { revisionNumber: revisionOf(state.chainId), revisionHeight: trustedHeight },
    trustedValidators: setOf(trustedValidators),
  };
}

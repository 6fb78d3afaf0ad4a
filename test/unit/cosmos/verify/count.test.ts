// Which votes count, for any sets and voters, against the thresholds computed from the whole sets.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brokenCount } from "#adapters/cosmos/verify/count.ts";
import type { Commit, CommitSig } from "#adapters/cosmos/verify/evidence.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeState, member, validatorsOf } from "#test/support/comet-evidence.ts";
import type { Member } from "#test/support/comet-evidence.ts";
import { absentVote, neededVotes } from "#adapters/cosmos/light-blocks/needed-votes.ts";

const people = Array.from({ length: 8 }, (_, index) => member(`count${index}`, 1n));
const power = fc.bigInt({ min: 1n, max: 40n });

/** Some of the people with some power, in any order. */
const members = fc
  .tuple(fc.shuffledSubarray(people, { minLength: 1 }), fc.array(power, { minLength: 8, maxLength: 8 }))
  .map(([some, powers]) =>
    some.map((one, index): Member => ({ ...one, validator: { ...one.validator, votingPower: powers[index] ?? 1n } })),
  );

const level = fc
  .tuple(fc.bigInt({ min: 1n, max: 9n }), fc.bigInt({ min: 1n, max: 9n }))
  .filter(([numerator, denominator]) => numerator * 3n >= denominator && numerator <= denominator)
  .map(([numerator, denominator]) => ({ numerator, denominator }));

const given = fc.record({
  own: members,
  trusted: fc.option(members, { nil: undefined }),
  trustLevel: level,
  voting: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

const voteOf = ({ validator }: Member): CommitSig => ({
  blockIdFlag: 2n,
  validatorAddress: validator.address,
  timestamp: { seconds: 0n, nanos: 0n },
  signature: new Uint8Array(64),
});
const votesOf = ({ own, voting }: Given): CommitSig[] =>
  own.map((one, place) => (voting[place] === true ? voteOf(one) : absentVote));

const needed = ({ own, trusted, trustLevel }: Given, votes: readonly CommitSig[]): CommitSig[] =>
  neededVotes({
    votes,
    validators: validatorsOf(own),
    trustedValidators: trusted && validatorsOf(trusted),
    trustLevel,
  });

function judge({ own, trusted, trustLevel }: Given, signatures: readonly CommitSig[]): Reason | undefined {
  const hash = new Uint8Array(32);
  const blockId = { hash, partSetHeader: { total: 1n, hash } };
  const commit: Commit = { height: 1n, round: 0n, blockId, signatures };
  const state = {
    ...makeState([]),
    trustLevelNumerator: trustLevel.numerator,
    trustLevelDenominator: trustLevel.denominator,
  };
  return brokenCount(
    { commit, validators: validatorsOf(own), trustedValidators: trusted && validatorsOf(trusted) },
    state,
  );
}

const total = (of: readonly Member[]): bigint => of.reduce((sum, { validator }) => sum + validator.votingPower, 0n);

/** From the whole sets: who of them voted. */
function expected({ own, trusted, trustLevel, voting }: Given): Reason | undefined {
  const voters = own.filter((_, place) => voting[place] === true);
  if (trusted !== undefined) {
    const signed = trusted.filter(({ secret }) => voters.some((voter) => voter.secret === secret));
    if (total(signed) * trustLevel.denominator <= total(trusted) * trustLevel.numerator) return "INSUFFICIENT_TRUST";
  }
  return total(voters) * 3n <= total(own) * 2n ? "INSUFFICIENT_PARTICIPATION" : undefined;
}

describe("for any sets and voters", () => {
  test("the votes that are needed are judged as all of them would be", () => {
    fc.assert(
      fc.property(given, (one) => {
        expect(judge(one, needed(one, votesOf(one)))).toBe(expected(one));
      }),
      { numRuns: 1000 },
    );
  });

  test("without the last of them they are not enough", () => {
    fc.assert(
      fc.property(given, (one) => {
        const votes = needed(one, votesOf(one));
        fc.pre(judge(one, votes) === undefined);
        const last = votes.findLastIndex((vote) => vote !== absentVote);
        expect(judge(one, votes.with(last, absentVote))).toMatch(/^INSUFFICIENT_/);
      }),
    );
  });

  test("a vote behind the last of them is one too many", () => {
    fc.assert(
      fc.property(given, (one) => {
        const all = votesOf(one);
        const votes = needed(one, all);
        const last = votes.findLastIndex((vote) => vote !== absentVote);
        const more = all.findIndex((vote, place) => place > last && vote !== absentVote);
        fc.pre(judge(one, votes) === undefined && more !== -1);
        expect(judge(one, votes.with(more, all[more] ?? absentVote))).toBe("MALFORMED");
      }),
    );
  });

  test("a vote under another's address is nobody's", () => {
    fc.assert(
      fc.property(given, (one) => {
        const votes = votesOf(one);
        const stranger = member("stranger", 1n).validator.address;
        fc.pre(votes.some((vote) => vote !== absentVote));
        const changed = votes.map((vote) => (vote === absentVote ? vote : { ...vote, validatorAddress: stranger }));
        expect(judge(one, changed)).toBe("INVALID_VOTE");
      }),
    );
  });
});

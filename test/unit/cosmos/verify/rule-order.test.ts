// When evidence breaks several rules, the first one gives the reason: that is what lets every language agree.
import { expect, test } from "vitest";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometHeader, CometUpdate, Commit } from "#adapters/cosmos/verify/evidence.ts";
import { nanoseconds } from "#adapters/cosmos/verify/time.ts";
import type { CometState, ConsensusState } from "#adapters/cosmos/verify/trusted-state.ts";
import { applyUpdate } from "#adapters/cosmos/verify/update.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeMembers, makeState, makeUpdate, setOf, timeAt } from "#test/support/comet-evidence.ts";
import { absentVote } from "#adapters/cosmos/light-blocks/needed-votes.ts";

const members = makeMembers("", [40n, 25n, 20n, 10n, 5n]);
const strangers = makeMembers("stranger", [50n]);

interface Given {
  readonly update: CometUpdate;
  readonly state: CometState;
  /** Nanoseconds. */
  readonly now: bigint;
}

const whole: Given = {
  update: makeUpdate({ height: 110n, trustedHeight: 90n, members }),
  state: makeState([
    { height: 90n, members },
    { height: 100n, members },
  ]),
  now: nanoseconds(timeAt(120n)),
};

const withHeader = (given: Given, changed: Partial<CometHeader>): Given => {
  const { header, commit } = given.update.signedHeader ?? {};
  return {
    ...given,
    update: { ...given.update, signedHeader: { header: header && { ...header, ...changed }, commit } },
  };
};
const withCommit = (given: Given, change: (commit: Commit) => Partial<Commit>): Given => {
  const { header, commit } = given.update.signedHeader ?? {};
  const signedHeader = { header, commit: commit && { ...commit, ...change(commit) } };
  return { ...given, update: { ...given.update, signedHeader } };
};
const withState = (given: Given, state: Partial<CometState>): Given => ({
  ...given,
  state: { ...given.state, ...state },
});
const trusting = (given: Given, change: (held: ConsensusState) => Partial<ConsensusState>): Given =>
  withState(given, {
    consensusStates: given.state.consensusStates.map((held, index) =>
      index === 0 ? { ...held, ...change(held) } : held,
    ),
  });

const ZEROS = new Uint8Array(32);
const unknownKey = ({ update }: Given): CometUpdate["validatorSet"] =>
  update.validatorSet && {
    ...update.validatorSet,
    validators: update.validatorSet.validators.map((one, place) =>
      place === 4 ? { ...one, pubKey: { number: 2, value: one.pubKey.value } } : one,
    ),
  };

/** Each breaks one rule, in the rules' order; applied from the last to the first, so that earlier ones see a whole update. */
const violations: readonly (readonly [Reason, (given: Given) => Given])[] = [
  ["MALFORMED", (given) => withCommit(given, () => ({ round: -1n }))],
  ["UNKNOWN_KEY_TYPE", (given) => ({ ...given, update: { ...given.update, validatorSet: unknownKey(given) } })],
  ["CLIENT_FROZEN", (given) => withState(given, { frozen: true })],
  ["CLIENT_EXPIRED", (given) => withState(given, { trustingPeriod: 0n })],
  ["WRONG_CHAIN", (given) => withState(given, { chainId: "another-1" })],
  [
    "UNKNOWN_HEIGHT",
    (given) => ({ ...given, update: { ...given.update, trustedHeight: { revisionNumber: 1n, revisionHeight: 91n } } }),
  ],
  ["HEIGHT_ORDER", (given) => withCommit(withHeader(given, { height: 90n }), () => ({ height: 90n }))],
  ["TRUSTED_HEADER_EXPIRED", (given) => trusting(given, () => ({ timestamp: 0n }))],
  ["NON_MONOTONIC_TIME", (given) => withHeader(given, { time: timeAt(89n) })],
  ["FUTURE_HEADER", (given) => withState(given, { maxClockDrift: -1_000_000_000_000n })],
  ["UNTRUSTED_VALIDATORS", (given) => ({ ...given, update: { ...given.update, trustedValidators: setOf(strangers) } })],
  ["INVALID_VALIDATORS", (given) => withHeader(given, { validatorsHash: ZEROS })],
  ["INVALID_HEADER_HASH", (given) => withCommit(given, ({ blockId }) => ({ blockId: { ...blockId, hash: ZEROS } }))],
  [
    "INVALID_VOTE",
    (given) =>
      withCommit(given, ({ signatures: [first = absentVote, ...others] }) => ({
        signatures: [{ ...first, validatorAddress: new Uint8Array(20) }, ...others],
      })),
  ],
  ["INSUFFICIENT_TRUST", (given) => withState(given, { trustLevelNumerator: 1n, trustLevelDenominator: 1n })],
  [
    "INSUFFICIENT_PARTICIPATION",
    (given) =>
      withCommit(given, ({ signatures }) => ({
        signatures: signatures.map((vote, place) => (place === 0 ? vote : absentVote)),
      })),
  ],
  [
    "INVALID_SIGNATURE",
    (given) =>
      withCommit(given, ({ signatures: [first = absentVote, ...others] }) => ({
        signatures: [{ ...first, signature: new Uint8Array(64) }, ...others],
      })),
  ],
];

const judge = ({ update, state, now }: Given): unknown => applyUpdate(state, cometUpdate.encode(update), now);

test("the update breaks none", () => {
  expect(judge(whole)).toBeTypeOf("object");
});

test.each(violations.map(([reason], index) => [reason, index] as const))(
  "%s before all later rules",
  (reason, index) => {
    const broken = violations
      .slice(index)
      .toReversed()
      .reduce<Given>((given, [, breaks]) => breaks(given), whole);
    expect(judge(broken)).toBe(reason);
  },
);

test.each(violations)("%s alone", (reason, breaks) => {
  expect(judge(breaks(whole))).toBe(reason);
});

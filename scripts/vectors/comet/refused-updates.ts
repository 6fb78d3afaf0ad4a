// Vectors: light-client updates that are refused, in the order of the rules they break.
import { ed25519 } from "@noble/curves/ed25519.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { CometUpdate, Commit, CommitSig, Validator } from "#adapters/cosmos/verify/evidence.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { makeMembers, makeState, signAll, timeAt } from "#test/support/comet-evidence.ts";
import type { Member } from "#test/support/comet-evidence.ts";
import { absentVote } from "#adapters/cosmos/light-blocks/needed-votes.ts";
import { blocks, LATEST, members, moved, now, skip, state, strangers, update, updateVector } from "./chain.ts";
import type { Vector } from "../vector.ts";

interface Given {
  readonly state?: CometState;
  readonly now?: bigint;
}

const refused = (reason: Reason, name: string, why: string, one: CometUpdate, given: Given = {}): Vector =>
  updateVector({ name, why, ...given, expect: reason }, one);

const flipped = (bytes: Uint8Array, at = 0): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

export const withCommit = (one: CometUpdate, change: (commit: Commit) => Partial<Commit>): CometUpdate => ({
  ...one,
  signedHeader: one.signedHeader && {
    ...one.signedHeader,
    commit: one.signedHeader.commit && { ...one.signedHeader.commit, ...change(one.signedHeader.commit) },
  },
});

export const withVote = (one: CometUpdate, place: number, change: (vote: CommitSig) => CommitSig): CometUpdate =>
  withCommit(one, ({ signatures }) => ({
    signatures: signatures.map((vote, index) => (index === place ? change(vote) : vote)),
  }));

export const resigned = (one: CometUpdate, by: readonly Member[], chainId?: string): CometUpdate =>
  withCommit(one, (commit) => signAll(commit, by, chainId));

const withKey = (one: Validator, number: number, value = one.pubKey.value): Validator => ({
  ...one,
  pubKey: { number, value },
});

/** The key of the weakest validator of one of the sets is of another type; nobody needs its vote. */
function withKeyType(number: number, size: number, which: "validatorSet" | "trustedValidators"): CometUpdate {
  const one = skip();
  const set = one[which];
  const validators = set?.validators.map((validator, place, all) =>
    place === all.length - 1 ? withKey(validator, number, new Uint8Array(size).fill(2)) : validator,
  );
  return { ...one, [which]: set && { ...set, validators } };
}

const ORDER = ed25519.Point.Fn.ORDER;

/** The same signature with s + L. */
function unreduced(signature: Uint8Array): Uint8Array {
  const s = signature.subarray(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) + ORDER;
  return Uint8Array.of(
    ...signature.subarray(0, 32),
    ...Array.from({ length: 32 }, (_, at) => Number((s >> BigInt(8 * at)) & 0xffn)),
  );
}

const signature = (how: (bytes: Uint8Array) => Uint8Array) => (vote: CommitSig) => ({
  ...vote,
  signature: how(vote.signature),
});

const [first, second] = members;
if (first === undefined || second === undefined) throw new RangeError("no members");

/** Name, field of PublicKey, bytes. */
const KEY_TYPES = [
  ["secp256k1", 2, 33],
  ["bls12381", 3, 96],
  ["mldsa65", 4, 1952],
  ["secp256k1eth", 5, 33],
  ["that-nobody-knows", 15, 32],
] as const;

const keys = (): Vector[] =>
  KEY_TYPES.flatMap(([name, number, size]) => [
    refused(
      "UNKNOWN_KEY_TYPE",
      `key-${name}`,
      "a validator whose key cannot be verified is not passed over",
      withKeyType(number, size, "validatorSet"),
    ),
    refused(
      "UNKNOWN_KEY_TYPE",
      `trusted-key-${name}`,
      "nor one that was trusted",
      withKeyType(number, size, "trustedValidators"),
    ),
  ]);

const status = (): Vector[] => [
  refused("CLIENT_FROZEN", "frozen", "a frozen light client takes nothing", update(), {
    state: { ...state, frozen: true },
  }),
  refused("CLIENT_EXPIRED", "expired", "the trusting period is over", update(), {
    now: timeAt(LATEST).seconds + 14n * 86_400n + 1n,
  }),
  refused("CLIENT_EXPIRED", "expired-to-the-nanosecond", "the period's last nanosecond is not within it", update(), {
    state: { ...state, trustingPeriod: 100n * 1_000_000_000n - timeAt(LATEST).nanos },
    now: timeAt(LATEST).seconds + 100n,
  }),
  refused(
    "CLIENT_EXPIRED",
    "expired-long-ago",
    "a validator set that may have left with its stake",
    skip({ height: 1_000_000n }),
    {
      now: timeAt(1_000_000n).seconds,
    },
  ),
  refused(
    "WRONG_CHAIN",
    "another-chain",
    "the same validators run another chain",
    update({ header: { chainId: utf8ToBytes("causeway-2") } }),
  ),
  refused(
    "WRONG_CHAIN",
    "chain-id-begins-alike",
    "no id is another's beginning",
    update({ header: { chainId: utf8ToBytes("causeway-10") } }),
  ),
  refused(
    "UNKNOWN_HEIGHT",
    "trusted-height-not-held",
    "nothing is known of the height it builds on",
    update({ height: 96n, trustedHeight: 95n }),
  ),
  refused("UNKNOWN_HEIGHT", "trusted-height-zero", "there is no block 0", update({ trustedHeight: 0n })),
  refused(
    "UNKNOWN_HEIGHT",
    "trusted-height-of-another-revision",
    "a height is one of its revision",
    update({ revisionNumber: 2n }),
  ),
  refused(
    "UNKNOWN_HEIGHT",
    "trusted-height-without-revision",
    "the chain id says its revision",
    update({ revisionNumber: 0n }),
  ),
  refused("UNKNOWN_HEIGHT", "trusted-height-forgotten", "64 heights are remembered", skip({ trustedHeight: 36n }), {
    state: makeState(Array.from({ length: 64 }, (_, index) => ({ height: 37n + BigInt(index), members }))),
  }),
];

const times = (): Vector[] => [
  refused(
    "HEIGHT_ORDER",
    "height-of-the-trusted",
    "another header of the height it builds on",
    update({ height: LATEST }),
  ),
  refused("HEIGHT_ORDER", "height-one", "the first block is long past", update({ height: 1n })),
  refused("HEIGHT_ORDER", "height-below-the-trusted", "nothing is proven backwards", update({ height: 95n })),
  refused(
    "TRUSTED_HEADER_EXPIRED",
    "trusted-header-expired",
    "the light client is active, but not the header it builds on",
    skip({ trustedHeight: 90n }),
    {
      state: { ...state, trustingPeriod: 140n * 1_000_000_000n },
      now: timeAt(LATEST).seconds + 100n,
    },
  ),
  refused(
    "NON_MONOTONIC_TIME",
    "time-of-the-trusted",
    "a header of the same nanosecond",
    update({ header: { time: timeAt(LATEST) } }),
  ),
  refused(
    "NON_MONOTONIC_TIME",
    "time-before-the-trusted",
    "time goes backwards",
    update({ header: { time: timeAt(99n) } }),
  ),
  refused(
    "NON_MONOTONIC_TIME",
    "time-zero",
    "a header of 1970",
    update({ header: { time: { seconds: 0n, nanos: 0n } } }),
  ),
  refused(
    "FUTURE_HEADER",
    "time-beyond-the-drift",
    "ten seconds ahead of the clock, not less",
    update({ header: { time: { seconds: now + 10n, nanos: 0n } } }),
  ),
  refused(
    "FUTURE_HEADER",
    "time-far-ahead",
    "the last second that a time can have",
    update({ header: { time: { seconds: 18_446_744_072n, nanos: 999_999_999n } } }),
  ),
  refused(
    "STALE_HEADER",
    "height-between",
    "what lies between two trusted headers is not needed",
    skip({ height: 95n, trustedHeight: 90n }),
  ),
  refused(
    "STALE_HEADER",
    "height-between-unsigned",
    "and not even verified",
    skip({ height: 95n, trustedHeight: 90n, members: strangers, trustedMembers: strangers }),
  ),
];

const tampered = skip();

const sets = (): Vector[] => [
  refused(
    "UNTRUSTED_VALIDATORS",
    "trusted-validators-of-others",
    "validators of the attacker's own",
    skip({ members: strangers, trustedMembers: strangers }),
  ),
  refused(
    "UNTRUSTED_VALIDATORS",
    "trusted-validators-one-missing",
    "all of them, or the total is less",
    skip({ trustedMembers: members.slice(0, 4) }),
  ),
  refused(
    "UNTRUSTED_VALIDATORS",
    "trusted-validators-in-another-order",
    "the hash has an order",
    skip({ trustedMembers: members.toReversed() }),
  ),
  refused(
    "UNTRUSTED_VALIDATORS",
    "trusted-validators-of-more-power",
    "a trusted validator made stronger",
    skip({
      members: [...makeMembers("", [900n])],
      trustedMembers: makeMembers("", [900n, 25n, 20n, 10n, 5n]),
    }),
  ),
  refused(
    "UNTRUSTED_VALIDATORS",
    "adjacent-validators-not-announced",
    "the next block is by those whom the trusted one named",
    update({ members: strangers, trustedMembers: members }),
  ),
  refused(
    "UNTRUSTED_VALIDATORS",
    "one-validator-of-a-hostile-chain",
    "a chain of one under the same id",
    update({ members: makeMembers("hostile", [1n]), trustedMembers: makeMembers("hostile", [1n]) }),
  ),
  refused(
    "INVALID_VALIDATORS",
    "validators-not-the-headers",
    "the header names other validators than those who signed",
    skip({
      members: strangers,
      header: { validatorsHash: flipped(new Uint8Array(32)) },
    }),
  ),
  refused(
    "INVALID_VALIDATORS",
    "validators-hash-altered",
    "a bit of the hash",
    update({ header: { validatorsHash: new Uint8Array(32) } }),
  ),
  refused("INVALID_HEADER_HASH", "header-altered", "an application hash put in after the votes", {
    ...tampered,
    signedHeader: tampered.signedHeader && {
      ...tampered.signedHeader,
      header: tampered.signedHeader.header && {
        ...tampered.signedHeader.header,
        appHash: new Uint8Array(32).fill(0xee),
      },
    },
  }),
  refused("INVALID_HEADER_HASH", "header-time-altered", "a nanosecond after the votes", {
    ...tampered,
    signedHeader: tampered.signedHeader && {
      ...tampered.signedHeader,
      header: tampered.signedHeader.header && {
        ...tampered.signedHeader.header,
        time: { ...tampered.signedHeader.header.time, nanos: tampered.signedHeader.header.time.nanos + 1n },
      },
    },
  }),
  refused(
    "INVALID_HEADER_HASH",
    "commit-for-another-block",
    "votes for a block that is not shown",
    resigned(
      withCommit(update(), ({ blockId }) => ({ blockId: { ...blockId, hash: flipped(blockId.hash) } })),
      members,
    ),
  ),
];

/** A trusted validator whose one vote is not enough has every place of the attacker's set. */
const weak = members[3] ?? first;
const weakTwice = skip({ members: [weak, weak, weak, weak], isSkipping: false });

const power = (): Vector[] => [
  refused(
    "INVALID_VOTE",
    "vote-from-another-place",
    "an address that is not the validator's",
    withVote(update(), 0, (vote) => ({ ...vote, validatorAddress: second.validator.address })),
  ),
  refused(
    "INVALID_VOTE",
    "votes-exchanged",
    "each in the other's place",
    withCommit(update(), ({ signatures: [one, two, ...others] }) => ({
      signatures: one && two ? [two, one, ...others] : [],
    })),
  ),
  refused("INVALID_VOTE", "vote-counted-twice", "one trusted validator in four places of another set", weakTwice),
  refused(
    "INVALID_VOTE",
    "vote-of-nobody",
    "an address of zeros",
    withVote(update(), 1, (vote) => ({ ...vote, validatorAddress: new Uint8Array(20) })),
  ),
  refused(
    "INSUFFICIENT_TRUST",
    "trust-a-third",
    "exactly a third is not more than a third",
    skip({
      members: [first, ...strangers],
      trustedMembers: thirds,
    }),
    { state: makeState([{ height: LATEST, members: thirds }]) },
  ),
  refused("INSUFFICIENT_TRUST", "trust-none", "nobody who was trusted signed", skip({ members: strangers })),
  refused(
    "INSUFFICIENT_TRUST",
    "trust-too-weak",
    "one of the trusted with a quarter",
    skip({ members: [second, ...strangers] }),
  ),
  refused(
    "INSUFFICIENT_TRUST",
    "trust-level-not-reached",
    "the light client wants three quarters",
    skip({
      members: [first, second, ...strangers],
      trustLevel: { numerator: 3n, denominator: 4n },
    }),
    { state: { ...state, trustLevelNumerator: 3n, trustLevelDenominator: 4n } },
  ),
  refused(
    "INSUFFICIENT_TRUST",
    "trust-level-of-all",
    "more than all of them cannot sign",
    skip({ trustLevel: { numerator: 1n, denominator: 1n } }),
    {
      state: { ...state, trustLevelNumerator: 1n, trustLevelDenominator: 1n },
    },
  ),
  refused(
    "INSUFFICIENT_TRUST",
    "trust-those-who-stayed-did-not-vote",
    "the trusted are in the set but did not sign",
    skip({
      members: [...makeMembers("large", [500n]), ...members],
      voters: [0],
    }),
  ),
  refused(
    "INSUFFICIENT_PARTICIPATION",
    "power-two-thirds",
    "exactly two thirds are not more than two thirds",
    update({ members: equal, voters: [0, 1] }),
    {
      state: makeState([{ height: LATEST, members: equal }]),
    },
  ),
  refused("INSUFFICIENT_PARTICIPATION", "power-none", "nobody signed", update({ voters: [] })),
  refused(
    "INSUFFICIENT_PARTICIPATION",
    "power-of-the-weaker",
    "three of five, with the least power",
    update({ voters: [2, 3, 4] }),
  ),
  refused(
    "INSUFFICIENT_PARTICIPATION",
    "power-skipping",
    "trusted by a third, but not decided by two",
    skip({ voters: [0] }),
  ),
  refused(
    "MALFORMED",
    "votes-more-than-needed",
    "a vote that nobody counts",
    withVote(update(), 4, () => ({
      ...absentVote,
      blockIdFlag: 2n,
      validatorAddress: members[4]?.validator.address ?? new Uint8Array(20),
      signature: new Uint8Array(64),
    })),
  ),
  refused(
    "MALFORMED",
    "votes-more-than-needed-and-signed",
    "not even when it is signed",
    resigned(
      withCommit(update(), ({ signatures }) => ({
        signatures: signatures.map((vote, place): CommitSig =>
          place === 3
            ? {
                ...absentVote,
                blockIdFlag: 2n,
                validatorAddress: members[3]?.validator.address ?? new Uint8Array(20),
                timestamp: timeAt(LATEST),
              }
            : vote,
        ),
      })),
      members,
    ),
  ),
];

const signatures = (): Vector[] => [
  refused(
    "INVALID_SIGNATURE",
    "signature-altered",
    "a bit of R",
    withVote(
      update(),
      0,
      signature((bytes) => flipped(bytes)),
    ),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signature-s-altered",
    "a bit of s",
    withVote(
      update(),
      2,
      signature((bytes) => flipped(bytes, 40)),
    ),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signature-s-not-reduced",
    "s + L satisfies the equation, and is refused",
    withVote(update(), 0, signature(unreduced)),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signature-zero",
    "64 zeros",
    withVote(
      update(),
      1,
      signature(() => new Uint8Array(64)),
    ),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signature-r-no-point",
    "bytes that are no point",
    withVote(
      update(),
      1,
      signature((bytes) => Uint8Array.of(2, ...new Uint8Array(31), ...bytes.subarray(32))),
    ),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signature-of-another",
    "one validator's signature for another's vote",
    withCommit(update(), ({ signatures: all }) => ({
      signatures: all.map((vote, place) =>
        place === 1 ? { ...vote, signature: all[0]?.signature ?? vote.signature } : vote,
      ),
    })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signed-by-strangers",
    "nobody of them signed",
    resigned(update(), [...strangers, ...strangers]),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signed-for-another-chain",
    "the same block under another chain id",
    resigned(update(), members, "causeway-2"),
  ),
  refused(
    "INVALID_SIGNATURE",
    "vote-time-altered",
    "a nanosecond after the vote",
    withVote(update(), 0, (vote) => ({ ...vote, timestamp: { ...vote.timestamp, nanos: vote.timestamp.nanos + 1n } })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "round-altered",
    "the votes are of another round",
    withCommit(update(), () => ({ round: 1n })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "part-set-altered",
    "the votes are for another part set",
    withCommit(update(), ({ blockId }) => ({
      blockId: { ...blockId, partSetHeader: { ...blockId.partSetHeader, total: 2n } },
    })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "part-set-hash-altered",
    "and for another hash of it",
    withCommit(update(), ({ blockId }) => ({
      blockId: { ...blockId, partSetHeader: { ...blockId.partSetHeader, hash: flipped(blockId.partSetHeader.hash) } },
    })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "signature-for-trust-alone",
    "a vote behind the two thirds is verified too",
    withVote(
      skip({ members: [...makeMembers("large", [900n, 800n]), first] }),
      2,
      signature((bytes) => flipped(bytes)),
    ),
  ),
];

const conflicts = (): Vector[] => [
  refused(
    "CONFLICTING_HEADER",
    "another-header-of-a-held-height",
    "two blocks of one height, both signed",
    update({ appHash: new Uint8Array(32).fill(7) }),
    {
      state: moved(state, update()),
    },
  ),
  refused(
    "CONFLICTING_HEADER",
    "another-time-of-a-held-height",
    "a nanosecond is a difference",
    update({
      header: { time: { ...timeAt(LATEST + 1n), nanos: 8n } },
    }),
    { state: moved(state, update()) },
  ),
  refused(
    "CONFLICTING_HEADER",
    "later-height-of-an-earlier-time",
    "a higher header that is older than the latest",
    skip({
      trustedHeight: 90n,
      header: { time: timeAt(95n) },
    }),
  ),
  refused(
    "CONFLICTING_HEADER",
    "later-height-of-the-same-time",
    "or of the same nanosecond",
    skip({ trustedHeight: 90n, header: { time: timeAt(LATEST) } }),
  ),
  refused(
    "CONFLICTING_HEADER",
    "height-between-of-a-later-time",
    "a lower header that is younger than the next one held",
    skip({
      height: 95n,
      trustedHeight: 90n,
      header: { time: timeAt(LATEST) },
    }),
  ),
  refused(
    "CONFLICTING_HEADER",
    "height-between-of-an-earlier-time",
    "or older than the one before",
    skip({
      height: 98n,
      trustedHeight: 90n,
      header: { time: timeAt(94n) },
    }),
    { state: makeState([...blocks.slice(0, 1), { height: 96n, members }, ...blocks.slice(1)]) },
  ),
  refused(
    "INVALID_SIGNATURE",
    "conflict-that-nobody-signed",
    "anybody can write a second header",
    resigned(update({ appHash: new Uint8Array(32).fill(7) }), strangers),
    {
      state: moved(state, update()),
    },
  ),
];

/** Three of the same power, of whom the first member is one. */
const equal = makeMembers("equal", [10n, 10n, 10n]);
const thirds = [first, ...makeMembers("third", [40n, 40n])];

export const refusedUpdates = (): Vector[] => [
  ...keys(),
  ...status(),
  ...times(),
  ...sets(),
  ...power(),
  ...signatures(),
  ...conflicts(),
];

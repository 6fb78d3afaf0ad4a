// Vectors: reports that a chain's validators signed two contradicting headers.
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { CometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometState } from "#adapters/cosmos/verify/trusted-state.ts";
import type { Reason } from "#adapters/protocol/reason.ts";
import { consensusStateOf, timeAt } from "#test/support/comet-evidence.ts";
import type { UpdateOptions } from "#test/support/comet-evidence.ts";
import { LATEST, members, misbehaviourVector, now, skip, state, strangers } from "./chain.ts";
import { withCommit, withVote } from "./refused-updates.ts";
import type { Vector } from "../vector.ts";

/** Reports have the votes that trust needs, adjacent or not. */
const signed = (options: Partial<UpdateOptions> = {}): CometUpdate =>
  skip({ height: LATEST + 1n, isSkipping: true, ...options });

const one = signed();
const other = signed({ appHash: new Uint8Array(32).fill(7) });

interface Given {
  readonly state?: CometState;
  readonly now?: bigint;
}

function proven(name: string, why: string, first: CometUpdate, second: CometUpdate, given: Given = {}): Vector {
  const from = given.state ?? state;
  const header = first.signedHeader?.header;
  if (header === undefined) throw new RangeError("no header");
  const expect = { state: { ...from, frozen: true }, at: consensusStateOf(header) };
  return misbehaviourVector({ name: `report-${name}`, why, ...given, expect }, first, second);
}

const refused = (
  reason: Reason,
  name: string,
  why: string,
  first: CometUpdate | undefined,
  second: CometUpdate | undefined,
  given: Given = {},
): Vector => misbehaviourVector({ name: `report-${name}`, why, ...given, expect: reason }, first, second);

const withByte = (vector: Vector): Vector =>
  "misbehaviour" in vector ? { ...vector, misbehaviour: `${vector.misbehaviour}00` } : vector;

const frozen = { state: { ...state, frozen: true } };

export const misbehaviourVectors = (): Vector[] => [
  proven("two-blocks-of-one-height", "two blocks of one height", one, other),
  proven("in-the-other-order", "whichever comes first", other, one),
  proven(
    "of-nanoseconds",
    "blocks that differ in a nanosecond",
    one,
    signed({ header: { time: { ...timeAt(101n), nanos: 1n } } }),
  ),
  proven("skipping", "of a height further on", skip(), skip({ appHash: new Uint8Array(32).fill(7) })),
  proven(
    "from-two-trusted-heights",
    "each builds on a header of its own",
    one,
    signed({ trustedHeight: 90n, appHash: new Uint8Array(32).fill(7) }),
  ),
  proven(
    "of-a-held-height",
    "a block beside the one that is trusted",
    signed({ height: 100n, trustedHeight: 90n }),
    signed({ height: 100n, trustedHeight: 90n, appHash: new Uint8Array(32).fill(7) }),
  ),
  proven("time-goes-backwards", "a higher block that is older", skip({ header: { time: timeAt(100n) } }), one),
  proven("time-stands-still", "a higher block of the same nanosecond", skip({ header: { time: timeAt(101n) } }), one),
  proven(
    "in-the-future",
    "of blocks that no update could bring yet",
    signed({ header: { time: timeAt(100_000n) } }),
    other,
  ),
  proven(
    "before-the-trusted-time",
    "of blocks that are older than the one they build on",
    signed({ header: { time: timeAt(10n) } }),
    other,
  ),
  proven(
    "adjacent-by-others",
    "a third of the trusted and a set of their own: the next header does not name them",
    one,
    signed({
      members: [...members.slice(0, 1), ...strangers],
    }),
  ),
  refused("NO_CONFLICT", "of-one-header", "a header does not contradict itself", one, one),
  refused(
    "NO_CONFLICT",
    "of-one-block-in-two-rounds",
    "nor does the same block in another round",
    one,
    signed({ round: 1n }),
  ),
  refused("NO_CONFLICT", "of-two-heights", "two blocks of one history", skip(), one),
  refused(
    "NO_CONFLICT",
    "of-two-heights-lower-first",
    "the higher header comes first",
    one,
    skip({ header: { time: timeAt(100n) } }),
  ),
  refused("MALFORMED", "to-a-state-of-nothing", "nobody trusts anything", one, other, {
    state: { ...state, consensusStates: [] },
  }),
  refused("MALFORMED", "to-a-state-without-trust-level", "nobody would have to sign", one, other, {
    state: { ...state, trustLevelNumerator: 0n },
  }),
  withByte(refused("MALFORMED", "one-byte-more", "a byte is left over", one, other)),
  refused("MALFORMED", "of-one", "one header is not two", one, undefined),
  refused("MALFORMED", "of-the-second-only", "nor is the other one", undefined, other),
  refused("MALFORMED", "of-none", "nor is nothing", undefined, undefined),
  refused(
    "MALFORMED",
    "more-votes-than-needed",
    "a vote that nobody counts",
    one,
    withVote(other, 3, (vote) => ({
      ...vote,
      blockIdFlag: 2n,
      validatorAddress: members[3]?.validator.address ?? new Uint8Array(20),
      signature: new Uint8Array(64),
    })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "forged",
    "anybody can write a second header",
    one,
    withCommit(other, () => ({
      signatures: one.signedHeader?.commit?.signatures ?? [],
    })),
  ),
  refused(
    "INVALID_SIGNATURE",
    "forged-first",
    "or a first one",
    withVote(one, 0, (vote) => ({ ...vote, signature: new Uint8Array(64) })),
    other,
  ),
  refused(
    "INSUFFICIENT_TRUST",
    "of-strangers",
    "two blocks of an attacker's own chain",
    signed({ members: strangers }),
    signed({ members: strangers, appHash: new Uint8Array(32).fill(7) }),
  ),
  refused(
    "INSUFFICIENT_PARTICIPATION",
    "of-a-third",
    "a third of the validators cannot freeze anything",
    one,
    signed({ voters: [0], appHash: new Uint8Array(32).fill(7) }),
  ),
  refused(
    "INVALID_HEADER_HASH",
    "of-votes-for-one-block",
    "the votes of one header under another",
    one,
    withCommit(other, ({ signatures }) => ({
      signatures,
      blockId: one.signedHeader?.commit?.blockId ?? {
        hash: new Uint8Array(),
        partSetHeader: { total: 0n, hash: new Uint8Array() },
      },
    })),
  ),
  refused(
    "UNTRUSTED_VALIDATORS",
    "with-trusted-validators-of-others",
    "trusted by nobody",
    signed({ trustedMembers: strangers, members: strangers }),
    other,
  ),
  refused(
    "INVALID_VALIDATORS",
    "with-validators-of-others",
    "not the header's",
    signed({ header: { validatorsHash: new Uint8Array(32) } }),
    other,
  ),
  refused(
    "UNKNOWN_HEIGHT",
    "from-an-unknown-height",
    "nothing is known of the height it builds on",
    signed({ height: 96n, trustedHeight: 95n }),
    other,
  ),
  refused("HEIGHT_ORDER", "from-a-later-height", "nothing is proven backwards", signed({ height: 100n }), other),
  refused(
    "TRUSTED_HEADER_EXPIRED",
    "from-an-expired-header",
    "of stake that may have been withdrawn",
    signed({ trustedHeight: 90n }),
    other,
    {
      state: { ...state, trustingPeriod: 140n * 1_000_000_000n },
      now: timeAt(LATEST).seconds + 100n,
    },
  ),
  refused(
    "WRONG_CHAIN",
    "of-another-chain",
    "the same validators on another chain",
    one,
    signed({ header: { chainId: utf8ToBytes("causeway-2") } }),
  ),
  refused("UNKNOWN_KEY_TYPE", "with-an-unknown-key", "a validator that cannot be verified", one, {
    ...other,
    validatorSet: other.validatorSet && {
      ...other.validatorSet,
      validators: other.validatorSet.validators.map((each, place) =>
        place === 4 ? { ...each, pubKey: { number: 2, value: new Uint8Array(33).fill(2) } } : each,
      ),
    },
  }),
  refused("CLIENT_FROZEN", "when-frozen-already", "a frozen light client is not frozen again", one, other, frozen),
  refused("CLIENT_EXPIRED", "when-expired", "nor one that nobody relies on", one, other, { now: now + 15n * 86_400n }),
];

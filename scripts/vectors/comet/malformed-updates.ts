// Vectors: updates that are not in the one form that evidence has.
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { cometUpdate } from "#adapters/cosmos/verify/evidence.ts";
import type { CometHeader, CometUpdate, CommitSig, ValidatorSet } from "#adapters/cosmos/verify/evidence.ts";
import { messageField, uint64Field } from "#adapters/protocol/protobuf.ts";
import { makeMembers, setOf, timeAt } from "#test/support/comet-evidence.ts";
import { absentVote } from "#adapters/cosmos/light-blocks/needed-votes.ts";
import { LATEST, members, rawUpdateVector, strangers, update } from "./chain.ts";
import { withCommit, withVote } from "./refused-updates.ts";
import type { Vector } from "../vector.ts";

const malformedBytes = (name: string, why: string, bytes: Uint8Array): Vector =>
  rawUpdateVector({ name: `form-${name}`, why, expect: "MALFORMED" }, [bytes], LATEST + 1n);

const malformed = (name: string, why: string, one: CometUpdate): Vector =>
  malformedBytes(name, why, cometUpdate.encode(one));

/** The header is signed as it is. */
const header = (name: string, why: string, changed: Partial<CometHeader>): Vector =>
  malformed(name, why, update({ header: changed }));

const vote = (name: string, why: string, changed: Partial<CommitSig>, place = 0): Vector =>
  malformed(
    name,
    why,
    withVote(update(), place, (one) => ({ ...one, ...changed })),
  );

const set = (name: string, why: string, change: (one: ValidatorSet) => ValidatorSet): Vector[] =>
  (["validatorSet", "trustedValidators"] as const).map((which) => {
    const one = update();
    const changed = one[which] && change(one[which]);
    return malformed(which === "validatorSet" ? name : `trusted-${name}`, why, { ...one, [which]: changed });
  });

const weakest =
  (changed: Partial<ValidatorSet["validators"][number]>) =>
  (one: ValidatorSet): ValidatorSet => ({
    ...one,
    validators: one.validators.map((each, place, { length }) =>
      place === length - 1 ? { ...each, ...changed } : each,
    ),
  });

const bytes = cometUpdate.encode(update());
/** The update's four fields as they stand on the wire. */
function parts(): Uint8Array[] {
  const { signedHeader, validatorSet, trustedHeight, trustedValidators } = update();
  const only = (field: Partial<CometUpdate>): Uint8Array => {
    const encoded = cometUpdate.encode({
      signedHeader: undefined,
      validatorSet: undefined,
      trustedHeight: { revisionNumber: 0n, revisionHeight: 0n },
      trustedValidators: undefined,
      ...field,
    });
    const empty = messageField(3, new Uint8Array());
    if (field.trustedHeight !== undefined) return encoded;
    return field.trustedValidators === undefined ? encoded.slice(0, -empty.length) : encoded.slice(empty.length);
  };
  return [only({ signedHeader }), only({ validatorSet }), only({ trustedHeight }), only({ trustedValidators })];
}
const [signed = bytes, validators = bytes, height = bytes, trusted = bytes] = parts();

export const malformedUpdates = (): Vector[] => [
  malformedBytes("no-bytes", "nothing", new Uint8Array()),
  malformedBytes("one-byte-short", "the last byte is missing", bytes.slice(0, -1)),
  malformedBytes("one-byte-more", "a byte is left over", concatBytes(bytes, Uint8Array.of(0))),
  malformedBytes("unknown-field", "a field that no such message has", concatBytes(bytes, uint64Field(15, 1n))),
  malformedBytes("unknown-field-zero", "not even when its value is zero", concatBytes(bytes, Uint8Array.of(0x78, 0))),
  malformedBytes(
    "fields-in-another-order",
    "the same fields, otherwise arranged",
    concatBytes(validators, signed, height, trusted),
  ),
  malformedBytes(
    "field-twice",
    "the last one counts, elsewhere",
    concatBytes(signed, validators, validators, height, trusted),
  ),
  malformedBytes(
    "header-twice",
    "two headers to choose from",
    concatBytes(signed, signed, validators, height, trusted),
  ),
  malformedBytes(
    "length-of-two-bytes-too-many",
    "a length that is not written as short as it can be",
    concatBytes(signed, validators, Uint8Array.of(0x1a, 0x84, 0x00), height.subarray(2), trusted),
  ),
  malformedBytes("without-trusted-height", "a message that Go always writes", concatBytes(signed, validators, trusted)),
  malformedBytes(
    "wrong-wire-type",
    "a number where a message belongs",
    concatBytes(signed, validators, Uint8Array.of(0x18, 1), trusted),
  ),
  malformedBytes(
    "fixed64-field",
    "a type of field that these messages do not have",
    concatBytes(bytes, Uint8Array.of(0x29), new Uint8Array(8)),
  ),
  malformedBytes("group-field", "a group", concatBytes(bytes, Uint8Array.of(0x2b, 0x2c))),
  malformed("no-signed-header", "nothing was signed", { ...update(), signedHeader: undefined }),
  malformed("no-header", "nothing to trust", {
    ...update(),
    signedHeader: { header: undefined, commit: update().signedHeader?.commit },
  }),
  malformed("no-commit", "no votes", {
    ...update(),
    signedHeader: { header: update().signedHeader?.header, commit: undefined },
  }),
  malformed("no-validators", "no validators", { ...update(), validatorSet: undefined }),
  malformed("no-trusted-validators", "adjacent or not", { ...update(), trustedValidators: undefined }),
  header("block-protocol", "a header of another protocol means something else", { version: { block: 12n, app: 1n } }),
  header("block-protocol-zero", "nor is there one by default", { version: { block: 0n, app: 1n } }),
  header("chain-id-empty", "a header of no chain", { chainId: new Uint8Array() }),
  header("chain-id-too-long", "51 characters", { chainId: utf8ToBytes("causeway-1".padEnd(51, "0")) }),
  header("chain-id-with-a-zero-byte", "the same to who reads up to it", {
    chainId: Uint8Array.of(...utf8ToBytes("causeway-1"), 0),
  }),
  header("chain-id-not-ascii", "looks the same", { chainId: utf8ToBytes("causewаy-1") }),
  header("time-before-1970", "nanoseconds since 1970", { time: { seconds: -1n, nanos: 999_999_999n } }),
  header("time-zero-of-go", "the year 1", { time: { seconds: -62_135_596_800n, nanos: 0n } }),
  header("time-beyond-64-bits", "nanoseconds in 64 bits", { time: { seconds: 18_446_744_073n, nanos: 0n } }),
  header("nanos-of-a-second", "no second has more than 999999999", {
    time: { ...timeAt(LATEST + 1n), nanos: 1_000_000_000n },
  }),
  header("nanos-negative", "nor less than 0", { time: { ...timeAt(LATEST + 1n), nanos: -1n } }),
  header("validators-hash-missing", "a header of no validators", { validatorsHash: new Uint8Array() }),
  header("next-validators-hash-missing", "a header without successors", { nextValidatorsHash: new Uint8Array() }),
  header("next-validators-hash-zero", "zeros are not a hash", { nextValidatorsHash: new Uint8Array(32) }),
  header("next-validators-hash-long", "33 bytes", { nextValidatorsHash: new Uint8Array(33).fill(1) }),
  header("app-hash-missing", "nothing could be proven", { appHash: new Uint8Array() }),
  header("app-hash-zero", "zeros are not a hash", { appHash: new Uint8Array(32) }),
  header("app-hash-short", "31 bytes", { appHash: new Uint8Array(31).fill(1) }),
  malformed("height-zero", "there is no block 0", update({ height: 0n })),
  malformed(
    "height-negative",
    "nor one below",
    withCommit(update({ header: { height: -1n } }), () => ({ height: -1n })),
  ),
  malformed(
    "commit-of-another-height",
    "votes of another height",
    withCommit(update(), ({ height: of }) => ({ height: of + 1n })),
  ),
  malformed(
    "round-negative",
    "a round below 0",
    withCommit(update(), () => ({ round: -1n })),
  ),
  malformed(
    "round-too-large",
    "a round beyond 31 bits",
    withCommit(update(), () => ({ round: 1n << 31n })),
  ),
  malformed(
    "block-hash-missing",
    "votes for no block",
    withCommit(update(), ({ blockId }) => ({ blockId: { ...blockId, hash: new Uint8Array() } })),
  ),
  malformed(
    "part-set-missing",
    "a block id that is not complete",
    withCommit(update(), ({ blockId }) => ({
      blockId: { ...blockId, partSetHeader: { total: 0n, hash: new Uint8Array() } },
    })),
  ),
  malformed(
    "part-set-of-no-parts",
    "a block of no parts",
    withCommit(update(), ({ blockId }) => ({
      blockId: { ...blockId, partSetHeader: { ...blockId.partSetHeader, total: 0n } },
    })),
  ),
  malformed(
    "part-set-beyond-32-bits",
    "a number of parts that is not one",
    withCommit(update(), ({ blockId }) => ({
      blockId: { ...blockId, partSetHeader: { ...blockId.partSetHeader, total: 1n << 32n } },
    })),
  ),
  malformed(
    "one-vote-too-few",
    "each validator has a place",
    withCommit(update(), ({ signatures }) => ({ signatures: signatures.slice(0, -1) })),
  ),
  malformed(
    "one-vote-too-many",
    "and no more",
    withCommit(update(), ({ signatures }) => ({ signatures: [...signatures, absentVote] })),
  ),
  malformed(
    "no-votes",
    "no places at all",
    withCommit(update(), () => ({ signatures: [] })),
  ),
  vote("vote-for-nil", "a vote against the block", { blockIdFlag: 3n }),
  vote("vote-of-no-flag", "neither for the block nor absent", { blockIdFlag: 0n }),
  vote("vote-of-another-flag", "a flag that there is not", { blockIdFlag: 4n }),
  vote("vote-for-nil-not-needed", "not even where no vote is needed", { ...absentVote, blockIdFlag: 3n }, 4),
  vote("vote-without-address", "whose vote", { validatorAddress: new Uint8Array() }),
  vote("vote-with-a-long-address", "21 bytes", { validatorAddress: new Uint8Array(21) }),
  vote("vote-without-signature", "nobody signed", { signature: new Uint8Array() }),
  vote("vote-with-a-short-signature", "63 bytes", { signature: new Uint8Array(63) }),
  vote("vote-with-a-long-signature", "65 bytes", { signature: new Uint8Array(65) }),
  vote("vote-before-the-year-1", "a second before times begin", {
    timestamp: { seconds: -62_135_596_801n, nanos: 0n },
  }),
  vote("vote-after-the-year-9999", "a second after they end", { timestamp: { seconds: 253_402_300_800n, nanos: 0n } }),
  vote("vote-of-too-many-nanos", "no second has so many", { timestamp: { seconds: 0n, nanos: 1_000_000_000n } }),
  vote(
    "absent-with-address",
    "an absent vote is nobody's",
    { validatorAddress: members[4]?.validator.address ?? new Uint8Array(20) },
    4,
  ),
  vote("absent-with-time", "and has no time", { timestamp: timeAt(LATEST) }, 4),
  vote(
    "absent-with-whole-seconds",
    "not even seconds alone",
    { timestamp: { seconds: timeAt(LATEST).seconds, nanos: 0n } },
    4,
  ),
  vote("absent-with-nanos", "nor a nanosecond", { timestamp: { ...absentVote.timestamp, nanos: 1n } }, 4),
  vote("absent-with-signature", "and no signature", { signature: new Uint8Array(64) }, 4),
  ...set("set-of-nobody", "a set of nobody decides nothing", () => ({
    validators: [],
    proposer: undefined,
    totalVotingPower: 0n,
  })),
  ...set("set-of-nobody-with-a-proposer", "nor one that only proposes", (one) => ({ ...one, validators: [] })),
  ...set("set-without-proposer", "ibc-go wants one", (one) => ({ ...one, proposer: undefined })),
  ...set("set-with-another-proposer", "one to choose is one too many", (one) => ({
    ...one,
    proposer: one.validators[1],
  })),
  ...set("set-with-a-strange-proposer", "somebody who is not in the set", (one) => ({
    ...one,
    proposer: strangers[0]?.validator,
  })),
  ...set("set-with-a-total", "no hash covers it", (one) => ({ ...one, totalVotingPower: 100n })),
  ...set("validator-with-a-priority", "no hash covers it", weakest({ proposerPriority: -7n })),
  ...set("validator-without-power", "a validator that was removed", weakest({ votingPower: 0n })),
  ...set("validator-of-negative-power", "less than none", weakest({ votingPower: -5n })),
  ...set("validator-with-another-address", "the address is the key's", weakest({ address: new Uint8Array(20) })),
  ...set("validator-without-address", "and is there", weakest({ address: new Uint8Array() })),
  ...set("validator-with-a-short-key", "31 bytes", weakest({ pubKey: { number: 1, value: new Uint8Array(31) } })),
  ...set(
    "validator-with-an-empty-key",
    "a key of no bytes",
    weakest({ pubKey: { number: 1, value: new Uint8Array() } }),
  ),
  ...set("power-beyond-the-total", "more than all validators together may have", () =>
    setOf(makeMembers("", [(1n << 60n) - 1n, 1n])),
  ),
];

// Updates and reports of CometBFT chains in the form that PackedHeader.sol describes, from the messages that ibc-go takes
// (ibc.lightclients.tendermint.v1.Header and Misbehaviour).
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { bytesField } from "#adapters/protocol/protobuf.ts";
import { xOf } from "./ed25519-batch.ts";
import { protobufReader, unpackable } from "./protobuf-reader.ts";
import type { ProtobufReader } from "./protobuf-reader.ts";

/** Field of tendermint.crypto.PublicKey, and a commit signature's flag of a vote for the block. */
const ED25519 = 1;
const FOR_BLOCK = 2n;

function number(value: bigint, size: number, what: string): Uint8Array {
  if (value >= 1n << BigInt(8 * size)) throw unpackable(`${what} is too large`);
  return Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * (size - 1 - index))) & 0xffn));
}

const count = (values: readonly unknown[], what: string): Uint8Array => number(BigInt(values.length), 2, what);

function sized(value: Uint8Array, size: number, what: string): Uint8Array {
  if (value.length !== size) throw unpackable(`${what} has not ${size} bytes`);
  return value;
}

const leaf = (encoded: Uint8Array): Uint8Array => sha256(concatBytes(Uint8Array.of(0), encoded));
const node = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(Uint8Array.of(1), left, right));
/** A leaf of the header's tree that is a wrapped byte string. */
const wrapped = (header: ProtobufReader, field: number): Uint8Array => leaf(bytesField(1, header.bytes(field)));

interface PackedValidator {
  readonly key: string;
  readonly packed: Uint8Array;
}

function readValidators(update: ProtobufReader, field: number): PackedValidator[] {
  return update
    .message(field)
    .messages(1)
    .map((validator) => {
      const key = validator.message(2);
      if (!key.has(ED25519)) throw unpackable("a key that is not ed25519");
      const bytes = sized(key.bytes(ED25519), 32, "a key");
      return { key: bytesToHex(bytes), packed: concatBytes(bytes, number(validator.number(3), 8, "a power")) };
    });
}

function packVote(
  vote: ProtobufReader,
  place: number,
  validators: readonly PackedValidator[],
  trusted: readonly PackedValidator[],
): Uint8Array {
  const time = vote.message(3);
  const signature = sized(vote.bytes(4), 64, "a signature");
  const voter = validators[place];
  if (!voter) throw unpackable("a vote of nobody");
  const key = voter.packed.subarray(0, 32);
  if (bytesToHex(sha256(key).subarray(0, 20)) !== bytesToHex(vote.bytes(2)))
    throw unpackable("a vote in another's place");
  const twin = trusted.findIndex((validator) => validator.key === voter.key);
  return concatBytes(
    number(BigInt(place), 2, "a place"),
    number(BigInt(twin + 1), 2, "a place"),
    number(time.number(1), 8, "seconds"),
    number(time.number(2), 4, "nanoseconds"),
    signature,
    xOf(key),
    xOf(signature.subarray(0, 32)),
  );
}

function packVotes(commit: ProtobufReader, ...sets: readonly [readonly PackedValidator[], readonly PackedValidator[]]) {
  const signatures = commit.messages(4);
  if (signatures.length !== sets[0].length) throw unpackable("not a vote for each validator");
  return signatures.flatMap((vote, place) => (vote.number(1) === FOR_BLOCK ? [packVote(vote, place, ...sets)] : []));
}

function packHeader(update: ProtobufReader): Uint8Array {
  const header = update.message(1).message(1);
  const commit = update.message(1).message(2);
  const trustedHeight = update.message(3);
  const [version, time, blockId] = [header.message(1), header.message(4), commit.message(3)];
  const validators = readValidators(update, 2);
  const named = readValidators(update, 4);
  const packedSet = (set: readonly PackedValidator[]): Uint8Array => concatBytes(...set.map(({ packed }) => packed));
  // The same set is carried once.
  const trusted = bytesToHex(packedSet(named)) === bytesToHex(packedSet(validators)) ? [] : named;
  if (version.number(1) !== 11n) throw unpackable("another block protocol");
  if (commit.number(1) !== header.number(3)) throw unpackable("a commit of another height");
  if (named.length === 0) throw unpackable("no trusted validators");
  const votes = packVotes(commit, validators, trusted);
  const parts = blockId.message(2);
  return concatBytes(
    number(trustedHeight.number(1), 8, "the trusted revision"),
    number(trustedHeight.number(2), 8, "the trusted height"),
    number(version.number(2), 8, "the app version"),
    number(header.number(3), 8, "the height"),
    number(time.number(1), 8, "seconds"),
    number(time.number(2), 4, "nanoseconds"),
    number(commit.number(2), 4, "the round"),
    number(parts.number(1), 4, "the number of parts"),
    number(BigInt(header.bytes(2).length), 1, "the chain id"),
    count(validators, "the number of validators"),
    count(trusted, "the number of trusted validators"),
    count(votes, "the number of votes"),
    sized(header.bytes(8), 32, "the validators' hash"),
    sized(header.bytes(9), 32, "the next validators' hash"),
    sized(header.bytes(11), 32, "the app hash"),
    sized(blockId.bytes(1), 32, "the block's hash"),
    sized(parts.bytes(2), 32, "the parts' hash"),
    node(leaf(header.bytes(5)), wrapped(header, 6)),
    wrapped(header, 7),
    wrapped(header, 10),
    wrapped(header, 12),
    node(wrapped(header, 13), wrapped(header, 14)),
    header.bytes(2),
    packedSet(validators),
    packedSet(trusted),
    ...votes,
  );
}

/** Throws a CausewayError when the packing cannot carry the update: then no rule of the light client accepts it either. */
export const packCometUpdate = (update: Uint8Array): Uint8Array => packHeader(protobufReader(update));

/** Of a report. Throws like packCometUpdate. */
export function packCometMisbehaviour(report: Uint8Array): Uint8Array {
  const reader = protobufReader(report);
  const [first, second] = [packHeader(reader.message(2)), packHeader(reader.message(3))];
  return concatBytes(number(BigInt(first.length), 4, "a header"), first, second);
}

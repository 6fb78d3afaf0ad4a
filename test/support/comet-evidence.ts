// Genuine light-client data of an invented CometBFT chain: keys from seeds, real signatures, canonical messages.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { toHex } from "#adapters/protocol/bytes.ts";
import { compareBytes } from "#adapters/cosmos/verify/compare-bytes.ts";
import type {
  CometHeader,
  CometUpdate,
  Commit,
  CommitSig,
  Timestamp,
  Validator,
  ValidatorSet,
} from "#adapters/cosmos/verify/evidence.ts";
import { headerHash } from "#adapters/cosmos/verify/header-hash.ts";
import { fromSeconds, nanoseconds } from "#adapters/cosmos/verify/time.ts";
import type { CometState, ConsensusState } from "#adapters/cosmos/verify/trusted-state.ts";
import { addressOf, validatorsHash } from "#adapters/cosmos/verify/validators.ts";
import { commitVote, signBytes } from "#adapters/cosmos/verify/vote.ts";
import { absentVote, neededVotes } from "#adapters/cosmos/light-blocks/needed-votes.ts";

export interface Member {
  readonly secret: Uint8Array;
  readonly validator: Validator;
}

/** A throw-away key from a name. */
export function member(name: string, power: bigint): Member {
  const secret = sha256(utf8ToBytes(`causeway validator ${name}`));
  const key = ed25519.getPublicKey(secret);
  const pubKey = { number: 1, value: key };
  return { secret, validator: { address: addressOf(key), pubKey, votingPower: power, proposerPriority: 0n } };
}

/** CometBFT's order: by power, then by address. */
export const inOrder = (members: readonly Member[]): Member[] =>
  members.toSorted(({ validator: left }, { validator: right }) =>
    left.votingPower === right.votingPower
      ? compareBytes(left.address, right.address)
      : Number(right.votingPower - left.votingPower),
  );

/** Named `<name>0`, `<name>1` and so on. */
export const makeMembers = (name: string, powers: readonly bigint[]): Member[] =>
  inOrder(powers.map((power, index) => member(`${name}${index}`, power)));

/** 150 validators whose power falls off as on a large public chain: the strongest 25 have more than two thirds. */
export const hubMembers = (): Member[] =>
  makeMembers(
    "hub",
    Array.from({ length: 150 }, (_, index) => BigInt(Math.round(20_000_000 * 0.957 ** index) + 1_000 + index)),
  );

export const validatorsOf = (members: readonly Member[]): Validator[] => members.map(({ validator }) => validator);

export const setOf = (members: readonly Member[]): ValidatorSet => ({
  validators: validatorsOf(members),
  proposer: members[0]?.validator,
  totalVotingPower: 0n,
});

const digest = (text: string): Uint8Array => sha256(utf8ToBytes(text));

export const GENESIS_SECONDS = 1_700_000_000n;
export const CHAIN_ID = "causeway-1";

/** Blocks are 5 seconds and some nanoseconds apart. */
export const timeAt = (height: bigint): Timestamp => ({ seconds: GENESIS_SECONDS + height * 5n, nanos: height * 7n });

export interface BlockOptions {
  readonly height: bigint;
  readonly members: readonly Member[];
  readonly nextMembers?: readonly Member[];
  readonly appHash?: Uint8Array;
  /** Over what the header has otherwise. */
  readonly header?: Partial<CometHeader>;
}

export function makeHeader({ height, members, nextMembers = members, appHash, header }: BlockOptions): CometHeader {
  const lastHash = digest(`block ${height - 1n}`);
  return {
    version: { block: 11n, app: 1n },
    chainId: utf8ToBytes(CHAIN_ID),
    height,
    time: timeAt(height),
    lastBlockId: { hash: lastHash, partSetHeader: { total: 1n, hash: digest(`parts ${height - 1n}`) } },
    lastCommitHash: digest(`last commit ${height}`),
    dataHash: sha256(new Uint8Array()),
    validatorsHash: validatorsHash(validatorsOf(members)),
    nextValidatorsHash: validatorsHash(validatorsOf(nextMembers)),
    consensusHash: digest("consensus parameters"),
    appHash: appHash ?? digest(`application ${height}`),
    lastResultsHash: digest(`last results ${height}`),
    evidenceHash: sha256(new Uint8Array()),
    proposerAddress: members[0]?.validator.address ?? new Uint8Array(20),
    ...header,
  };
}

export interface UpdateOptions extends BlockOptions {
  readonly trustedHeight: bigint;
  readonly trustedMembers?: readonly Member[];
  readonly revisionNumber?: bigint;
  /** Who votes, by place; without it everybody. Votes that nobody counts are left out all the same. */
  readonly voters?: readonly number[];
  readonly round?: bigint;
  /** Of a vote by its place. */
  readonly voteTime?: (place: number) => Timestamp;
  /** Counts as skipping for what votes are needed; by itself by its heights. */
  readonly isSkipping?: boolean;
  readonly trustLevel?: { readonly numerator: bigint; readonly denominator: bigint };
}

/** Signed by the members anew, for the commit as it is. */
export function signAll(commit: Commit, members: readonly Member[], chainId = CHAIN_ID): Commit {
  const messageAt = signBytes(commitVote(commit, chainId));
  const signatures = commit.signatures.map((vote, place): CommitSig => {
    const secret = members[place]?.secret;
    if (vote.blockIdFlag !== 2n || secret === undefined) return vote;
    return { ...vote, signature: ed25519.sign(messageAt(vote.timestamp), secret) };
  });
  return { ...commit, signatures };
}

const signedByDefault =
  ({ height }: BlockOptions) =>
  (place: number): Timestamp => ({
    ...timeAt(height),
    nanos: 500_000_000n + BigInt(place),
  });

export function makeUpdate(options: UpdateOptions): CometUpdate {
  const { members, height, trustedHeight, trustedMembers = members, round = 0n, voters } = options;
  const header = makeHeader(options);
  const voteTime = options.voteTime ?? signedByDefault(options);
  const votes = members.map(({ validator }, place): CommitSig =>
    voters !== undefined && !voters.includes(place)
      ? absentVote
      : {
          blockIdFlag: 2n,
          validatorAddress: validator.address,
          timestamp: voteTime(place),
          signature: new Uint8Array(64),
        },
  );
  const isSkipping = options.isSkipping ?? height !== trustedHeight + 1n;
  const signatures = neededVotes({
    votes,
    validators: validatorsOf(members),
    trustedValidators: isSkipping ? validatorsOf(trustedMembers) : undefined,
    trustLevel: options.trustLevel ?? { numerator: 1n, denominator: 3n },
  });
  const hash = headerHash(header);
  const blockId = { hash, partSetHeader: { total: 1n, hash: sha256(hash) } };
  const commit = { height, round, blockId, signatures };
  return {
    signedHeader: { header, commit: signAll(commit, members, String.fromCharCode(...header.chainId)) },
    validatorSet: setOf(members),
    trustedHeight: { revisionNumber: options.revisionNumber ?? 1n, revisionHeight: trustedHeight },
    trustedValidators: setOf(trustedMembers),
  };
}

export const consensusStateOf = (header: CometHeader): ConsensusState => ({
  height: header.height,
  timestamp: nanoseconds(header.time),
  appHash: toHex(header.appHash),
  nextValidatorsHash: toHex(header.nextValidatorsHash),
});

const DAY = 86_400n;

/** A light client that trusts these blocks. */
export const makeState = (blocks: readonly BlockOptions[]): CometState => ({
  chainId: CHAIN_ID,
  trustLevelNumerator: 1n,
  trustLevelDenominator: 3n,
  trustingPeriod: fromSeconds(14n * DAY),
  unbondingPeriod: fromSeconds(21n * DAY),
  maxClockDrift: fromSeconds(10n),
  frozen: false,
  consensusStates: blocks.map((block) => consensusStateOf(makeHeader(block))),
});

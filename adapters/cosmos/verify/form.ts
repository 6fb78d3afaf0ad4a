// The form of an update, whatever light client it is for (README.md, "Form of an update").
import { equalBytes } from "#adapters/protocol/bytes.ts";
import { validator } from "./evidence.ts";
import type {
  BlockId,
  CometHeader,
  CometUpdate,
  Commit,
  CommitSig,
  Height,
  ValidatorSet,
  Validator,
} from "./evidence.ts";
import { isHeaderTime, isVoteTime, ZERO_TIME } from "./time.ts";
import { addressOf, ED25519, totalPower } from "./validators.ts";

/** An update that has all its parts. */
export interface Update {
  readonly header: CometHeader;
  readonly commit: Commit;
  readonly validators: readonly Validator[];
  readonly trustedHeight: Height;
  readonly trustedValidators: readonly Validator[];
}

/** The protocol of blocks that CometBFT 0.34 to 0.40 and 1.0 have. */
const BLOCK_PROTOCOL = 11n;
const MAX_ROUND = (1n << 31n) - 1n;
const MAX_TOTAL_POWER = ((1n << 63n) - 1n) / 8n;

/** BlockIDFlag */
const ABSENT = 1n;
const FOR_BLOCK = 2n;

export const isForBlock = ({ blockIdFlag }: CommitSig): boolean => blockIdFlag === FOR_BLOCK;

const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;
const isSet = (hash: Uint8Array): boolean => isHash(hash) && hash.some((byte) => byte !== 0);

const isChainId = (id: Uint8Array): boolean =>
  id.length >= 1 && id.length <= 50 && id.every((byte) => byte >= 0x20 && byte <= 0x7e);

const isHeader = (header: CometHeader): boolean =>
  header.version.block === BLOCK_PROTOCOL &&
  isChainId(header.chainId) &&
  header.height >= 1n &&
  isHeaderTime(header.time) &&
  isHash(header.validatorsHash) &&
  isSet(header.nextValidatorsHash) &&
  isSet(header.appHash);

const isComplete = ({ hash, partSetHeader }: BlockId): boolean =>
  isHash(hash) && isHash(partSetHeader.hash) && partSetHeader.total >= 1n && partSetHeader.total < 1n << 32n;

function isVote(vote: CommitSig): boolean {
  if (isForBlock(vote))
    return vote.validatorAddress.length === 20 && vote.signature.length === 64 && isVoteTime(vote.timestamp);
  return (
    vote.blockIdFlag === ABSENT &&
    vote.validatorAddress.length === 0 &&
    vote.signature.length === 0 &&
    vote.timestamp.seconds === ZERO_TIME.seconds &&
    vote.timestamp.nanos === ZERO_TIME.nanos
  );
}

const isCommit = (commit: Commit, header: CometHeader): boolean =>
  commit.height === header.height &&
  commit.round >= 0n &&
  commit.round <= MAX_ROUND &&
  isComplete(commit.blockId) &&
  commit.signatures.every(isVote);

const hasKnownKey = ({ pubKey }: Validator): boolean => pubKey.number === ED25519;

function isValidator(one: Validator): boolean {
  if (one.votingPower < 1n || one.proposerPriority !== 0n) return false;
  return !hasKnownKey(one) || (one.pubKey.value.length === 32 && equalBytes(one.address, addressOf(one.pubKey.value)));
}

function isValidatorSet({ validators, proposer, totalVotingPower }: ValidatorSet): boolean {
  const [first] = validators;
  return (
    first !== undefined &&
    proposer !== undefined &&
    equalBytes(validator.encode(proposer), validator.encode(first)) &&
    totalVotingPower === 0n &&
    validators.every(isValidator) &&
    totalPower(validators) <= MAX_TOTAL_POWER
  );
}

/** Rule 1 but for the bytes themselves: undefined when anything is missing or not as it must be. */
export function wellFormed({
  signedHeader,
  validatorSet,
  trustedHeight,
  trustedValidators,
}: CometUpdate): Update | undefined {
  const { header, commit } = signedHeader ?? {};
  if (header === undefined || commit === undefined || validatorSet === undefined || trustedValidators === undefined)
    return undefined;
  const isWellFormed =
    isHeader(header) &&
    isCommit(commit, header) &&
    commit.signatures.length === validatorSet.validators.length &&
    isValidatorSet(validatorSet) &&
    isValidatorSet(trustedValidators);
  if (!isWellFormed) return undefined;
  return {
    header,
    commit,
    validators: validatorSet.validators,
    trustedHeight,
    trustedValidators: trustedValidators.validators,
  };
}

/** Rule 2. */
export const hasKnownKeys = ({ validators, trustedValidators }: Update): boolean =>
  [...validators, ...trustedValidators].every(hasKnownKey);

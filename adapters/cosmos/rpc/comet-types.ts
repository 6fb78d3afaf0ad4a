// Headers, votes and validators as cosmjs decodes them, in the form that canonical evidence has.
import { toSeconds } from "@cosmjs/tendermint-rpc";
import type { comet38, CommitSignature, ReadonlyDateWithNanoseconds } from "@cosmjs/tendermint-rpc";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { BlockId, CometHeader, Commit, CommitSig, Timestamp, Validator } from "../verify/evidence.ts";
import { ZERO_TIME } from "../verify/time.ts";
import { ED25519 } from "../verify/validators.ts";

const EMPTY = new Uint8Array();

export function timestampOf(date: ReadonlyDateWithNanoseconds): Timestamp {
  const { seconds, nanos } = toSeconds(date);
  return { seconds: BigInt(seconds), nanos: BigInt(nanos) };
}

const blockIdOf = (id: comet38.BlockId | null): BlockId =>
  id === null
    ? { hash: EMPTY, partSetHeader: { total: 0n, hash: EMPTY } }
    : { hash: id.hash, partSetHeader: { total: BigInt(id.parts.total), hash: id.parts.hash } };

export const headerOf = (header: comet38.Header): CometHeader => ({
  version: { block: BigInt(header.version.block), app: BigInt(header.version.app) },
  chainId: utf8ToBytes(header.chainId),
  height: BigInt(header.height),
  time: timestampOf(header.time),
  lastBlockId: blockIdOf(header.lastBlockId),
  lastCommitHash: header.lastCommitHash,
  dataHash: header.dataHash,
  validatorsHash: header.validatorsHash,
  nextValidatorsHash: header.nextValidatorsHash,
  consensusHash: header.consensusHash,
  appHash: header.appHash,
  lastResultsHash: header.lastResultsHash,
  evidenceHash: header.evidenceHash,
  proposerAddress: header.proposerAddress,
});

const voteOf = (vote: CommitSignature): CommitSig => ({
  blockIdFlag: BigInt(vote.blockIdFlag),
  validatorAddress: vote.validatorAddress ?? EMPTY,
  timestamp: vote.timestamp === undefined ? ZERO_TIME : timestampOf(vote.timestamp),
  signature: vote.signature ?? EMPTY,
});

export const commitOf = (commit: comet38.Commit): Commit => ({
  height: BigInt(commit.height),
  round: BigInt(commit.round),
  blockId: blockIdOf(commit.blockId),
  signatures: commit.signatures.map(voteOf),
});

/** Undefined when its key is of a type that no light client here verifies. */
export const validatorOf = ({ address, pubkey, votingPower }: comet38.Validator): Validator | undefined =>
  pubkey?.algorithm === "ed25519"
    ? { address, pubKey: { number: ED25519, value: pubkey.data }, votingPower, proposerPriority: 0n }
    : undefined;

// Canonical bytes of evidence about a CometBFT chain: the protobuf messages that ibc-go takes, field by field.
// README.md beside this folder states what each field must satisfy, and in which order that is judged.
import {
  bytes,
  embedded,
  int64,
  message,
  oneOf,
  optional,
  repeated,
  uint64,
} from "#adapters/protocol/protobuf-message.ts";
import type { ProtobufValue } from "#adapters/protocol/protobuf-message.ts";

/** google.protobuf.Timestamp, as Go's generated code writes a time. */
export const timestamp = message({ seconds: [1, int64], nanos: [2, int64] });

const partSetHeader = message({ total: [1, uint64], hash: [2, bytes] });

/** tendermint.types.BlockID, and of the same form CanonicalBlockID. */
export const blockId = message({ hash: [1, bytes], partSetHeader: [2, embedded(partSetHeader)] });

/** tendermint.version.Consensus */
export const consensusVersion = message({ block: [1, uint64], app: [2, uint64] });

/** tendermint.types.Header */
export const cometHeader = message({
  version: [1, embedded(consensusVersion)],
  chainId: [2, bytes],
  height: [3, int64],
  time: [4, embedded(timestamp)],
  lastBlockId: [5, embedded(blockId)],
  lastCommitHash: [6, bytes],
  dataHash: [7, bytes],
  validatorsHash: [8, bytes],
  nextValidatorsHash: [9, bytes],
  consensusHash: [10, bytes],
  appHash: [11, bytes],
  lastResultsHash: [12, bytes],
  evidenceHash: [13, bytes],
  proposerAddress: [14, bytes],
});

/** tendermint.types.CommitSig */
const commitSig = message({
  blockIdFlag: [1, int64],
  validatorAddress: [2, bytes],
  timestamp: [3, embedded(timestamp)],
  signature: [4, bytes],
});

/** tendermint.types.Commit */
const commit = message({
  height: [1, int64],
  round: [2, int64],
  blockId: [3, embedded(blockId)],
  signatures: [4, repeated(commitSig)],
});

const signedHeader = message({ header: [1, optional(cometHeader)], commit: [2, optional(commit)] });

/** tendermint.types.Validator; its `pubKey` is tendermint.crypto.PublicKey, the number of the field says the key's type. */
export const validator = message({
  address: [1, bytes],
  pubKey: [2, embedded(oneOf)],
  votingPower: [3, int64],
  proposerPriority: [4, int64],
});

/** tendermint.types.ValidatorSet */
const validatorSet = message({
  validators: [1, repeated(validator)],
  proposer: [2, optional(validator)],
  totalVotingPower: [3, int64],
});

/** ibc.core.client.v1.Height */
const height = message({ revisionNumber: [1, uint64], revisionHeight: [2, uint64] });

/** ibc.lightclients.tendermint.v1.Header: an update. */
export const cometUpdate = message({
  signedHeader: [1, optional(signedHeader)],
  validatorSet: [2, optional(validatorSet)],
  trustedHeight: [3, embedded(height)],
  trustedValidators: [4, optional(validatorSet)],
});

/** ibc.lightclients.tendermint.v1.Misbehaviour without its deprecated client id: a report. */
export const cometMisbehaviour = message({ header1: [2, optional(cometUpdate)], header2: [3, optional(cometUpdate)] });

const leafOp = message({
  hash: [1, int64],
  prehashKey: [2, int64],
  prehashValue: [3, int64],
  length: [4, int64],
  prefix: [5, bytes],
});

const innerOp = message({ hash: [1, int64], prefix: [2, bytes], suffix: [3, bytes] });

/** cosmos.ics23.v1.ExistenceProof */
export const existenceProof = message({
  key: [1, bytes],
  value: [2, bytes],
  leaf: [3, optional(leafOp)],
  path: [4, repeated(innerOp)],
});

/** cosmos.ics23.v1.NonExistenceProof */
export const nonExistenceProof = message({
  key: [1, bytes],
  left: [2, optional(existenceProof)],
  right: [3, optional(existenceProof)],
});

/** cosmos.ics23.v1.CommitmentProof, of the two kinds that are taken. */
export const commitmentProof = message({
  exist: [1, optional(existenceProof)],
  nonexist: [2, optional(nonExistenceProof)],
});

export type Timestamp = ProtobufValue<typeof timestamp>;
export type BlockId = ProtobufValue<typeof blockId>;
export type CometHeader = ProtobufValue<typeof cometHeader>;
export type CommitSig = ProtobufValue<typeof commitSig>;
export type Commit = ProtobufValue<typeof commit>;
export type Validator = ProtobufValue<typeof validator>;
export type ValidatorSet = ProtobufValue<typeof validatorSet>;
export type CometUpdate = ProtobufValue<typeof cometUpdate>;
export type Height = ProtobufValue<typeof height>;
export type InnerOp = ProtobufValue<typeof innerOp>;
export type ExistenceProof = ProtobufValue<typeof existenceProof>;
export type NonExistenceProof = ProtobufValue<typeof nonExistenceProof>;
export type CommitmentProof = ProtobufValue<typeof commitmentProof>;

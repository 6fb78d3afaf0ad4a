// SSZ types of the specification's Electra light-client objects in the minimal preset (32 keys), for reading its test vectors.
import {
  BitVectorType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  UintBigintType,
  VectorCompositeType,
} from "@chainsafe/ssz";
import type { ValueOf } from "@chainsafe/ssz";

const COMMITTEE_SIZE = 32;

const bytes20 = new ByteVectorType(20);
const bytes32 = new ByteVectorType(32);
const key = new ByteVectorType(48);
const uint64 = new UintBigintType(8);
const branch = (depth: number): VectorCompositeType<typeof bytes32> => new VectorCompositeType(bytes32, depth);

export const beaconHeader = new ContainerType({
  slot: uint64,
  proposerIndex: uint64,
  parentRoot: bytes32,
  stateRoot: bytes32,
  bodyRoot: bytes32,
});

export const executionPayloadHeader = new ContainerType({
  parentHash: bytes32,
  feeRecipient: bytes20,
  stateRoot: bytes32,
  receiptsRoot: bytes32,
  logsBloom: new ByteVectorType(256),
  prevRandao: bytes32,
  blockNumber: uint64,
  gasLimit: uint64,
  gasUsed: uint64,
  timestamp: uint64,
  extraData: new ByteListType(32),
  baseFeePerGas: new UintBigintType(32),
  blockHash: bytes32,
  transactionsRoot: bytes32,
  withdrawalsRoot: bytes32,
  blobGasUsed: uint64,
  excessBlobGas: uint64,
});

export const syncCommittee = new ContainerType({
  pubkeys: new VectorCompositeType(key, COMMITTEE_SIZE),
  aggregatePubkey: key,
});

const lightClientHeader = new ContainerType({
  beacon: beaconHeader,
  execution: executionPayloadHeader,
  executionBranch: branch(4),
});

export const lightClientBootstrap = new ContainerType({
  header: lightClientHeader,
  currentSyncCommittee: syncCommittee,
  currentSyncCommitteeBranch: branch(6),
});

export const lightClientUpdate = new ContainerType({
  attestedHeader: lightClientHeader,
  nextSyncCommittee: syncCommittee,
  nextSyncCommitteeBranch: branch(6),
  finalizedHeader: lightClientHeader,
  finalityBranch: branch(7),
  syncAggregate: new ContainerType({
    syncCommitteeBits: new BitVectorType(COMMITTEE_SIZE),
    syncCommitteeSignature: new ByteVectorType(96),
  }),
  signatureSlot: uint64,
});

export type SpecHeader = ValueOf<typeof lightClientHeader>;
export type SpecExecution = ValueOf<typeof executionPayloadHeader>;
export type SpecCommittee = ValueOf<typeof syncCommittee>;
export type SpecUpdate = ValueOf<typeof lightClientUpdate>;

// Canonical bytes of evidence about an Ethereum chain: light-client updates and state proofs, as strict SSZ.
// README.md beside this folder states what each field must satisfy, and in which order that is judged.
import { byteList, byteVector, container, list, uint64 } from "#adapters/protocol/ssz.ts";
import type { SszValue } from "#adapters/protocol/ssz.ts";

const bytes32 = byteVector(32);
const branch = list(bytes32, 16);

/** consensus-specs phase0 BeaconBlockHeader. */
export const beaconBlockHeader = container({
  slot: uint64,
  proposerIndex: uint64,
  parentRoot: bytes32,
  stateRoot: bytes32,
  bodyRoot: bytes32,
});

/** consensus-specs altair SyncCommittee; 512 keys on mainnet, 32 in the minimal preset. */
export const syncCommittee = container({
  pubkeys: list(byteVector(48), 512),
  aggregatePubkey: byteVector(48),
});

/**
 * One light-client update, the same for every fork: the execution payload header (up to Fulu) or the block hash (from Gloas)
 * of the specification's LightClientHeader is replaced by the execution block's own RLP header and the branch of its hash.
 */
export const beaconUpdate = container({
  attestedHeader: beaconBlockHeader,
  finalizedHeader: beaconBlockHeader,
  /** finalizedHeader's root under attestedHeader.stateRoot. */
  finalityBranch: branch,
  /** keccak256(executionHeader) under finalizedHeader.bodyRoot. */
  executionBranch: branch,
  /** RLP of the execution block header. */
  executionHeader: byteList(2048),
  /** At most one: the committee that follows the attested header's period. */
  nextSyncCommittee: list(syncCommittee, 1),
  /** Its root under attestedHeader.stateRoot; empty without it. */
  nextSyncCommitteeBranch: branch,
  /** The committee that signed. */
  syncCommittee,
  /** One bit per committee member, little-endian within each byte. */
  syncCommitteeBits: byteList(64),
  syncCommitteeSignature: byteVector(96),
  signatureSlot: uint64,
});

/** Nodes of one path through a trie, from the root on, as eth_getProof gives them. */
const trieNodes = list(byteList(4096), 64);

/**
 * How an older block follows from a height that the light client trusts: the history contract of EIP-2935 keeps the hashes of the
 * last 8191 blocks in its storage.
 */
export const ancestry = container({
  /** Of the trusted block. */
  height: uint64,
  timestamp: uint64,
  stateRoot: bytes32,
  /** From that state root to the history contract's account. */
  accountProof: trieNodes,
  /** From that account's storage root to the older block's hash. */
  storageProof: trieNodes,
  /** RLP of the older block's header. */
  executionHeader: byteList(2048),
});

/** The part of a state proof that all claims at one height share. */
export const rootProof = container({
  height: uint64,
  /** Unix seconds, from the execution header. */
  timestamp: uint64,
  stateRoot: bytes32,
  /** From the state root to the packet store's account. */
  accountProof: trieNodes,
  /** At most one: for a height that the light client does not hold. */
  ancestry: list(ancestry, 1),
});

/** One claim's proof, from the account's storage root. */
export const storageProof = trieNodes;

/** Two updates whose finalized headers contradict each other. */
export const beaconMisbehaviour = container({ first: byteList(1 << 20), second: byteList(1 << 20) });

export type BeaconBlockHeader = SszValue<typeof beaconBlockHeader>;
export type SyncCommittee = SszValue<typeof syncCommittee>;
export type BeaconUpdate = SszValue<typeof beaconUpdate>;
export type Ancestry = SszValue<typeof ancestry>;
export type RootProof = SszValue<typeof rootProof>;
export type StorageProof = SszValue<typeof storageProof>;

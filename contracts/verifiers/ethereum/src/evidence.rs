//! Canonical evidence: SSZ as `adapters/evm/verify/evidence.ts` has it. Everything borrows from the bytes it is read from.
use crate::Bytes32;
use crate::ssz::{self, Field, byte_list, container, uint64, vectors};
use alloc::vec::Vec;

const BRANCH_LIMIT: usize = 16;
const HEADER_LIMIT: usize = 2048;

const UINT64: Field = Field::Fixed(8);
const BYTES32: Field = Field::Fixed(32);
const VARIABLE: Field = Field::Variable;

/// consensus-specs phase0 BeaconBlockHeader.
pub struct BlockHeader<'a> {
    pub slot: u64,
    pub proposer_index: u64,
    pub parent_root: &'a Bytes32,
    pub state_root: &'a Bytes32,
    pub body_root: &'a Bytes32,
}

const BLOCK_HEADER_SIZE: usize = 112;

impl<'a> BlockHeader<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let [slot, proposer_index, parent_root, state_root, body_root] =
            container(bytes, &[UINT64, UINT64, BYTES32, BYTES32, BYTES32])?;
        Some(Self {
            slot: uint64(slot)?,
            proposer_index: uint64(proposer_index)?,
            parent_root: parent_root.try_into().ok()?,
            state_root: state_root.try_into().ok()?,
            body_root: body_root.try_into().ok()?,
        })
    }
}

/// consensus-specs altair SyncCommittee.
pub struct SyncCommittee<'a> {
    pub pubkeys: &'a [[u8; 48]],
    pub aggregate_pubkey: &'a [u8; 48],
}

impl<'a> SyncCommittee<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let [pubkeys, aggregate_pubkey] = container(bytes, &[VARIABLE, Field::Fixed(48)])?;
        Some(Self { pubkeys: vectors(pubkeys, 512)?, aggregate_pubkey: aggregate_pubkey.try_into().ok()? })
    }
}

/// One light-client update.
pub struct BeaconUpdate<'a> {
    pub(crate) attested_header: BlockHeader<'a>,
    pub(crate) finalized_header: BlockHeader<'a>,
    pub(crate) finality_branch: &'a [Bytes32],
    pub(crate) execution_branch: &'a [Bytes32],
    pub(crate) execution_header: &'a [u8],
    pub(crate) next_sync_committee: Option<SyncCommittee<'a>>,
    pub(crate) next_sync_committee_branch: &'a [Bytes32],
    pub(crate) sync_committee: SyncCommittee<'a>,
    pub(crate) sync_committee_bits: &'a [u8],
    pub(crate) sync_committee_signature: &'a [u8; 96],
    pub(crate) signature_slot: u64,
}

impl<'a> BeaconUpdate<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let header = Field::Fixed(BLOCK_HEADER_SIZE);
        let [
            attested,
            finalized,
            finality_branch,
            execution_branch,
            execution_header,
            next,
            next_branch,
            committee,
            bits,
            signature,
            slot,
        ] = container(
            bytes,
            &[
                header,
                header,
                VARIABLE,
                VARIABLE,
                VARIABLE,
                VARIABLE,
                VARIABLE,
                VARIABLE,
                VARIABLE,
                Field::Fixed(96),
                UINT64,
            ],
        )?;
        let next_sync_committee = match ssz::list(next, 1)?.first() {
            Some(bytes) => Some(SyncCommittee::read(bytes)?),
            None => None,
        };
        Some(Self {
            attested_header: BlockHeader::read(attested)?,
            finalized_header: BlockHeader::read(finalized)?,
            finality_branch: vectors(finality_branch, BRANCH_LIMIT)?,
            execution_branch: vectors(execution_branch, BRANCH_LIMIT)?,
            execution_header: byte_list(execution_header, HEADER_LIMIT)?,
            next_sync_committee,
            next_sync_committee_branch: vectors(next_branch, BRANCH_LIMIT)?,
            sync_committee: SyncCommittee::read(committee)?,
            sync_committee_bits: byte_list(bits, 64)?,
            sync_committee_signature: signature.try_into().ok()?,
            signature_slot: uint64(slot)?,
        })
    }
}

/// Nodes of one path through a trie, from the root on.
pub type TrieNodes<'a> = Vec<&'a [u8]>;

pub fn trie_nodes(bytes: &[u8]) -> Option<TrieNodes<'_>> {
    let nodes = ssz::list(bytes, 64)?;
    nodes.iter().all(|node| node.len() <= 4096).then_some(nodes)
}

/// How an older block follows from a height that the light client trusts (EIP-2935).
pub struct Ancestry<'a> {
    /// Of the trusted block.
    pub height: u64,
    pub timestamp: u64,
    pub state_root: &'a Bytes32,
    pub account_proof: TrieNodes<'a>,
    pub storage_proof: TrieNodes<'a>,
    /// RLP of the older block's header.
    pub execution_header: &'a [u8],
}

impl<'a> Ancestry<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let [height, timestamp, state_root, account_proof, storage_proof, execution_header] =
            container(bytes, &[UINT64, UINT64, BYTES32, VARIABLE, VARIABLE, VARIABLE])?;
        Some(Self {
            height: uint64(height)?,
            timestamp: uint64(timestamp)?,
            state_root: state_root.try_into().ok()?,
            account_proof: trie_nodes(account_proof)?,
            storage_proof: trie_nodes(storage_proof)?,
            execution_header: byte_list(execution_header, HEADER_LIMIT)?,
        })
    }
}

/// The part of a state proof that all claims at one height share.
pub struct RootProof<'a> {
    /// Number of the execution block whose state is proven.
    pub height: u64,
    /// Its time, Unix seconds.
    pub timestamp: u64,
    pub(crate) state_root: &'a Bytes32,
    pub(crate) account_proof: TrieNodes<'a>,
    pub(crate) ancestry: Option<Ancestry<'a>>,
}

impl<'a> RootProof<'a> {
    /// None when the bytes are not a root proof in canonical form (`MALFORMED`).
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let [height, timestamp, state_root, account_proof, ancestry] =
            container(bytes, &[UINT64, UINT64, BYTES32, VARIABLE, VARIABLE])?;
        let ancestry = match ssz::list(ancestry, 1)?.first() {
            Some(bytes) => Some(Ancestry::read(bytes)?),
            None => None,
        };
        Some(Self {
            height: uint64(height)?,
            timestamp: uint64(timestamp)?,
            state_root: state_root.try_into().ok()?,
            account_proof: trie_nodes(account_proof)?,
            ancestry,
        })
    }
}

/// The two updates of a report, still as bytes.
pub fn read_misbehaviour(bytes: &[u8]) -> Option<[&[u8]; 2]> {
    let [first, second] = container(bytes, &[VARIABLE, VARIABLE])?;
    Some([byte_list(first, 1 << 20)?, byte_list(second, 1 << 20)?])
}

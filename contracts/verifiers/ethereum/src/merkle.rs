//! SSZ Merkleization of the few containers evidence is made of (consensus-specs ssz/merkle-proofs.md).
use crate::Bytes32;
use crate::evidence::BlockHeader;
use crate::hash::hash_pair;
use alloc::vec::Vec;

/// Root over chunks whose number is a power of two; zero when there are none.
pub fn merkleize(mut level: Vec<Bytes32>) -> Bytes32 {
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| hash_pair(&pair[0], pair.get(1).unwrap_or(&[0; 32]))).collect();
    }
    level.first().copied().unwrap_or_default()
}

fn uint64_chunk(value: u64) -> Bytes32 {
    let mut chunk = [0; 32];
    chunk[..8].copy_from_slice(&value.to_le_bytes());
    chunk
}

impl BlockHeader<'_> {
    /// hash_tree_root(BeaconBlockHeader).
    pub fn root(&self) -> Bytes32 {
        let mut chunks = [[0; 32]; 8];
        chunks[0] = uint64_chunk(self.slot);
        chunks[1] = uint64_chunk(self.proposer_index);
        chunks[2] = *self.parent_root;
        chunks[3] = *self.state_root;
        chunks[4] = *self.body_root;
        merkleize(chunks.into())
    }
}

/// is_valid_merkle_branch by generalized index, which is at least 2: one node for each level, exactly.
pub fn is_valid_branch(leaf: Bytes32, branch: &[Bytes32], gindex: u32, root: &Bytes32) -> bool {
    if branch.len() != gindex.ilog2() as usize {
        return false;
    }
    let fold = |node, (level, sibling): (usize, &Bytes32)| {
        if gindex >> level & 1 == 1 { hash_pair(sibling, &node) } else { hash_pair(&node, sibling) }
    };
    branch.iter().enumerate().fold(leaf, fold) == *root
}

//! Sync committees: their root, which is all that is trusted of them, and who of them signed.
use crate::Bytes32;
use crate::evidence::SyncCommittee;
use crate::hash::{hash_pair, sha256};
use crate::merkle::merkleize;

/// hash_tree_root(BLSPubkey): 48 bytes in two chunks.
fn pubkey_root(pubkey: &[u8; 48]) -> Bytes32 {
    let mut chunks = [0; 64];
    chunks[..48].copy_from_slice(pubkey);
    sha256(&chunks)
}

impl SyncCommittee<'_> {
    /// hash_tree_root(SyncCommittee) when it has `size` keys, a power of two.
    pub fn root(&self, size: u64) -> Option<Bytes32> {
        if self.pubkeys.len() as u64 != size {
            return None;
        }
        let keys = merkleize(self.pubkeys.iter().map(pubkey_root).collect());
        Some(hash_pair(&keys, &pubkey_root(self.aggregate_pubkey)))
    }

    /// Keys of the members whose bit is not set, little-endian within each byte.
    pub fn absentees<'s>(&'s self, bits: &'s [u8]) -> impl Iterator<Item = &'s [u8; 48]> {
        let is_set = |index: usize| bits.get(index / 8).is_some_and(|byte| byte >> (index % 8) & 1 == 1);
        self.pubkeys.iter().enumerate().filter(move |(index, _)| !is_set(*index)).map(|(_, key)| key)
    }
}

pub fn participants(bits: &[u8]) -> u64 {
    bits.iter().map(|byte| u64::from(byte.count_ones())).sum()
}

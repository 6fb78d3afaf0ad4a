//! The two hash functions.
use crate::Bytes32;
use sha2::{Digest as _, Sha256};
use sha3::Keccak256;

pub fn sha256(bytes: &[u8]) -> Bytes32 {
    Sha256::digest(bytes).into()
}

/// SHA-256 of two nodes of a Merkle tree.
pub fn hash_pair(left: &Bytes32, right: &Bytes32) -> Bytes32 {
    let mut both = [0; 64];
    both[..32].copy_from_slice(left);
    both[32..].copy_from_slice(right);
    sha256(&both)
}

pub fn keccak256(bytes: &[u8]) -> Bytes32 {
    Keccak256::digest(bytes).into()
}

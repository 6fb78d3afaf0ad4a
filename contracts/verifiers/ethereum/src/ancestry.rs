//! An older block under a trusted one: by its hash in the storage of the history contract (EIP-2935).
use crate::Bytes32;
use crate::account::{account_storage_root, storage_word};
use crate::consensus_state::ConsensusState;
use crate::evidence::Ancestry;
use crate::execution_header::ExecutionHeader;
use crate::hash::keccak256;
use crate::trie::{Found, walk};

/// HISTORY_STORAGE_ADDRESS.
const CONTRACT: [u8; 20] = [
    0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb, 0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29,
    0x35,
];
/// HISTORY_SERVE_WINDOW.
const WINDOW: u64 = 8191;

impl Ancestry<'_> {
    /// What the ring must hold instead of the older block.
    pub fn trusted(&self) -> ConsensusState {
        ConsensusState { height: self.height, timestamp: self.timestamp, state_root: *self.state_root }
    }

    /// Rule 4: whether the trusted block has this one among its last 8191 ancestors.
    pub fn leads_to(&self, block: &ConsensusState) -> bool {
        let distance = self.height.checked_sub(block.height);
        distance.is_some_and(|distance| (1..=WINDOW).contains(&distance))
            && self.proven_hash(block.height).is_some_and(|hash| {
                ExecutionHeader::parse(self.execution_header)
                    .is_some_and(|header| header.hash == hash && header.consensus == *block)
            })
    }

    /// The hash that the trusted block's state has for `height`.
    fn proven_hash(&self, height: u64) -> Option<Bytes32> {
        let Found::Value(account) = walk(self.state_root, &keccak256(&CONTRACT), &self.account_proof)? else {
            return None;
        };
        let storage_root = account_storage_root(account)?;
        let mut slot = [0; 32];
        slot[24..].copy_from_slice(&(height % WINDOW).to_be_bytes());
        match walk(&storage_root, &keccak256(&slot), &self.storage_proof)? {
            Found::Value(value) => storage_word(value),
            Found::Nothing => None,
        }
    }
}

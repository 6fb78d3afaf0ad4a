//! Consensus states: what a light client remembers of a height, one word in a ring.
use crate::Bytes32;
use crate::hash::keccak256;
use crate::trusted_state::{BeaconState, RING_SIZE};

const EMPTY: Bytes32 = [0; 32];

/// What of an execution block is remembered. Timestamp in Unix seconds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ConsensusState {
    pub height: u64,
    pub timestamp: u64,
    pub state_root: Bytes32,
}

impl ConsensusState {
    /// `height ‖ first 24 bytes of keccak256(height ‖ timestamp ‖ stateRoot)`.
    pub fn word(&self) -> Bytes32 {
        let mut whole = [0; 48];
        whole[..8].copy_from_slice(&self.height.to_be_bytes());
        whole[8..16].copy_from_slice(&self.timestamp.to_be_bytes());
        whole[16..].copy_from_slice(&self.state_root);
        let mut word = [0; 32];
        word[..8].copy_from_slice(&self.height.to_be_bytes());
        word[8..].copy_from_slice(&keccak256(&whole)[..24]);
        word
    }
}

fn place(height: u64) -> usize {
    (height % RING_SIZE as u64) as usize
}

fn height_of(word: &Bytes32) -> u64 {
    word[..8].iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

impl BeaconState {
    /// The word in the ring's place for `height`, and the height it is of.
    fn held(&self, height: u64) -> Option<(u64, &Bytes32)> {
        let word = &self.ring[place(height)];
        (*word != EMPTY).then(|| (height_of(word), word))
    }

    /// The height in the ring's place for `height`.
    pub fn held_height(&self, height: u64) -> Option<u64> {
        self.held(height).map(|(held, _)| held)
    }

    /// Every height that the ring holds.
    pub fn held_heights(&self) -> impl Iterator<Item = u64> {
        self.ring.iter().filter(|word| **word != EMPTY).map(height_of)
    }

    pub(crate) fn holds(&self, consensus: &ConsensusState) -> bool {
        self.held(consensus.height).is_some_and(|(_, word)| *word == consensus.word())
    }

    /// The ring holds another consensus state for this height.
    pub(crate) fn contradicts(&self, consensus: &ConsensusState) -> bool {
        self.held(consensus.height).is_some_and(|(held, word)| held == consensus.height && *word != consensus.word())
    }

    /// Writes unless the place holds this height or a higher one; says whether it did.
    pub(crate) fn hold(&mut self, consensus: &ConsensusState) -> bool {
        let is_free = self.held_height(consensus.height).is_none_or(|held| held < consensus.height);
        if is_free {
            self.ring[place(consensus.height)] = consensus.word();
        }
        is_free
    }
}

//! The execution block header: strict RLP, of which number, timestamp and state root are trusted (rule 4).
use crate::Bytes32;
use crate::consensus_state::ConsensusState;
use crate::hash::keccak256;
use crate::rlp;

const STATE_ROOT: usize = 3;
const NUMBER: usize = 8;
const TIMESTAMP: usize = 11;

pub struct ExecutionHeader {
    pub hash: Bytes32,
    pub consensus: ConsensusState,
}

/// An integer in as few bytes as it needs.
fn uint64(bytes: &[u8]) -> Option<u64> {
    if bytes.len() > 8 || bytes.first() == Some(&0) {
        return None;
    }
    Some(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

impl ExecutionHeader {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let items = rlp::list(bytes)?;
        if !(15..=64).contains(&items.len()) || items.iter().any(|item| item.is_list) {
            return None;
        }
        let consensus = ConsensusState {
            height: uint64(items[NUMBER].payload)?,
            timestamp: uint64(items[TIMESTAMP].payload)?,
            state_root: items[STATE_ROOT].payload.try_into().ok()?,
        };
        Some(Self { hash: keccak256(bytes), consensus })
    }
}

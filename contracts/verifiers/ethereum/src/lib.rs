//! Judges evidence about an Ethereum chain: sync committee updates, state proofs and misbehaviour.
//!
//! Written from the rule book `adapters/evm/verify/README.md`; numbers of rules in these sources are the ones there. No storage, no
//! clock, no randomness: what is trusted and what time it is comes in, what follows goes out. Any bytes give a verdict.
#![no_std]

extern crate alloc;

mod account;
mod ancestry;
mod bls;
mod committee;
mod consensus_state;
mod envelope;
mod evidence;
mod execution_header;
mod hash;
mod header_rules;
mod merkle;
mod misbehaviour;
mod reason;
mod rlp;
mod schedule;
mod ssz;
mod state_proof;
mod trie;
mod trusted_state;
mod update;
mod verify;

pub use bls::{Bls, SUITE};
pub use evidence::{BeaconUpdate, RootProof};
pub use misbehaviour::{Conflict, judge_misbehaviour};
pub use reason::Reason;
pub use state_proof::{Claim, judge_claim, open_storage};
pub use trusted_state::{BeaconState, Fork, RING_SIZE};
pub use update::{Update, apply, conflicts, is_known, judge_update, read_update};
pub use verify::{Accepted, verify, verify_misbehaviour};

/// A hash, or anything else of 32 bytes.
pub type Bytes32 = [u8; 32];

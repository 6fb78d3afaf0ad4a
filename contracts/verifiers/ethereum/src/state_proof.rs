//! Membership and absence in the packet store of a contract on the source chain.
use crate::Bytes32;
use crate::account::{account_storage_root, storage_word};
use crate::consensus_state::ConsensusState;
use crate::evidence::{RootProof, trie_nodes};
use crate::hash::keccak256;
use crate::reason::Reason;
use crate::trie::{Found, walk};
use crate::trusted_state::BeaconState;

/// What is to be proven: that `path` holds `value`, or nothing when that is None.
#[derive(Clone, Copy)]
pub struct Claim<'a> {
    /// The packet path, as ICS-24 has it.
    pub path: &'a [u8],
    /// What it holds.
    pub value: Option<&'a Bytes32>,
    /// Canonical bytes of the storage proof.
    pub proof: &'a [u8],
}

/// Rules 2 to 5: the storage root of the packet store at the proof's height. `now` in Unix seconds of the hosting chain.
pub fn open_storage(state: &BeaconState, proof: &RootProof, now: u64) -> Result<Bytes32, Reason> {
    state.active(now)?;
    let block = ConsensusState { height: proof.height, timestamp: proof.timestamp, state_root: *proof.state_root };
    let trusted = proof.ancestry.as_ref().map_or(block, |ancestry| ancestry.trusted());
    if !state.holds(&trusted) {
        return Err(Reason::UnknownHeight);
    }
    if proof.ancestry.as_ref().is_some_and(|ancestry| !ancestry.leads_to(&block)) {
        return Err(Reason::InvalidAncestry);
    }
    match walk(proof.state_root, &keccak256(&state.router), &proof.account_proof) {
        Some(Found::Value(account)) => account_storage_root(account).ok_or(Reason::InvalidAccountProof),
        _ => Err(Reason::InvalidAccountProof),
    }
}

/// Key in the storage trie of what a Solidity mapping from bytes32 holds for `path`.
fn storage_key(path: &[u8], commitments_slot: &Bytes32) -> Bytes32 {
    let mut place = [0; 64];
    place[..32].copy_from_slice(&keccak256(path));
    place[32..].copy_from_slice(commitments_slot);
    keccak256(&keccak256(&place))
}

/// Rules 6 to 9 under a storage root that `open_storage` gave.
pub fn judge_claim(state: &BeaconState, storage_root: &Bytes32, claim: &Claim) -> Result<(), Reason> {
    let nodes = trie_nodes(claim.proof).ok_or(Reason::Malformed)?;
    let key = storage_key(claim.path, &state.commitments_slot);
    let found = match walk(storage_root, &key, &nodes).ok_or(Reason::InvalidStorageProof)? {
        Found::Value(value) => Some(storage_word(value).ok_or(Reason::InvalidStorageProof)?),
        Found::Nothing => None,
    };
    match (claim.value, found) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Reason::ValuePresent),
        (Some(_), None) => Err(Reason::ValueAbsent),
        (Some(claimed), Some(held)) if *claimed == held => Ok(()),
        (Some(_), Some(_)) => Err(Reason::ValueMismatch),
    }
}

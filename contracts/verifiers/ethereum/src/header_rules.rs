//! The rules an update's own evidence must satisfy: 6 to 16, in order.
use crate::Bytes32;
use crate::bls::{Bls, is_finite, negated};
use crate::committee::participants;
use crate::evidence::{BlockHeader, SyncCommittee};
use crate::hash::hash_pair;
use crate::merkle::is_valid_branch;
use crate::reason::Reason;
use crate::trusted_state::{BeaconState, Fork};
use crate::update::Update;
use alloc::vec::Vec;

const DOMAIN_SYNC_COMMITTEE: [u8; 4] = [7, 0, 0, 0];

/// Ok when the evidence stands; otherwise the first rule broken.
pub fn check(state: &BeaconState, update: &Update, now: u64, bls: &impl Bls) -> Result<(), Reason> {
    let Update { evidence, header } = update;
    let (attested, finalized, signature_slot) =
        (&evidence.attested_header, &evidence.finalized_header, evidence.signature_slot);

    if signature_slot <= attested.slot || attested.slot < finalized.slot {
        return Err(Reason::SlotOrder);
    }
    if signature_time(state, signature_slot) > u128::from(now) + u128::from(state.max_clock_drift) {
        return Err(Reason::FutureHeader);
    }
    let (Some(attested_fork), Some(finalized_fork), Some(signature_fork)) =
        (state.fork_at(attested.slot), state.fork_at(finalized.slot), state.fork_at(signature_slot - 1))
    else {
        return Err(Reason::UnknownFork);
    };
    let signers_root = signers_root(state, signature_slot).ok_or(Reason::UnknownPeriod)?;

    let block_hash_gindex = finalized_fork.execution_block_hash_gindex;
    if !is_valid_branch(header.hash, evidence.execution_branch, block_hash_gindex, finalized.body_root) {
        return Err(Reason::InvalidExecutionBranch);
    }
    let finalized_gindex = attested_fork.finalized_root_gindex;
    if !is_valid_branch(finalized.root(), evidence.finality_branch, finalized_gindex, attested.state_root) {
        return Err(Reason::InvalidFinalityBranch);
    }
    if let Some(next) = &evidence.next_sync_committee {
        if !is_next_committee(state, update, next, attested_fork) {
            return Err(Reason::InvalidNextCommittee);
        }
    }

    let committee = &evidence.sync_committee;
    if committee.root(state.committee_size) != Some(signers_root) {
        return Err(Reason::InvalidCommittee);
    }
    if 3 * participants(evidence.sync_committee_bits) < 2 * state.committee_size {
        return Err(Reason::InsufficientParticipation);
    }
    let key = signers_key(committee, evidence.sync_committee_bits, bls).ok_or(Reason::InvalidPublicKey)?;
    let message = signing_root(attested, signature_fork, &state.genesis_validators_root);
    let signature = evidence.sync_committee_signature;
    if is_finite(signature[0]) && bls.verify(&key, &message, signature) {
        Ok(())
    } else {
        Err(Reason::InvalidSignature)
    }
}

/// Unix seconds at which the signature's slot begins.
fn signature_time(state: &BeaconState, slot: u64) -> u128 {
    u128::from(state.genesis_time) + u128::from(slot) * u128::from(state.seconds_per_slot)
}

/// Root of the committee that has to have signed: the trusted one, or the known next one a period later.
fn signers_root(state: &BeaconState, signature_slot: u64) -> Option<Bytes32> {
    let period = state.period_at(signature_slot);
    if period == state.period {
        return Some(state.committee_root);
    }
    state.next_committee_root.filter(|_| state.is_next_period(period))
}

/// Rule 12.
fn is_next_committee(state: &BeaconState, update: &Update, next: &SyncCommittee, fork: &Fork) -> bool {
    let Update { evidence, .. } = update;
    let attested = &evidence.attested_header;
    let period = state.period_at(attested.slot);
    if period != state.period_at(evidence.signature_slot) {
        return false;
    }
    let Some(root) = next.root(state.committee_size) else {
        return false;
    };
    let known = state.next_committee_root.filter(|_| period == state.period);
    let branch = evidence.next_sync_committee_branch;
    is_valid_branch(root, branch, fork.next_sync_committee_gindex, attested.state_root)
        && known.is_none_or(|known| known == root)
}

/// Sum of the signers' keys: the committee's aggregate minus the absentees (rule 15).
fn signers_key(committee: &SyncCommittee, bits: &[u8], bls: &impl Bls) -> Option<[u8; 48]> {
    let aggregate = committee.aggregate_pubkey;
    let mut points = Vec::from([*aggregate]);
    points.extend(committee.absentees(bits).map(negated));
    if !points.iter().all(|point| is_finite(point[0])) {
        return None;
    }
    bls.sum(&points).filter(|sum| is_finite(sum[0]))
}

/// compute_signing_root(header, compute_domain(DOMAIN_SYNC_COMMITTEE, fork version, genesis validators root)).
fn signing_root(header: &BlockHeader, fork: &Fork, genesis_validators_root: &Bytes32) -> Bytes32 {
    let mut version = [0; 32];
    version[..4].copy_from_slice(&fork.version);
    let mut domain = [0; 32];
    domain[..4].copy_from_slice(&DOMAIN_SYNC_COMMITTEE);
    domain[4..].copy_from_slice(&hash_pair(&version, genesis_validators_root)[..28]);
    hash_pair(&header.root(), &domain)
}

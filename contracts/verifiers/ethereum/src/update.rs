//! One light-client update judged against a trusted state, and the state it leads to.
use crate::bls::Bls;
use crate::evidence::BeaconUpdate;
use crate::execution_header::ExecutionHeader;
use crate::header_rules::check;
use crate::reason::Reason;
use crate::trusted_state::BeaconState;

/// An update that can be read, with its execution header.
pub struct Update<'a> {
    pub(crate) evidence: BeaconUpdate<'a>,
    pub(crate) header: ExecutionHeader,
}

impl Update<'_> {
    /// Number of the execution block it finalizes.
    pub fn height(&self) -> u64 {
        self.header.consensus.height
    }

    /// That block's time, Unix seconds.
    pub fn timestamp(&self) -> u64 {
        self.header.consensus.timestamp
    }
}

/// Rules 1 to 4.
pub fn read_update<'a>(state: &BeaconState, bytes: &'a [u8], now: u64) -> Result<Update<'a>, Reason> {
    let evidence = BeaconUpdate::read(bytes).ok_or(Reason::Malformed)?;
    let has_branch = !evidence.next_sync_committee_branch.is_empty();
    if evidence.sync_committee_bits.len() as u64 * 8 != state.committee_size
        || has_branch != evidence.next_sync_committee.is_some()
    {
        return Err(Reason::Malformed);
    }
    state.active(now)?;
    let header = ExecutionHeader::parse(evidence.execution_header).ok_or(Reason::InvalidExecutionHeader)?;
    Ok(Update { evidence, header })
}

/// Rule 5: the update says nothing new, and nothing further is read of it.
pub fn is_known(state: &BeaconState, update: &Update) -> bool {
    update.evidence.next_sync_committee.is_none() && state.holds(&update.header.consensus)
}

/// Rules 1 to 16: the update stands by itself.
pub fn judge_update<'a>(state: &BeaconState, bytes: &'a [u8], now: u64, bls: &impl Bls) -> Result<Update<'a>, Reason> {
    let update = read_update(state, bytes, now)?;
    if !is_known(state, &update) {
        check(state, &update, now, bls)?;
    }
    Ok(update)
}

/// Rule 17 broken: the light client trusts something else at this height, so that an update that stands is misbehaviour.
pub fn conflicts(state: &BeaconState, update: &Update) -> bool {
    state.contradicts(&update.header.consensus)
}

/// Rules 17 to 19, and what changes. Only for updates that `judge_update` let pass; it is not looked at again whether they stand.
pub fn apply(state: &BeaconState, update: &Update) -> Result<BeaconState, Reason> {
    if is_known(state, update) {
        return Ok(state.clone());
    }
    if conflicts(state, update) {
        return Err(Reason::ConflictingHeader);
    }
    if !is_monotonic(state, update) {
        return Err(Reason::NonMonotonicTime);
    }
    let mut next = state.clone();
    let is_held = hold(&mut next, update);
    let is_rotated = rotate(&mut next, update);
    let has_committee = store_next_committee(&mut next, update);
    if is_held || is_rotated || has_committee { Ok(next) } else { Err(Reason::StaleHeader) }
}

fn is_monotonic(state: &BeaconState, update: &Update) -> bool {
    use core::cmp::Ordering;
    let time = update.timestamp().cmp(&state.latest_timestamp);
    match update.height().cmp(&state.latest_height) {
        Ordering::Equal => true,
        order => time == order,
    }
}

fn hold(state: &mut BeaconState, update: &Update) -> bool {
    let is_held = state.hold(&update.header.consensus);
    if is_held && update.height() > state.latest_height {
        state.latest_height = update.height();
        state.latest_timestamp = update.timestamp();
        state.latest_slot = update.evidence.finalized_header.slot;
    }
    is_held
}

fn rotate(state: &mut BeaconState, update: &Update) -> bool {
    let period = state.period_at(update.evidence.finalized_header.slot);
    if !state.is_next_period(period) {
        return false;
    }
    let Some(root) = state.next_committee_root.take() else {
        return false;
    };
    state.committee_root = root;
    state.period = period;
    true
}

/// Only once the period's beginning is final: until then another of its first blocks could still decide about the committee.
fn store_next_committee(state: &mut BeaconState, update: &Update) -> bool {
    let Some(next) = &update.evidence.next_sync_committee else {
        return false;
    };
    let is_of_period = |slot| state.period_at(slot) == state.period;
    let is_due = state.next_committee_root.is_none()
        && is_of_period(update.evidence.attested_header.slot)
        && is_of_period(update.evidence.finalized_header.slot);
    if is_due {
        // A state encodes a root of zero as none, as the other languages have it.
        state.next_committee_root = next.root(state.committee_size).filter(|root| *root != [0; 32]);
    }
    is_due
}

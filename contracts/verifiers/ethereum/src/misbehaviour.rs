//! Reports that a committee signed two headers that contradict each other.
use crate::bls::Bls;
use crate::evidence::read_misbehaviour;
use crate::header_rules::check;
use crate::reason::Reason;
use crate::trusted_state::BeaconState;
use crate::update::{Update, read_update};

/// What a valid report is about.
pub struct Conflict {
    /// Of the first update's execution block.
    pub height: u64,
    /// Its time, Unix seconds.
    pub timestamp: u64,
}

/// Ok when the report freezes a light client of this trusted state.
pub fn judge_misbehaviour(state: &BeaconState, bytes: &[u8], now: u64, bls: &impl Bls) -> Result<Conflict, Reason> {
    let [first, second] = read_misbehaviour(bytes).ok_or(Reason::Malformed)?;
    let judge = |bytes| {
        let update = read_update(state, bytes, now)?;
        check(state, &update, now, bls)?;
        Ok(update)
    };
    let first = judge(first)?;
    let second = judge(second)?;
    if !contradict(&first, &second) {
        return Err(Reason::NoConflict);
    }
    Ok(Conflict { height: first.height(), timestamp: first.timestamp() })
}

/// Two finalized headers for one slot, or two consensus states for one height.
fn contradict(first: &Update, second: &Update) -> bool {
    let (one, two) = (&first.evidence.finalized_header, &second.evidence.finalized_header);
    if one.slot == two.slot && one.root() != two.root() {
        return true;
    }
    let (one, two) = (&first.header.consensus, &second.header.consensus);
    one.height == two.height && one.word() != two.word()
}

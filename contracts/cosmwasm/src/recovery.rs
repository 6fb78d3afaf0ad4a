//! What governance does to the light client: recovery from a substitute, and migration to other code.
use crate::error::Error;
use crate::messages::{MigrateMsg, read};
use crate::store::{Client, OWN, SUBJECT, SUBSTITUTE};
use ethereum_verifier::{BeaconState, Fork, Reason};

/// MsgRecoverClient: the subject, frozen or expired, goes on with what the substitute trusts. The module has compared statuses and code.
pub fn migrate_client_store(now: u64) -> Result<(), Error> {
    let subject = SUBJECT.client()?;
    let substitute = SUBSTITUTE.client()?.state;
    substitute.active(now)?;
    if !follow_the_same(&subject.state, &substitute) {
        return Err(Error::Unsupported("the substitute is about another chain or another packet store"));
    }
    for height in heights(&subject.state) {
        SUBJECT.remove_timestamp(height);
    }
    // They were proven under states that may have been false.
    SUBJECT.remove_storage_roots();
    for height in heights(&substitute) {
        if let Some(timestamp) = SUBSTITUTE.timestamp(height) {
            SUBJECT.set_timestamp(height, timestamp);
        }
    }
    SUBJECT.set_client(&Client { state: substitute, checksum: subject.checksum });
    Ok(())
}

/// The trusting period, the clock drift and the fork table are the substitute's to change.
fn follow_the_same(one: &BeaconState, other: &BeaconState) -> bool {
    one.chain_id == other.chain_id
        && one.genesis_validators_root == other.genesis_validators_root
        && one.genesis_time == other.genesis_time
        && one.seconds_per_slot == other.seconds_per_slot
        && one.slots_per_epoch == other.slots_per_epoch
        && one.epochs_per_period == other.epochs_per_period
        && one.committee_size == other.committee_size
        && one.router == other.router
        && one.commitments_slot == other.commitments_slot
}

/// Every height that may have a consensus state: a light client's first need not be in its ring.
fn heights(state: &BeaconState) -> impl Iterator<Item = u64> {
    state.held_heights().chain([state.latest_height])
}

/// MsgMigrateContract: this code took over from another that kept the same. A row of the fork table may come with it.
pub fn migrate(msg: &[u8]) -> Result<(), Error> {
    let msg: MigrateMsg = read(msg)?;
    let mut client = OWN.client()?;
    if let Some(row) = msg.add_fork {
        let fork = Fork::decode(&row.0).ok_or(Error::Malformed("fork"))?;
        if !client.state.add_fork(fork) {
            return Err(Reason::Malformed.into());
        }
        OWN.set_client(&client);
    }
    Ok(())
}

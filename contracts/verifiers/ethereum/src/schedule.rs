//! Slots, epochs, sync committee periods and the fork table.
use crate::trusted_state::{BeaconState, Fork, MAX_FORKS};

impl BeaconState {
    fn epoch_at(&self, slot: u64) -> u64 {
        slot / self.slots_per_epoch
    }

    pub(crate) fn period_at(&self, slot: u64) -> u64 {
        self.epoch_at(slot) / self.epochs_per_period
    }

    /// The row of the fork table in force at `slot`.
    pub(crate) fn fork_at(&self, slot: u64) -> Option<&Fork> {
        let epoch = self.epoch_at(slot);
        self.forks.iter().rfind(|fork| fork.epoch <= epoch)
    }

    /// Puts a row at the end of the fork table, for an admin; no update does. False, and nothing happens, when the table is full, or the row
    /// does not begin after the last one and after the newest trusted header's epoch.
    pub fn add_fork(&mut self, fork: Fork) -> bool {
        let follows = self.forks.last().is_none_or(|last| last.epoch < fork.epoch);
        let may = follows && fork.epoch > self.epoch_at(self.latest_slot) && self.forks.len() < MAX_FORKS;
        if may {
            self.forks.push(fork);
        }
        may
    }

    /// Whether `period` is the one after the trusted committee's.
    pub(crate) fn is_next_period(&self, period: u64) -> bool {
        self.period.checked_add(1) == Some(period)
    }
}

//! Canonical trusted state: the ABI encoding of one tuple, as `adapters/evm/verify/trusted-state.ts` has it.
use crate::Bytes32;
use crate::reason::Reason;
use alloc::vec::Vec;

/// Consensus states are kept in a ring indexed by `height % RING_SIZE`.
pub const RING_SIZE: usize = 61;

/// Rows of a fork table, at most.
pub const MAX_FORKS: usize = 8;
const MAX_COMMITTEE_SIZE: u64 = 512;
/// Generalized indices below it have branches that evidence can carry.
const GINDEX_END: u32 = 1 << 17;
const WORD: usize = 32;
const FIELDS: usize = 20;
const FORK_WORDS: usize = 5;

/// One row of the fork table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "adapters/evm/verify/trusted-state.ts says what each is")]
pub struct Fork {
    pub epoch: u64,
    pub version: [u8; 4],
    pub finalized_root_gindex: u32,
    pub next_sync_committee_gindex: u32,
    pub execution_block_hash_gindex: u32,
}

/// All that a light client of one Ethereum chain believes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "adapters/evm/verify/trusted-state.ts says what each is")]
pub struct BeaconState {
    pub chain_id: u64,
    pub genesis_validators_root: Bytes32,
    pub genesis_time: u64,
    pub seconds_per_slot: u64,
    pub slots_per_epoch: u64,
    pub epochs_per_period: u64,
    pub committee_size: u64,
    pub trusting_period: u64,
    pub max_clock_drift: u64,
    pub router: [u8; 20],
    pub commitments_slot: Bytes32,
    pub forks: Vec<Fork>,
    pub frozen: bool,
    pub latest_height: u64,
    pub latest_timestamp: u64,
    pub latest_slot: u64,
    pub period: u64,
    pub committee_root: Bytes32,
    /// None while it is not known; zero in the encoding.
    pub next_committee_root: Option<Bytes32>,
    /// Zero where nothing is held.
    pub ring: [Bytes32; RING_SIZE],
}

/// Reads words one after the other, each of which has one right form.
struct Words<'a>(&'a [Bytes32]);

impl Words<'_> {
    fn bytes32(&mut self) -> Option<Bytes32> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// An integer of the last `N` bytes.
    fn right_aligned<const N: usize>(&mut self) -> Option<[u8; N]> {
        let word = self.bytes32()?;
        let (padding, value) = word.split_at(WORD - N);
        padding.iter().all(|byte| *byte == 0).then(|| value.try_into().ok())?
    }

    fn uint64(&mut self) -> Option<u64> {
        self.right_aligned().map(u64::from_be_bytes)
    }

    fn uint32(&mut self) -> Option<u32> {
        self.right_aligned().map(u32::from_be_bytes)
    }

    fn bool(&mut self) -> Option<bool> {
        match self.right_aligned::<1>()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn bytes4(&mut self) -> Option<[u8; 4]> {
        let word = self.bytes32()?;
        let (value, padding) = word.split_at(4);
        padding.iter().all(|byte| *byte == 0).then(|| value.try_into().ok())?
    }

    fn fork(&mut self) -> Option<Fork> {
        Some(Fork {
            epoch: self.uint64()?,
            version: self.bytes4()?,
            finalized_root_gindex: self.uint32()?,
            next_sync_committee_gindex: self.uint32()?,
            execution_block_hash_gindex: self.uint32()?,
        })
    }
}

fn push_integer(out: &mut Vec<u8>, value: u64) {
    out.extend([0; WORD - 8]);
    out.extend(value.to_be_bytes());
}

fn push_length(out: &mut Vec<u8>, value: usize) {
    push_integer(out, value as u64);
}

impl Fork {
    /// None when the bytes are not the canonical encoding of one row, or no branch can have its indices.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<WORD>();
        let mut words = Words(words);
        let fork = words.fork()?;
        (rest.is_empty() && words.0.is_empty() && fork.is_usable()).then_some(fork)
    }

    fn is_usable(&self) -> bool {
        [self.finalized_root_gindex, self.next_sync_committee_gindex, self.execution_block_hash_gindex]
            .iter()
            .all(|gindex| (2..GINDEX_END).contains(gindex))
    }

    fn encode_into(&self, out: &mut Vec<u8>) {
        push_integer(out, self.epoch);
        out.extend(self.version);
        out.extend([0; WORD - 4]);
        push_integer(out, self.finalized_root_gindex.into());
        push_integer(out, self.next_sync_committee_gindex.into());
        push_integer(out, self.execution_block_hash_gindex.into());
    }
}

impl BeaconState {
    /// None when the bytes are not the canonical encoding of a state, or under its parameters the rules have no meaning.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (words, rest) = bytes.as_chunks::<WORD>();
        let mut words = Words(words);
        if !rest.is_empty() || words.uint64()? != WORD as u64 {
            return None;
        }
        let chain_id = words.uint64()?;
        let genesis_validators_root = words.bytes32()?;
        let [genesis_time, seconds_per_slot, slots_per_epoch, epochs_per_period] =
            [words.uint64()?, words.uint64()?, words.uint64()?, words.uint64()?];
        let [committee_size, trusting_period, max_clock_drift] = [words.uint64()?, words.uint64()?, words.uint64()?];
        let router = words.right_aligned()?;
        let commitments_slot = words.bytes32()?;
        let forks_at = words.uint64()?;
        let frozen = words.bool()?;
        let [latest_height, latest_timestamp, latest_slot, period] =
            [words.uint64()?, words.uint64()?, words.uint64()?, words.uint64()?];
        let committee_root = words.bytes32()?;
        let next_committee_root = words.bytes32()?;
        let ring_at = words.uint64()?;

        let fork_count = usize::try_from(words.uint64()?).ok().filter(|count| *count <= MAX_FORKS)?;
        let forks = (0..fork_count).map(|_| words.fork()).collect::<Option<Vec<_>>>()?;
        let ring_count = words.uint64()?;
        let ring = words.0.try_into().ok()?;
        let ring_start = (FIELDS + 1 + FORK_WORDS * fork_count) * WORD;
        let state = Self {
            chain_id,
            genesis_validators_root,
            genesis_time,
            seconds_per_slot,
            slots_per_epoch,
            epochs_per_period,
            committee_size,
            trusting_period,
            max_clock_drift,
            router,
            commitments_slot,
            forks,
            frozen,
            latest_height,
            latest_timestamp,
            latest_slot,
            period,
            committee_root,
            next_committee_root: (next_committee_root != [0; 32]).then_some(next_committee_root),
            ring,
        };
        let is_canonical =
            forks_at == (FIELDS * WORD) as u64 && ring_at == ring_start as u64 && ring_count == RING_SIZE as u64;
        (is_canonical && state.is_usable()).then_some(state)
    }

    /// Parameters under which every rule has a meaning.
    fn is_usable(&self) -> bool {
        self.slots_per_epoch > 0
            && self.epochs_per_period > 0
            && self.committee_size.is_power_of_two()
            && (8..=MAX_COMMITTEE_SIZE).contains(&self.committee_size)
            && self.forks.iter().all(Fork::is_usable)
    }

    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        let words = 3 + FIELDS + FORK_WORDS * self.forks.len() + RING_SIZE;
        let mut out = Vec::with_capacity(words * WORD);
        push_length(&mut out, WORD);
        push_integer(&mut out, self.chain_id);
        out.extend(self.genesis_validators_root);
        for value in [
            self.genesis_time,
            self.seconds_per_slot,
            self.slots_per_epoch,
            self.epochs_per_period,
            self.committee_size,
            self.trusting_period,
            self.max_clock_drift,
        ] {
            push_integer(&mut out, value);
        }
        out.extend([0; WORD - 20]);
        out.extend(self.router);
        out.extend(self.commitments_slot);
        push_length(&mut out, FIELDS * WORD);
        push_integer(&mut out, self.frozen.into());
        for value in [self.latest_height, self.latest_timestamp, self.latest_slot, self.period] {
            push_integer(&mut out, value);
        }
        out.extend(self.committee_root);
        out.extend(self.next_committee_root.unwrap_or_default());
        push_length(&mut out, (FIELDS + 1 + FORK_WORDS * self.forks.len()) * WORD);
        push_length(&mut out, self.forks.len());
        for fork in &self.forks {
            fork.encode_into(&mut out);
        }
        push_length(&mut out, RING_SIZE);
        out.extend(self.ring.as_flattened());
        out
    }

    /// Rules 2 and 3: whether the light client may be relied on at all. `now` in Unix seconds of the hosting chain.
    pub fn active(&self, now: u64) -> Result<(), Reason> {
        if self.frozen {
            return Err(Reason::ClientFrozen);
        }
        let end = u128::from(self.latest_timestamp) + u128::from(self.trusting_period);
        if u128::from(now) > end { Err(Reason::ClientExpired) } else { Ok(()) }
    }
}

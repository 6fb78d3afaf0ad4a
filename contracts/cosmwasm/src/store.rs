//! What the contract keeps in the light client's store: the two states where 08-wasm looks for them, and proven storage roots.
use crate::error::Error;
use crate::host;
use crate::memory::{Region, take};
use crate::protobuf::{field, push_bytes, push_uint64};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use ethereum_verifier::{BeaconState, Bytes32, RING_SIZE};

const CLIENT_STATE: &str = "/ibc.lightclients.wasm.v1.ClientState";
const CONSENSUS_STATE: &str = "/ibc.lightclients.wasm.v1.ConsensusState";

/// A light client's store; during recovery there are two, told apart by a prefix.
#[derive(Clone, Copy)]
pub struct Store(&'static str);

/// The light client's own.
pub const OWN: Store = Store("");
/// During recovery: the light client that is recovered, and the one that is taken instead, which can only be read.
pub const SUBJECT: Store = Store("subject/");
pub const SUBSTITUTE: Store = Store("substitute/");

/// What is trusted, and which code 08-wasm has for it.
pub struct Client {
    pub state: BeaconState,
    pub checksum: Vec<u8>,
}

/// The root of the packet store's storage at a height, proven once for all claims about it.
pub struct StorageRoot {
    pub height: u64,
    /// Unix seconds.
    pub timestamp: u64,
    pub root: Bytes32,
}

fn any(type_url: &str, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 64);
    push_bytes(&mut out, 1, type_url.as_bytes());
    push_bytes(&mut out, 2, value);
    out
}

fn consensus_key(height: u64) -> String {
    format!("consensusStates/0-{height}")
}

fn root_key(place: u64) -> String {
    format!("storageRoots/{place}")
}

impl Store {
    fn get(self, key: &str) -> Option<Vec<u8>> {
        let key = format!("{}{key}", self.0);
        // SAFETY: the key outlives the call; the value's address is one that `allocate` gave to the VM.
        unsafe {
            match host::db_read(Region::lend(key.as_bytes()).address()) {
                0 => None,
                address => Some(take(address)),
            }
        }
    }

    fn set(self, key: &str, value: &[u8]) {
        let key = format!("{}{key}", self.0);
        // SAFETY: key and value outlive the call.
        unsafe { host::db_write(Region::lend(key.as_bytes()).address(), Region::lend(value).address()) }
    }

    fn remove(self, key: &str) {
        let key = format!("{}{key}", self.0);
        // SAFETY: the key outlives the call.
        unsafe { host::db_remove(Region::lend(key.as_bytes()).address()) }
    }

    pub fn client(self) -> Result<Client, Error> {
        let stored = self.get("clientState").ok_or(Error::Malformed("no client state"))?;
        let read = || {
            let value = field(&stored, 2)?;
            Some(Client { state: BeaconState::decode(field(value, 1)?)?, checksum: field(value, 2)?.into() })
        };
        read().ok_or(Error::Malformed("client state"))
    }

    pub fn set_client(self, client: &Client) {
        let mut height = Vec::new();
        push_uint64(&mut height, 2, client.state.latest_height);
        let data = client.state.encode();
        let mut value = Vec::with_capacity(data.len() + 64);
        push_bytes(&mut value, 1, &data);
        push_bytes(&mut value, 2, &client.checksum);
        push_bytes(&mut value, 3, &height);
        self.set("clientState", &any(CLIENT_STATE, &value));
    }

    /// Time of a height, Unix seconds.
    pub fn timestamp(self, height: u64) -> Option<u64> {
        let stored = self.get(&consensus_key(height))?;
        field(field(&stored, 2)?, 1)?.try_into().ok().map(u64::from_be_bytes)
    }

    pub fn set_timestamp(self, height: u64, timestamp: u64) {
        let mut value = Vec::new();
        push_bytes(&mut value, 1, &timestamp.to_be_bytes());
        self.set(&consensus_key(height), &any(CONSENSUS_STATE, &value));
    }

    pub fn remove_timestamp(self, height: u64) {
        self.remove(&consensus_key(height));
    }

    pub fn storage_root(self, height: u64) -> Option<StorageRoot> {
        let stored = self.get(&root_key(height % RING_SIZE as u64))?;
        let (numbers, root) = stored.split_at_checked(16)?;
        let (held, timestamp) = numbers.split_at(8);
        let found = StorageRoot {
            height: u64::from_be_bytes(held.try_into().ok()?),
            timestamp: u64::from_be_bytes(timestamp.try_into().ok()?),
            root: root.try_into().ok()?,
        };
        (found.height == height).then_some(found)
    }

    /// Takes the place of whatever height was proven there before: a proof and the claims under it come in one transaction.
    pub fn set_storage_root(self, proven: &StorageRoot) {
        let mut value = Vec::with_capacity(48);
        value.extend(proven.height.to_be_bytes());
        value.extend(proven.timestamp.to_be_bytes());
        value.extend(proven.root);
        self.set(&root_key(proven.height % RING_SIZE as u64), &value);
    }

    pub fn remove_storage_roots(self) {
        for place in 0..RING_SIZE as u64 {
            self.remove(&root_key(place));
        }
    }
}

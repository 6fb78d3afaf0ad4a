//! The proof envelope (`adapters/protocol/envelope.ts`): what one batch of packets needs to be believed.
use crate::ssz::{self, Field, byte_list, container, uint64};
use alloc::vec::Vec;

const UINT64: Field = Field::Fixed(8);
const VARIABLE: Field = Field::Variable;

pub struct EnvelopeClaim<'a> {
    pub membership: u64,
    pub path: &'a [u8],
    pub value: &'a [u8],
    pub proof: &'a [u8],
}

impl<'a> EnvelopeClaim<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let [membership, path, value, proof] = container(bytes, &[UINT64, VARIABLE, VARIABLE, VARIABLE])?;
        Some(Self {
            membership: uint64(membership)?,
            path: byte_list(path, 128)?,
            value: byte_list(value, 32)?,
            proof: byte_list(proof, 1 << 20)?,
        })
    }
}

pub struct Envelope<'a> {
    pub version: u64,
    pub source_chain: &'a [u8],
    pub updates: Vec<&'a [u8]>,
    pub height: u64,
    pub root_proof: &'a [u8],
    pub claims: Vec<EnvelopeClaim<'a>>,
}

/// At most 64 characters of printable ASCII.
fn ascii(bytes: &[u8]) -> Option<&[u8]> {
    byte_list(bytes, 64).filter(|bytes| bytes.iter().all(|byte| (0x20..=0x7e).contains(byte)))
}

impl<'a> Envelope<'a> {
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let [version, source_chain, target_chain, client_id, updates, height, root_proof, claims] =
            container(bytes, &[UINT64, VARIABLE, VARIABLE, VARIABLE, VARIABLE, UINT64, VARIABLE, VARIABLE])?;
        // Target and light client are for the caller to compare; here they only have to be readable.
        ascii(target_chain)?;
        ascii(client_id)?;
        let updates = ssz::list(updates, 1024)?;
        if updates.iter().any(|update| update.len() > 1 << 20) {
            return None;
        }
        Some(Self {
            version: uint64(version)?,
            source_chain: ascii(source_chain)?,
            updates,
            height: uint64(height)?,
            root_proof: byte_list(root_proof, 1 << 20)?,
            claims: ssz::list(claims, 1024)?.into_iter().map(EnvelopeClaim::read).collect::<Option<_>>()?,
        })
    }
}

//! The three messages in which 08-wasm keeps states, as far as the contract reads and writes them: google.protobuf.Any, and
//! ClientState{data 1, checksum 2, latest_height 3} and ConsensusState{data 1} of ibc.lightclients.wasm.v1.
use alloc::vec::Vec;

const VARINT: u64 = 0;
const BYTES: u64 = 2;

fn push_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A field of bytes, or a nested message.
pub fn push_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    push_varint(out, number << 3 | BYTES);
    push_varint(out, bytes.len() as u64);
    out.extend(bytes);
}

/// An integer, which is left out when it is zero.
pub fn push_uint64(out: &mut Vec<u8>, number: u64, value: u64) {
    if value != 0 {
        push_varint(out, number << 3 | VARINT);
        push_varint(out, value);
    }
}

fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The bytes of a field of a message that has only fields of bytes.
pub fn field(mut message: &[u8], number: u64) -> Option<&[u8]> {
    while !message.is_empty() {
        let tag = read_varint(&mut message)?;
        let length = usize::try_from(read_varint(&mut message)?).ok()?;
        if tag & 7 != BYTES {
            return None;
        }
        let (bytes, rest) = message.split_at_checked(length)?;
        if tag >> 3 == number {
            return Some(bytes);
        }
        message = rest;
    }
    None
}

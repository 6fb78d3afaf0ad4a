//! Canonical RLP (Yellow Paper, appendix B).
use alloc::vec::Vec;

/// One item: what it is, what it holds, and the bytes that say so.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    pub is_list: bool,
    pub payload: &'a [u8],
    pub raw: &'a [u8],
}

impl<'a> Item<'a> {
    /// The content of a string.
    pub fn string(&self) -> Option<&'a [u8]> {
        (!self.is_list).then_some(self.payload)
    }

    /// The item that `bytes` begin with.
    fn first(bytes: &'a [u8]) -> Option<Self> {
        let (&prefix, rest) = bytes.split_first()?;
        let is_list = prefix >= 0xc0;
        let (header, length) = match prefix {
            0x00..=0x7f => (0, 1),
            0x80..=0xb7 => (1, usize::from(prefix - 0x80)),
            0xc0..=0xf7 => (1, usize::from(prefix - 0xc0)),
            0xb8..=0xbf => long_length(rest, usize::from(prefix - 0xb7))?,
            0xf8..=0xff => long_length(rest, usize::from(prefix - 0xf7))?,
        };
        let raw = bytes.get(..length.checked_add(header)?)?;
        let payload = &raw[header..];
        // A single byte below 0x80 stands for itself.
        let is_shorter_possible = prefix == 0x81 && payload[0] < 0x80;
        (!is_shorter_possible).then_some(Self { is_list, payload, raw })
    }
}

/// Size of the header and of the payload, for a length of `size` bytes: without leading zeros, and 56 or more.
fn long_length(bytes: &[u8], size: usize) -> Option<(usize, usize)> {
    let digits = bytes.get(..size)?;
    if digits.first() == Some(&0) {
        return None;
    }
    let length = digits.iter().try_fold(0_u64, |value, byte| Some(value.checked_mul(256)? + u64::from(*byte)))?;
    (length > 55).then_some((1 + size, usize::try_from(length).ok()?))
}

/// Exactly one item and nothing after it.
pub fn item(bytes: &[u8]) -> Option<Item<'_>> {
    Item::first(bytes).filter(|item| item.raw.len() == bytes.len())
}

/// The items that a list's payload is made of.
pub fn items(mut payload: &[u8]) -> Option<Vec<Item<'_>>> {
    let mut found = Vec::new();
    while !payload.is_empty() {
        let item = Item::first(payload)?;
        payload = &payload[item.raw.len()..];
        found.push(item);
    }
    Some(found)
}

/// The items of the one list that `bytes` encode.
pub fn list(bytes: &[u8]) -> Option<Vec<Item<'_>>> {
    let item = item(bytes)?;
    if item.is_list { items(item.payload) } else { None }
}

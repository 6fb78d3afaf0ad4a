//! Strict SSZ (consensus-specs ssz/simple-serialize.md) for the few shapes that evidence is made of. Reading accepts exactly the bytes
//! that writing would produce, and borrows from them.
use alloc::vec::Vec;

const OFFSET: usize = 4;

/// A field's place in a container's fixed part.
#[derive(Clone, Copy)]
pub enum Field {
    /// Of this many bytes.
    Fixed(usize),
    /// An offset to where it is.
    Variable,
}

fn offset_at(bytes: &[u8], position: usize) -> Option<usize> {
    let raw = bytes.get(position..position.checked_add(OFFSET)?)?;
    usize::try_from(u32::from_le_bytes(raw.try_into().ok()?)).ok()
}

/// The parts between offsets that begin at `start`, do not go back, and end with the bytes.
fn between<'a>(bytes: &'a [u8], offsets: &[usize], start: usize) -> Option<Vec<&'a [u8]>> {
    if offsets.first().is_some_and(|first| *first != start) {
        return None;
    }
    let ends = offsets.iter().skip(1).copied().chain([bytes.len()]);
    // A part that ends before it begins, or beyond the bytes, is none.
    offsets.iter().zip(ends).map(|(from, to)| bytes.get(*from..to)).collect()
}

/// The bytes of each field, in order.
pub fn container<'a, const N: usize>(bytes: &'a [u8], fields: &[Field; N]) -> Option<[&'a [u8]; N]> {
    let mut fixed: [&[u8]; N] = [&[]; N];
    let mut offsets = Vec::with_capacity(N);
    let mut position = 0;
    for (slot, field) in fixed.iter_mut().zip(fields) {
        let size = match field {
            Field::Fixed(size) => *size,
            Field::Variable => OFFSET,
        };
        *slot = bytes.get(position..position + size)?;
        if matches!(field, Field::Variable) {
            offsets.push(offset_at(bytes, position)?);
        }
        position += size;
    }
    if offsets.is_empty() {
        return (position == bytes.len()).then_some(fixed);
    }
    let mut parts = between(bytes, &offsets, position)?.into_iter();
    for (slot, field) in fixed.iter_mut().zip(fields) {
        if matches!(field, Field::Variable) {
            *slot = parts.next()?;
        }
    }
    Some(fixed)
}

/// A list of at most `limit` elements of `N` bytes.
pub fn vectors<const N: usize>(bytes: &[u8], limit: usize) -> Option<&[[u8; N]]> {
    let (elements, rest) = bytes.as_chunks::<N>();
    (rest.is_empty() && elements.len() <= limit).then_some(elements)
}

/// A list of at most `limit` elements of any size.
pub fn list(bytes: &[u8], limit: usize) -> Option<Vec<&[u8]>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let first = offset_at(bytes, 0)?;
    let count = first / OFFSET;
    if first == 0 || first % OFFSET != 0 || count > limit || first > bytes.len() {
        return None;
    }
    let offsets = (0..count).map(|index| offset_at(bytes, index * OFFSET)).collect::<Option<Vec<_>>>()?;
    between(bytes, &offsets, first)
}

/// At most `limit` bytes.
pub fn byte_list(bytes: &[u8], limit: usize) -> Option<&[u8]> {
    (bytes.len() <= limit).then_some(bytes)
}

pub fn uint64(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

//! One path through a Merkle Patricia trie (Yellow Paper, appendices C and D), to a value or to proven absence.
use crate::Bytes32;
use crate::hash::keccak256;
use crate::rlp::{self, Item};
use alloc::vec::Vec;

/// keccak256(rlp("")): the root of a trie that holds nothing.
const EMPTY_ROOT: Bytes32 = [
    0x56, 0xe8, 0x1f, 0x17, 0x1b, 0xcc, 0x55, 0xa6, 0xff, 0x83, 0x45, 0xe6, 0x92, 0xc0, 0xf8, 0x6e, 0x5b, 0x48, 0xe0,
    0x1b, 0x99, 0x6c, 0xad, 0xc0, 0x01, 0x62, 0x2f, 0xb5, 0xe3, 0x63, 0xb4, 0x21,
];

const NIBBLES: usize = 64;

/// What the trie has under the key.
#[derive(Clone, Copy)]
pub enum Found<'a> {
    Value(&'a [u8]),
    Nothing,
}

/// What one node says about the rest of the key.
enum Step<'a> {
    End(Found<'a>),
    /// Goes on there, after this many nibbles.
    Child(Item<'a>, usize),
}

fn nibble(bytes: &[u8], index: usize) -> Option<u8> {
    let byte = bytes.get(index / 2)?;
    Some(if index.is_multiple_of(2) { byte >> 4 } else { byte & 15 })
}

/// Walks from `root` along `key`. None unless the nodes are exactly those of one path: each hashes to the reference before it, or is
/// embedded in its parent when shorter than 32 bytes, and none is left over.
pub fn walk<'a>(root: &Bytes32, key: &Bytes32, nodes: &[&'a [u8]]) -> Option<Found<'a>> {
    if nodes.is_empty() {
        return (*root == EMPTY_ROOT).then_some(Found::Nothing);
    }
    let mut reference = *root;
    let mut position = 0;
    let mut rest = nodes.iter();
    while let Some(node) = rest.next() {
        if keccak256(node) != reference {
            return None;
        }
        match follow(rlp::list(node)?, key, &mut position)? {
            Follow::End(found) => return rest.next().is_none().then_some(found),
            Follow::Reference(next) => reference = next,
        }
    }
    None
}

enum Follow<'a> {
    End(Found<'a>),
    Reference(Bytes32),
}

/// Through one node and those embedded in it. Each is shorter than the one around it.
fn follow<'a>(mut items: Vec<Item<'a>>, key: &Bytes32, position: &mut usize) -> Option<Follow<'a>> {
    loop {
        let (child, used) = match step(&items, key, *position)? {
            Step::End(found) => return Some(Follow::End(found)),
            Step::Child(child, used) => (child, used),
        };
        *position += used;
        if !child.is_list {
            return Some(Follow::Reference(child.payload.try_into().ok()?));
        }
        if child.raw.len() >= 32 {
            return None;
        }
        items = rlp::items(child.payload)?;
    }
}

fn step<'a>(items: &[Item<'a>], key: &Bytes32, position: usize) -> Option<Step<'a>> {
    match items {
        [path, second] => path_step(path, *second, key, position),
        branch if branch.len() == 17 => branch_step(branch, key, position),
        _ => None,
    }
}

fn branch_step<'a>(items: &[Item<'a>], key: &Bytes32, position: usize) -> Option<Step<'a>> {
    let Some(next) = nibble(key, position) else {
        let value = items[16].string()?;
        return Some(Step::End(if value.is_empty() { Found::Nothing } else { Found::Value(value) }));
    };
    let child = items[usize::from(next)];
    let is_empty = !child.is_list && child.payload.is_empty();
    Some(if is_empty { Step::End(Found::Nothing) } else { Step::Child(child, 1) })
}

/// A leaf or an extension: its path is hex-prefix encoded, the first nibble saying which it is and whether the path is odd.
fn path_step<'a>(path: &Item<'a>, second: Item<'a>, key: &Bytes32, position: usize) -> Option<Step<'a>> {
    let encoded = path.string()?;
    let flag = nibble(encoded, 0)?;
    let is_odd = flag & 1 == 1;
    if flag > 3 || (!is_odd && nibble(encoded, 1) != Some(0)) {
        return None;
    }
    let start = if is_odd { 1 } else { 2 };
    let length = encoded.len() * 2 - start;
    let matches = (0..length).all(|index| nibble(encoded, start + index) == nibble(key, position + index))
        && position + length <= NIBBLES;
    if flag >= 2 {
        let value = second.string()?;
        if value.is_empty() {
            return None;
        }
        let is_here = matches && position + length == NIBBLES;
        return Some(Step::End(if is_here { Found::Value(value) } else { Found::Nothing }));
    }
    if length == 0 {
        return None;
    }
    Some(if matches { Step::Child(second, length) } else { Step::End(Found::Nothing) })
}

//! What the leaves of Ethereum's tries hold: accounts, and storage words (Yellow Paper 4.1).
use crate::Bytes32;
use crate::rlp;

/// An account is [nonce, balance, storageRoot, codeHash].
pub fn account_storage_root(account: &[u8]) -> Option<Bytes32> {
    let items = rlp::list(account)?;
    if items.len() != 4 || items.iter().any(|item| item.is_list) {
        return None;
    }
    items[2].payload.try_into().ok()
}

/// One RLP string of 1 to 32 bytes without leading zeros, as 32 bytes.
pub fn storage_word(bytes: &[u8]) -> Option<Bytes32> {
    let content = rlp::item(bytes)?.string()?;
    if content.len() > 32 || *content.first()? == 0 {
        return None;
    }
    let mut word = [0; 32];
    word[32 - content.len()..].copy_from_slice(content);
    Some(word)
}

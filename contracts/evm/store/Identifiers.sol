// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Which client ids, ports and labels every host accepts
library Identifiers {
    /// @dev 0-9 A-Z a-z _ as a bit set over ASCII.
    uint256 private constant WORD = (0x3ff << 0x30) | (0x3ffffff << 0x41) | (0x3ffffff << 0x61) | (1 << 0x5f);
    /// @dev WORD and . + - # [ ] < >
    uint256 private constant PORT =
        WORD |
            (1 << 0x2e) |
            (1 << 0x2b) |
            (1 << 0x2d) |
            (1 << 0x23) |
            (1 << 0x5b) |
            (1 << 0x5d) |
            (1 << 0x3c) |
            (1 << 0x3e);
    uint256 private constant EACH = 0x0101010101010101010101010101010101010101010101010101010101010101;
    uint256 private constant DIGIT = 0x3ff << 0x30;
    bytes1 private constant DASH = "-";

    /// @notice `name-N`, 8 to 64 characters: ibc-go's `^\w+([\w-]+\w)?-[0-9]{1,20}$` within its packets' length limits.
    function isClientId(bytes memory id) internal pure returns (bool) {
        if (id.length < 8 || id.length > 64) return false;
        uint256 digits = 0;
        while (digits < id.length && _in(DIGIT, id[id.length - 1 - digits])) ++digits;
        if (digits == 0 || digits > 20 || id.length < digits + 2) return false;
        uint256 name = id.length - digits - 1;
        if (id[name] != DASH || !_in(WORD, id[0]) || !_in(WORD, id[name - 1])) return false;
        return _all(WORD | (1 << 0x2d), id, name);
    }

    /// @notice 2 to 128 characters of the host's identifier alphabet.
    function isPort(bytes memory port) internal pure returns (bool) {
        if (port.length < 2 || port.length > 128) return false;
        return _all(PORT, port, port.length);
    }

    /// @notice Printable ASCII that is not blank: what a payload's version and encoding have to be on every host.
    function isLabel(bytes memory label) internal pure returns (bool) {
        if (label.length == 0 || label.length > 128 || label[0] == " ") return false;
        // All bytes of a word at once; whatever follows the label's end counts as an exclamation mark.
        bool bad = false;
        assembly ("memory-safe") {
            let end := add(add(label, 0x20), mload(label))
            for {
                let at := add(label, 0x20)
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                let rest := shr(shl(3, sub(end, at)), not(0))
                let text := or(and(mload(at), not(rest)), and(rest, mul(EACH, 0x21)))
                // A high bit: in a byte above 0x7e, or missing after 0x60 was added to one below 0x20.
                let high := or(or(text, add(text, EACH)), not(add(text, mul(EACH, 0x60))))
                bad := or(bad, gt(and(high, mul(EACH, 0x80)), 0))
            }
        }
        return !bad;
    }

    /// @dev Whether the first `count` characters are in the set. No byte beyond 0x7f is in any.
    function _all(uint256 set, bytes memory text, uint256 count) private pure returns (bool ok) {
        assembly ("memory-safe") {
            ok := 1
            let character := add(text, 1)
            for {
                let end := add(character, count)
            } lt(character, end) {
                character := add(character, 1)
            } {
                // The byte at the end of the word that begins 31 bytes before it.
                ok := and(ok, shr(and(mload(character), 0xff), set))
            }
        }
    }

    function _in(uint256 set, bytes1 character) private pure returns (bool) {
        return (set >> uint8(character)) & 1 == 1;
    }
}

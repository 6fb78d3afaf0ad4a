// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title Addresses as text: "0x" and 40 hexadecimal digits, lower case when written
/// @notice Works on all digits of a word at once; each digit is a byte. OpenZeppelin's Strings is the plain reference that
/// the tests compare with.
library HexAddress {
    uint256 private constant EACH = 0x0101010101010101010101010101010101010101010101010101010101010101;
    uint256 private constant LOW_DIGITS = EACH * 0x0f;

    function write(address value) internal pure returns (string memory) {
        uint256 bits = uint160(value);
        return
            string(
                abi.encodePacked(
                    bytes2("0x"),
                    bytes32(_digits(_spread(bits >> 32))),
                    bytes8(uint64(_digits(_spread(bits & 0xffffffff))))
                )
            );
    }

    /// @notice Accepts exactly what `write` produces.
    function tryParseLower(bytes calldata text) internal pure returns (bool ok, address value) {
        if (text.length != 42 || bytes2(text) != "0x") return (false, address(0));
        uint256 high = uint256(bytes32(text[2:34]));
        // The eight digits of the tail after 24 zeros.
        uint256 low = ((EACH * 0x30) << 64) | uint64(bytes8(text[34:42]));
        uint256 highDigits = _values(high);
        uint256 lowDigits = _values(low);
        if ((highDigits | lowDigits) & ~LOW_DIGITS != 0) return (false, address(0));
        if (_digits(highDigits) != high || _digits(lowDigits) != low) return (false, address(0));
        return (true, address(uint160((_gather(highDigits) << 32) | _gather(lowDigits))));
    }

    /// @notice Accepts capitals too, as people write checksummed addresses.
    function tryParse(bytes calldata text) internal pure returns (bool ok, address value) {
        (ok, value) = tryParseLower(text);
        if (!ok && text.length == 42) (ok, value) = Strings.tryParseAddress(string(text));
    }

    /// @dev 16 bytes to 32 bytes of four bits each.
    function _spread(uint256 x) private pure returns (uint256) {
        x = (x | (x << 64)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        x = (x | (x << 32)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        x = (x | (x << 16)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        x = (x | (x << 8)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        return (x | (x << 4)) & LOW_DIGITS;
    }

    /// @dev The inverse of `_spread`.
    function _gather(uint256 x) private pure returns (uint256) {
        x = (x | (x >> 4)) & 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
        x = (x | (x >> 8)) & 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
        x = (x | (x >> 16)) & 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
        x = (x | (x >> 32)) & 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
        return (x | (x >> 64)) & 0xffffffffffffffffffffffffffffffff;
    }

    /// @dev Digits 0 to 15 to their characters: '0' + digit, and 39 more from 'a' on.
    function _digits(uint256 values) private pure returns (uint256) {
        return values + EACH * 0x30 + (((values + EACH * 6) >> 4) & EACH) * 0x27;
    }

    /// @dev Characters to digits; meaningless, and caught by `_digits`, for other characters.
    function _values(uint256 characters) private pure returns (uint256) {
        return (characters & LOW_DIGITS) + ((characters >> 6) & EACH) * 9;
    }
}

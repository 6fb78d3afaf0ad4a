// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../contracts/evm/apps/encoding/HexAddress.sol";

/// @title Addresses as text, for all addresses and all texts of 42 bytes
contract HexAddressCheck {
    /// Each digit is the one that stands for its four bits.
    function check_write(address value) external pure {
        bytes memory text = bytes(HexAddress.write(value));
        assert(text.length == 42 && text[0] == "0" && text[1] == "x");
        for (uint256 i = 0; i < 40; i++) {
            uint256 digit = (uint160(value) >> (156 - 4 * i)) & 0x0f;
            uint256 character;
            assembly {
                character := add(add(digit, 0x30), mul(gt(digit, 9), 0x27))
            }
            assert(uint8(text[2 + i]) == character);
        }
    }

    function check_parseWritten(address value) external view {
        (bool ok, address parsed) = this.parse(bytes(HexAddress.write(value)));
        assert(ok && parsed == value);
    }

    /// Nothing is accepted but what `write` produces: no two texts for one address.
    /// @custom:halmos --default-bytes-lengths 0,41,42,43
    function check_parseNothingElse(bytes calldata text) external pure {
        (bool ok, address value) = HexAddress.tryParseLower(text);
        if (!ok) return;
        assert(text.length == 42);
        bytes memory written = bytes(HexAddress.write(value));
        bytes32 high;
        bytes32 low;
        assembly ("memory-safe") {
            high := mload(add(written, 0x20))
            low := mload(add(written, 0x40))
        }
        assert(bytes32(text[:32]) == high);
        assert(bytes10(text[32:42]) == bytes10(low));
    }

    function parse(bytes calldata text) external pure returns (bool, address) {
        return HexAddress.tryParseLower(text);
    }
}

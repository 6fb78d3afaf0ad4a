// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Identifiers} from "../../contracts/evm/store/Identifiers.sol";

/// @title Identifiers against their grammar, character by character
/// @dev Truth values are 0 and 1 and joined without branches: one path for a text, not one for each of its characters.
contract IdentifiersCheck {
    /// @custom:halmos --default-bytes-lengths 0,1,2,31,32,33,64,128,129
    function check_isPort(bytes memory text) external pure {
        uint256 expected = 1;
        for (uint256 i = 0; i < text.length; i++) {
            uint256 c = uint8(text[i]);
            uint256 other = _is(c, ".") | _is(c, "+") | _is(c, "-") | _is(c, "#");
            expected &= _isWord(c) | other | _is(c, "[") | _is(c, "]") | _is(c, "<") | _is(c, ">");
        }
        if (text.length < 2 || text.length > 128) expected = 0;
        assert(Identifiers.isPort(text) == (expected == 1));
    }

    /// @custom:halmos --default-bytes-lengths 0,1,2,31,32,33,64,128,129
    function check_isLabel(bytes memory text) external pure {
        uint256 expected = 1;
        for (uint256 i = 0; i < text.length; i++) expected &= _within(uint8(text[i]), 0x20, 0x7e);
        if (text.length == 0 || text.length > 128) expected = 0;
        else expected &= 1 ^ _is(uint8(text[0]), " ");
        assert(Identifiers.isLabel(text) == (expected == 1));
    }

    /// The regular expression `^\w+([\w-]+\w)?-[0-9]{1,20}$`, by where its last dash is.
    /// @custom:halmos --default-bytes-lengths 0,7,8,9,12,24,32,64,65
    function check_isClientId(bytes memory text) external pure {
        uint256 expected = 0;
        for (uint256 digits = 1; digits <= 20 && digits + 2 <= text.length; digits++) {
            uint256 name = text.length - digits - 1;
            uint256 fits = _is(uint8(text[name]), "-") & _isWord(uint8(text[0])) & _isWord(uint8(text[name - 1]));
            for (uint256 i = 0; i < name; i++) fits &= _isWord(uint8(text[i])) | _is(uint8(text[i]), "-");
            for (uint256 i = name + 1; i < text.length; i++) fits &= _within(uint8(text[i]), 0x30, 0x39);
            expected |= fits;
        }
        if (text.length < 8 || text.length > 64) expected = 0;
        assert(Identifiers.isClientId(text) == (expected == 1));
    }

    function _isWord(uint256 c) private pure returns (uint256) {
        return _within(c, 0x30, 0x39) | _within(c, 0x41, 0x5a) | _within(c, 0x61, 0x7a) | _is(c, "_");
    }

    function _is(uint256 c, bytes1 character) private pure returns (uint256) {
        return _within(c, uint8(character), uint8(character));
    }

    function _within(uint256 c, uint256 first, uint256 last) private pure returns (uint256 yes) {
        assembly {
            yes := iszero(or(lt(c, first), gt(c, last)))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MalformedPacketData} from "../../errors/AppErrors.sol";

/// @title Reads `abi.encode` of one struct, in place, and accepts only the bytes that encoding would produce
/// @notice Members are in order, without gaps, padded with zeros, and nothing follows. Unlike `abi.decode`, refusing gives a
/// reason, which the router needs to tell a refusal from a callback that ran out of gas.
library CanonicalTuple {
    /// @param members How many members the struct has.
    /// @return cursor Where the first dynamic member has to be, from the start of the tuple.
    function open(bytes calldata data, uint256 members) internal pure returns (uint256 cursor) {
        cursor = 32 * members;
        if (data.length < 32 + cursor || uint256(bytes32(data)) != 32) revert MalformedPacketData();
    }

    function uintMember(bytes calldata data, uint256 index) internal pure returns (uint256) {
        return _word(data, 32 + 32 * index);
    }

    /// @return value The member's bytes.
    /// @return next Where the next dynamic member has to be.
    function bytesMember(
        bytes calldata data,
        uint256 index,
        uint256 cursor
    ) internal pure returns (bytes calldata value, uint256 next) {
        if (uintMember(data, index) != cursor || data.length < 64 + cursor) revert MalformedPacketData();
        uint256 length = _word(data, 32 + cursor);
        uint256 start = 64 + cursor;
        if (length > data.length - start) revert MalformedPacketData();
        uint256 end = start + ((length + 31) & ~uint256(31));
        if (end > data.length) revert MalformedPacketData();
        uint256 used = length % 32;
        if (used != 0 && _word(data, end - 32) << (8 * used) != 0) revert MalformedPacketData();
        return (data[start:start + length], end - 32);
    }

    function close(bytes calldata data, uint256 cursor) internal pure {
        if (data.length != 32 + cursor) revert MalformedPacketData();
    }

    function _word(bytes calldata data, uint256 offset) private pure returns (uint256) {
        return uint256(bytes32(data[offset:offset + 32]));
    }
}

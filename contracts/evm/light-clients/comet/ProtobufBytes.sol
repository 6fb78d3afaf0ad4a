// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The little of protobuf that CometBFT hashes and signs
library ProtobufBytes {
    /// @notice A number below 2^64 as a varint.
    function varint(uint256 value) internal pure returns (bytes memory encoded) {
        assembly ("memory-safe") {
            encoded := mload(0x40)
            let to := add(encoded, 0x20)
            for {} gt(value, 0x7f) {} {
                mstore8(to, or(value, 0x80))
                value := shr(7, value)
                to := add(to, 1)
            }
            mstore8(to, value)
            mstore(encoded, sub(to, add(encoded, 0x1f)))
            mstore(0x40, add(encoded, 0x40))
        }
    }

    /// @notice Eight bytes, little-endian.
    function fixed64(uint64 value) internal pure returns (bytes8) {
        uint256 v = value;
        v = ((v & 0x00ff00ff00ff00ff) << 8) | ((v >> 8) & 0x00ff00ff00ff00ff);
        v = ((v & 0x0000ffff0000ffff) << 16) | ((v >> 16) & 0x0000ffff0000ffff);
        v = ((v & 0x00000000ffffffff) << 32) | (v >> 32);
        return bytes8(uint64(v));
    }
}

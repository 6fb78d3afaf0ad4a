// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The header of an execution block, as RLP (Yellow Paper 4.4.3)
library ExecutionHeader {
    struct Block {
        uint64 height;
        /// Unix seconds.
        uint64 timestamp;
        bytes32 stateRoot;
    }

    /// @notice Reads the header from calldata.
    /// @return ok False unless the bytes are one canonical list of 15 to 64 byte strings of which item 3 has 32 bytes and
    /// items 8 and 11 are canonical integers below 2^64.
    function parse(uint256 start, uint256 length) internal pure returns (bool ok, Block memory parsed) {
        assembly ("memory-safe") {
            let end := add(start, length)
            let p := start
            ok := gt(length, 0)

            /// An integer of at most eight bytes without a leading zero.
            function integer(at, size) -> good, value {
                value := shr(sub(256, shl(3, size)), calldataload(at))
                good := and(lt(size, 9), or(iszero(size), gt(byte(0, calldataload(at)), 0)))
            }

            // The list's own prefix.
            let prefix := byte(0, calldataload(p))
            p := add(p, 1)
            switch lt(prefix, 0xf8)
            case 1 {
                ok := and(ok, gt(prefix, 0xbf))
                ok := and(ok, eq(add(p, sub(prefix, 0xc0)), end))
            }
            default {
                let lengthSize := sub(prefix, 0xf7)
                let payload := shr(sub(256, shl(3, lengthSize)), calldataload(p))
                ok := and(ok, and(gt(payload, 55), gt(byte(0, calldataload(p)), 0)))
                p := add(p, lengthSize)
                ok := and(ok, eq(add(p, payload), end))
            }
            let count := 0
            for {} and(ok, lt(p, end)) {
                count := add(count, 1)
            } {
                let at := p
                let size := 1
                prefix := byte(0, calldataload(p))
                if gt(prefix, 0x7f) {
                    at := add(p, 1)
                    switch lt(prefix, 0xb8)
                    case 1 {
                        size := sub(prefix, 0x80)
                        // One byte below 0x80 stands for itself.
                        if eq(prefix, 0x81) {
                            ok := gt(byte(0, calldataload(at)), 0x7f)
                        }
                    }
                    default {
                        let lengthSize := sub(prefix, 0xb7)
                        ok := and(lt(prefix, 0xc0), gt(byte(0, calldataload(at)), 0))
                        size := shr(sub(256, shl(3, lengthSize)), calldataload(at))
                        ok := and(ok, gt(size, 55))
                        // No header is that long; without the limit the sum below could wrap around.
                        ok := and(ok, lt(size, 0x10000))
                        at := add(at, lengthSize)
                    }
                }
                p := add(at, size)
                if lt(count, 12) {
                    if eq(count, 3) {
                        ok := and(ok, eq(size, 32))
                        mstore(add(parsed, 0x40), calldataload(at))
                    }
                    if eq(count, 8) {
                        let good, value := integer(at, size)
                        ok := and(ok, good)
                        mstore(parsed, value)
                    }
                    if eq(count, 11) {
                        let good, value := integer(at, size)
                        ok := and(ok, good)
                        mstore(add(parsed, 0x20), value)
                    }
                }
            }
            ok := and(ok, and(eq(p, end), and(gt(count, 14), lt(count, 65))))
        }
    }
}

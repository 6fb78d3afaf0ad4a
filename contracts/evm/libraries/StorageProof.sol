// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What the leaves of Ethereum's tries hold: accounts, and storage words (Yellow Paper 4.1)
library StorageProof {
    /// @notice Reads the storage root out of an account in calldata.
    /// @return ok False unless the account is one canonical list of four byte strings of which the third has 32 bytes.
    function storageRoot(uint256 account, uint256 size) internal pure returns (bool ok, bytes32 root) {
        assembly ("memory-safe") {
            let end := add(account, size)
            let prefix := byte(0, calldataload(account))
            let p := add(account, 1)
            switch lt(prefix, 0xf8)
            case 1 {
                ok := and(gt(prefix, 0xbf), eq(add(p, sub(prefix, 0xc0)), end))
            }
            default {
                let lengthSize := sub(prefix, 0xf7)
                let payload := shr(sub(256, shl(3, lengthSize)), calldataload(p))
                ok := and(gt(payload, 55), gt(byte(0, calldataload(p)), 0))
                p := add(p, lengthSize)
                ok := and(ok, eq(add(p, payload), end))
            }
            let count := 0
            for {} and(ok, lt(p, end)) {
                count := add(count, 1)
            } {
                prefix := byte(0, calldataload(p))
                let at := add(p, 1)
                let length := sub(prefix, 0x80)
                if lt(prefix, 0x80) {
                    at := p
                    length := 1
                }
                if eq(prefix, 0x81) {
                    ok := gt(byte(0, calldataload(at)), 0x7f)
                }
                if gt(prefix, 0xb7) {
                    let lengthSize := sub(prefix, 0xb7)
                    length := shr(sub(256, shl(3, lengthSize)), calldataload(at))
                    ok := and(and(lt(prefix, 0xc0), gt(byte(0, calldataload(at)), 0)), gt(length, 55))
                    at := add(at, lengthSize)
                }
                if eq(count, 2) {
                    ok := and(ok, eq(length, 32))
                    root := calldataload(at)
                }
                p := add(at, length)
            }
            ok := and(ok, and(eq(p, end), eq(count, 4)))
        }
    }

    /// @notice Reads a storage word out of its RLP in calldata.
    /// @return ok False unless it is one canonical string of 1 to 32 bytes without leading zeros.
    function word(uint256 start, uint256 size) internal pure returns (bool ok, bytes32 value) {
        assembly ("memory-safe") {
            let data := calldataload(start)
            let prefix := byte(0, data)
            switch lt(prefix, 0x80)
            case 1 {
                ok := and(eq(size, 1), gt(prefix, 0))
                value := prefix
            }
            default {
                let length := sub(prefix, 0x80)
                data := calldataload(add(start, 1))
                ok := and(and(eq(size, add(length, 1)), lt(length, 33)), gt(byte(0, data), 0))
                if eq(length, 1) {
                    ok := and(ok, gt(byte(0, data), 0x7f))
                }
                value := shr(sub(256, shl(3, length)), data)
                if iszero(length) {
                    ok := 0
                }
            }
        }
    }
}

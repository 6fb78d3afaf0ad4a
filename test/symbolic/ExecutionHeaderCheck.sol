// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ExecutionHeader} from "../../contracts/evm/libraries/ExecutionHeader.sol";

/// @title The numbers and the state root of an execution header, in headers of a mainnet block's shape
contract ExecutionHeaderCheck {
    /// Every height, time and state root is read back from its encoding.
    function check_reads(uint64 height, uint64 timestamp, bytes32 stateRoot) external view {
        for (uint256 size = 1; size <= 8; size++) {
            // A number of exactly this size: its highest bit is set, what is above is not.
            uint64 number = uint64((height % (1 << (8 * size - 1))) + (1 << (8 * size - 1)));
            bytes memory item = bytes.concat(bytes1(uint8(0x80 + size)), _low(number, size));
            bytes memory time = bytes.concat(hex"88", _low(timestamp | (1 << 63), 8));
            (bool ok, ExecutionHeader.Block memory parsed) = this.parse(_header(item, time, stateRoot));
            assert(ok);
            assert(parsed.height == number && parsed.timestamp == timestamp | (1 << 63));
            assert(parsed.stateRoot == stateRoot);
        }
    }

    /// A number is accepted exactly when it is canonical and below 2^64: no leading zero, at most eight bytes, and one byte
    /// below 0x80 without a prefix. The same for both.
    function check_integers(bytes9 digits, bytes32 stateRoot, bool isTime) external view {
        for (uint256 size = 0; size <= 9; size++) {
            bytes memory item = bytes.concat(bytes1(uint8(0x80 + size)), _high(digits, size));
            bytes memory header = isTime ? _header(hex"01", item, stateRoot) : _header(item, hex"01", stateRoot);
            (bool ok, ExecutionHeader.Block memory parsed) = this.parse(header);
            uint256 first = uint8(digits[0]);
            assert(ok == _all(size < 9, size == 0 || first > 0, size != 1 || first > 0x7f));
            if (ok) {
                assert((isTime ? parsed.timestamp : parsed.height) == uint72(digits) >> (72 - 8 * size));
                assert((isTime ? parsed.height : parsed.timestamp) == 1);
            }
        }
    }

    function parse(bytes calldata header) external pure returns (bool ok, ExecutionHeader.Block memory) {
        uint256 start;
        assembly {
            start := header.offset
        }
        return ExecutionHeader.parse(start, header.length);
    }

    function _header(bytes memory height, bytes memory time, bytes32 root) private pure returns (bytes memory) {
        bytes memory hash = bytes.concat(hex"a0", new bytes(32));
        bytes memory items = bytes.concat(
            bytes.concat(hash, hash, hex"94", new bytes(20), hex"a0", root),
            bytes.concat(hash, hash, hex"b90100", new bytes(256), hex"80"),
            bytes.concat(height, hex"83ffffff", hex"83123456", time),
            bytes.concat(hex"80", hash, hex"88", new bytes(8), hex"07", hash)
        );
        return bytes.concat(hex"f9", bytes2(uint16(items.length)), items);
    }

    function _high(bytes9 value, uint256 size) private pure returns (bytes memory head) {
        head = new bytes(size);
        for (uint256 i = 0; i < size; i++) head[i] = value[i];
    }

    function _low(uint64 value, uint256 size) private pure returns (bytes memory tail) {
        tail = new bytes(size);
        for (uint256 i = 0; i < size; i++) tail[i] = bytes1(uint8(value >> (8 * (size - 1 - i))));
    }

    /// `&&` would be a branch for each of them.
    function _all(bool a, bool b, bool c) private pure returns (bool every) {
        assembly {
            every := and(a, and(b, c))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PackedHeader} from "./PackedHeader.sol";

/// @title The hash of a CometBFT header: the RFC 6962 tree of its 14 fields (CometBFT types/block.go, Header.Hash)
library HeaderHash {
    /// Version of the block protocol; the only one there is.
    uint256 private constant BLOCK_PROTOCOL = 11;

    /// @notice Encodes the fields that rules read; of the others the packing has hashes of leaves and nodes.
    /// @param chainIdLeaf What leafOfChainId says.
    function compute(PackedHeader.Parts memory p, bytes32 chainIdLeaf) internal view returns (bytes32) {
        bytes32 left = _node(
            _node(_numbersLeaf(BLOCK_PROTOCOL, p.appVersion), chainIdLeaf),
            _node(_numbersLeaf(p.height, 0), _numbersLeaf(p.secondsPart, p.nanosPart))
        );
        left = _node(left, _node(_given(p, 0), _node(_given(p, 1), _hashLeaf(p.validatorsHash))));
        bytes32 right = _node(
            _node(_hashLeaf(p.nextValidatorsHash), _given(p, 2)),
            _node(_hashLeaf(p.appHash), _given(p, 3))
        );
        return _node(left, _node(right, _given(p, 4)));
    }

    /// One of the hashes that the packing has.
    function _given(PackedHeader.Parts memory p, uint256 index) private pure returns (bytes32 hash) {
        uint256 position = p.tree + 32 * index;
        assembly ("memory-safe") {
            hash := calldataload(position)
        }
    }

    /// A leaf of a field that is a hash: sha256(0x00 ‖ 0a20 ‖ hash).
    function _hashLeaf(bytes32 value) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0x00, shl(232, 0x000a20))
            mstore(0x03, value)
            // Running out of gas is the only way in which this precompile fails.
            if iszero(staticcall(gas(), 2, 0x00, 0x23, 0x00, 0x20)) {
                revert(0, 0)
            }
            hash := mload(0x00)
        }
    }

    /// @notice The leaf of a chain id.
    function leafOfChainId(string memory chainId) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"000a", uint8(bytes(chainId).length), chainId));
    }

    /// A leaf of up to two numbers, fields 1 and 2: a version, a height, a time. Zeros are not written (proto3).
    function _numbersLeaf(uint256 first, uint256 second) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            function writeField(at, tag, value) -> end {
                end := at
                if value {
                    mstore8(at, tag)
                    end := add(at, 1)
                    for {} gt(value, 0x7f) {} {
                        mstore8(end, or(value, 0x80))
                        value := shr(7, value)
                        end := add(end, 1)
                    }
                    mstore8(end, value)
                    end := add(end, 1)
                }
            }
            mstore8(0x00, 0)
            let end := writeField(writeField(0x01, 0x08, first), 0x10, second)
            if iszero(staticcall(gas(), 2, 0x00, end, 0x00, 0x20)) {
                revert(0, 0)
            }
            hash := mload(0x00)
        }
    }

    function _node(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore8(m, 1)
            mstore(add(m, 1), left)
            mstore(add(m, 0x21), right)
            if iszero(staticcall(gas(), 2, m, 0x41, 0x00, 0x20)) {
                revert(0, 0)
            }
            hash := mload(0x00)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ssz} from "../../../../contracts/evm/libraries/Ssz.sol";

/// @title Ssz behind external calls, as it reads calldata
contract SszHarness {
    function branchRoot(bytes32 leaf, uint256 gindex, bytes calldata branch) external view returns (bytes32) {
        return Ssz.branchRoot(leaf, gindex, _start(branch));
    }

    function headerRoot(bytes calldata header, uint64 slot) external view returns (bytes32) {
        return Ssz.headerRoot(_start(header), slot);
    }

    /// @return root Of the tree.
    /// @return used Bytes of helpers that were read.
    function sharedRoot(
        uint256[] memory gindices,
        bytes calldata keys,
        bytes calldata helpers
    ) external view returns (bytes32 root, uint256 used) {
        (root, used) = Ssz.sharedRoot(gindices, _start(keys), 48, _start(helpers));
        used -= _start(helpers);
    }

    function chunk(uint64 value) external pure returns (bytes32) {
        return Ssz.chunk(value);
    }

    function _start(bytes calldata data) private pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := data.offset
        }
    }
}

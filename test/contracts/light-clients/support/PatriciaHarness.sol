// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerklePatricia} from "../../../../contracts/evm/libraries/MerklePatricia.sol";

/// @title MerklePatricia behind an external call, as its input must be calldata
contract PatriciaHarness {
    function walk(bytes32 root, bytes32 key, bytes calldata proof) external pure returns (bool ok, bytes memory value) {
        uint256 start;
        uint256 size;
        (ok, start, size) = MerklePatricia.walk(root, key, proof);
        value = new bytes(size);
        assembly ("memory-safe") {
            calldatacopy(add(value, 0x20), start, size)
        }
    }
}

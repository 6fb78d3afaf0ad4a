// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerklePatricia} from "../../../../contracts/evm/libraries/MerklePatricia.sol";

/// @title MerklePatricia behind an external call, as its input must be calldata
contract PatriciaHarness {
    /// @param proof The nodes of one path, each after its length in two bytes.
    function walk(bytes32 root, bytes32 key, bytes memory proof) external view returns (bool ok, bytes memory value) {
        uint256 count = 0;
        bytes memory path;
        for (uint256 cursor = 0; cursor < proof.length; ++count) {
            path = abi.encodePacked(path, uint16(count));
            uint256 low = cursor + 1 < proof.length ? uint8(proof[cursor + 1]) : 0;
            cursor += 2 + ((uint256(uint8(proof[cursor])) << 8) | low);
        }
        bytes32[] memory keys = new bytes32[](1);
        keys[0] = key;
        bytes[] memory paths = new bytes[](1);
        paths[0] = path;
        bytes[] memory values;
        (ok, values) = this.walkAll(root, keys, abi.encodePacked(uint16(count), proof), paths);
        value = values[0];
    }

    /// @param packed As `load` reads it; nothing may follow.
    /// @param paths Positions, two bytes each.
    /// @return ok Whether every path is proven and every node used.
    /// @return values In the order of the paths.
    function walkAll(
        bytes32 root,
        bytes32[] calldata keys,
        bytes calldata packed,
        bytes[] calldata paths
    ) external pure returns (bool ok, bytes[] memory values) {
        (uint256 nodes, bytes calldata rest) = MerklePatricia.load(packed);
        ok = rest.length == 0;
        values = new bytes[](paths.length);
        for (uint256 i = 0; i < paths.length; ++i) {
            (bool fine, uint256 start, uint256 length) = MerklePatricia.walk(root, keys[i], nodes, paths[i]);
            ok = ok && fine;
            bytes memory value = new bytes(length);
            assembly ("memory-safe") {
                calldatacopy(add(value, 0x20), start, length)
            }
            values[i] = value;
        }
        ok = ok && MerklePatricia.allUsed(nodes);
    }
}

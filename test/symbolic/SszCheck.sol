// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ssz} from "../../contracts/evm/libraries/Ssz.sol";
import {vm} from "../contracts/support/Vm.sol";
import {HASH, Keccak} from "./support/Keccak.sol";

/// @title SSZ's little-endian numbers and trees, with keccak256 in the place of sha256
contract SszCheck {
    /// Two zero words under sha256, as Ssz.sol has it.
    bytes32 private constant ZERO_PAIR = 0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b;

    constructor() {
        vm.etch(HASH, type(Keccak).runtimeCode);
    }

    function check_chunk(uint64 value) external pure {
        bytes32 chunk = Ssz.chunk(value);
        for (uint256 i = 0; i < 32; i++) assert(uint8(chunk[i]) == (i < 8 ? uint8(value >> (8 * i)) : 0));
    }

    /// @custom:halmos --default-bytes-lengths 112
    function check_headerRoot(bytes calldata header, uint64 slot) external view {
        bytes32 proposer = bytes32(bytes8(header[8:16]));
        bytes32 left = _pair(_pair(Ssz.chunk(slot), proposer), _pair(bytes32(header[16:48]), bytes32(header[48:80])));
        bytes32 right = _pair(_pair(bytes32(header[80:112]), 0), ZERO_PAIR);
        assert(Ssz.headerRoot(_at(header), slot) == _pair(left, right));
    }

    /// @custom:halmos --default-bytes-lengths 48
    function check_publicKeyRoot(bytes calldata key) external view {
        assert(Ssz.publicKeyRoot(_at(key)) == _pair(bytes32(key[:32]), bytes32(bytes16(key[32:]))));
    }

    /// Every place in trees of up to five levels, whatever the leaf and the branch are.
    /// @custom:halmos --default-bytes-lengths 160
    function check_branchRoot(bytes32 leaf, bytes calldata branch, uint8 place) external view {
        // One path for each place.
        for (uint256 gindex = 1; gindex < 64; gindex++) if (place == gindex) return _judgeBranch(leaf, branch, gindex);
    }

    function _judgeBranch(bytes32 leaf, bytes calldata branch, uint256 gindex) private view {
        bytes32 node = leaf;
        uint256 level = 0;
        for (uint256 g = gindex; g > 1; g /= 2) {
            bytes32 sibling = bytes32(branch[32 * level:32 * level + 32]);
            node = g % 2 == 0 ? _pair(node, sibling) : _pair(sibling, node);
            level++;
        }
        assert(Ssz.branchRoot(leaf, gindex, _at(branch)) == node);
    }

    /// Every choice of leaves of a tree with eight, whatever keys and helpers are: 96 bytes for each key, as in an update.
    /// @custom:halmos --array-lengths keys=768,helpers=128
    function check_sharedRoot(bytes calldata keys, bytes calldata helpers, uint8 choice) external view {
        // One path for each choice.
        for (uint256 chosen = 1; chosen < 256; chosen++)
            if (choice == chosen) return _judgeShared(keys, helpers, chosen);
    }

    function _judgeShared(bytes calldata keys, bytes calldata helpers, uint256 chosen) private view {
        uint256[] memory gindices = new uint256[](_count(chosen));
        bytes32[16] memory nodes;
        bool[16] memory known;
        uint256 next = 0;
        for (uint256 leaf = 0; leaf < 8; leaf++) {
            if ((chosen >> leaf) & 1 == 0) continue;
            bytes calldata key = keys[96 * next:96 * next + 48];
            nodes[8 + leaf] = _pair(bytes32(key[:32]), bytes32(bytes16(key[32:])));
            known[8 + leaf] = true;
            gindices[next++] = 8 + leaf;
        }
        // From the deepest level up, from left to right: a missing half of a pair is the next helper.
        uint256 used = 0;
        for (uint256 first = 8; first > 1; first /= 2) {
            for (uint256 g = first; g < 2 * first; g += 2) {
                if (!known[g] && !known[g + 1]) continue;
                if (!known[g]) nodes[g] = bytes32(helpers[32 * used:32 * ++used]);
                if (!known[g + 1]) nodes[g + 1] = bytes32(helpers[32 * used:32 * ++used]);
                nodes[g / 2] = _pair(nodes[g], nodes[g + 1]);
                known[g / 2] = true;
            }
        }
        (bytes32 root, uint256 end) = Ssz.sharedRoot(gindices, _at(keys), 96, _at(helpers));
        assert(root == nodes[1]);
        assert(end == _at(helpers) + 32 * used);
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits > 0; bits >>= 1) count += bits & 1;
    }

    function _pair(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(left, right));
    }

    function _at(bytes calldata data) private pure returns (uint256 position) {
        assembly {
            position := data.offset
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Shipped} from "../support/Shipped.sol";
import {SszHarness} from "./support/SszHarness.sol";

/// Branches and shared proofs lead to the roots of trees that are hashed whole.
contract SszTest {
    SszHarness private immutable SSZ = SszHarness(Shipped.create("SszHarness.sol:SszHarness"));

    function test_ChunksAreLittleEndian() public view {
        require(SSZ.chunk(0x0102030405060708) == bytes32(bytes8(0x0807060504030201)), "order");
        require(SSZ.chunk(0) == 0, "zero");
        require(SSZ.chunk(type(uint64).max) == bytes32(bytes8(0xffffffffffffffff)), "all ones");
    }

    function testFuzz_HashesAHeaderLikeEightChunks(
        uint64 slot,
        uint64 proposer,
        bytes32 a,
        bytes32 b,
        bytes32 c
    ) public view {
        bytes32[] memory chunks = new bytes32[](8);
        chunks[0] = SSZ.chunk(slot);
        chunks[1] = SSZ.chunk(proposer);
        (chunks[2], chunks[3], chunks[4]) = (a, b, c);
        bytes32 root = _tree(chunks)[1];
        // The proposer index lies in the header as SSZ has it.
        bytes memory header = abi.encodePacked(slot, bytes8(chunks[1]), a, b, c);
        require(SSZ.headerRoot(header, slot) == root, "another root");
        require(SSZ.headerRoot(header, slot ^ 1) != root, "the slot does not matter");
    }

    function testFuzz_ABranchLeadsToTheRoot(uint256 seed, uint256 leaf) public view {
        bytes32[] memory leaves = new bytes32[](64);
        for (uint256 i = 0; i < 64; i++) leaves[i] = keccak256(abi.encode(seed, i));
        bytes32[] memory nodes = _tree(leaves);
        uint256 gindex = 64 + (leaf % 64);
        bytes memory branch;
        for (uint256 i = gindex; i > 1; i >>= 1) branch = abi.encodePacked(branch, nodes[i ^ 1]);
        require(SSZ.branchRoot(nodes[gindex], gindex, branch) == nodes[1], "another root");
        require(SSZ.branchRoot(nodes[gindex], gindex ^ 1, branch) != nodes[1], "the place does not matter");
        branch[seed % branch.length] ^= 0x01;
        require(SSZ.branchRoot(nodes[gindex], gindex, branch) != nodes[1], "a node does not matter");
    }

    /// Any set of leaves: bit i of `chosen` takes leaf i.
    function testFuzz_ASharedProofLeadsToTheRoot(uint256 seed, uint32 chosen) public view {
        if (chosen == 0) chosen = 1;
        (bytes32[] memory nodes, uint256[] memory gindices, bytes memory keys, bytes memory helpers) = _sharedProof(
            seed,
            chosen
        );
        (bytes32 root, uint256 used) = SSZ.sharedRoot(gindices, keys, helpers);
        require(root == nodes[1], "another root");
        require(used == helpers.length, "helpers left over");

        keys[seed % keys.length] ^= 0x01;
        (root, ) = SSZ.sharedRoot(gindices, keys, helpers);
        require(root != nodes[1], "a key does not matter");
        keys[seed % keys.length] ^= 0x01;
        if (helpers.length == 0) return;
        helpers[seed % helpers.length] ^= 0x01;
        (root, ) = SSZ.sharedRoot(gindices, keys, helpers);
        require(root != nodes[1], "a helper does not matter");
    }

    function testFuzz_ASharedProofIsForItsPlacesOnly(uint256 seed, uint32 chosen, uint32 others) public view {
        if (chosen == 0) chosen = 1;
        (bytes32[] memory nodes, , bytes memory keys, bytes memory helpers) = _sharedProof(seed, chosen);
        if (_count(others) != _count(chosen)) others = (chosen << 1) | (chosen >> 31);
        if (others == chosen) return;
        (, uint256[] memory gindices, , ) = _sharedProof(seed, others);
        (bytes32 root, ) = SSZ.sharedRoot(gindices, keys, helpers);
        require(root != nodes[1], "keys pass at other places");
    }

    function _sharedProof(
        uint256 seed,
        uint32 chosen
    )
        private
        pure
        returns (bytes32[] memory nodes, uint256[] memory gindices, bytes memory keys, bytes memory helpers)
    {
        bytes32[] memory leaves = new bytes32[](32);
        bool[] memory known = new bool[](64);
        gindices = new uint256[](_count(chosen));
        uint256 next = 0;
        for (uint256 i = 0; i < 32; i++) {
            bytes memory key = abi.encodePacked(keccak256(abi.encode(seed, i)), bytes16(uint128(i + 1)));
            leaves[i] = sha256(abi.encodePacked(key, bytes16(0)));
            if ((chosen >> i) & 1 == 0) continue;
            keys = abi.encodePacked(keys, key);
            known[32 + i] = true;
            gindices[next++] = 32 + i;
        }
        nodes = _tree(leaves);
        for (uint256 width = 32; width > 1; width >>= 1) {
            for (uint256 i = width; i < 2 * width; i++) {
                if (!known[i]) continue;
                if (!known[i ^ 1]) helpers = abi.encodePacked(helpers, nodes[i ^ 1]);
                known[i >> 1] = true;
            }
        }
    }

    /// All nodes, by generalized index.
    function _tree(bytes32[] memory leaves) private pure returns (bytes32[] memory nodes) {
        uint256 size = leaves.length;
        nodes = new bytes32[](2 * size);
        for (uint256 i = 0; i < size; i++) nodes[size + i] = leaves[i];
        for (uint256 i = size - 1; i > 0; i--) nodes[i] = sha256(abi.encodePacked(nodes[2 * i], nodes[2 * i + 1]));
    }

    function _count(uint32 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) count++;
    }
}

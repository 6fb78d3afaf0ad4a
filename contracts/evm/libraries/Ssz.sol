// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Merkle trees of SSZ (consensus-specs ssz/simple-serialize.md, ssz/merkle-proofs.md)
library Ssz {
    /// @dev sha256 of 64 zero bytes.
    bytes32 private constant ZERO_PAIR = 0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b;

    function hashPair(bytes32 left, bytes32 right) internal view returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            // Running out of gas is the only way in which this precompile fails.
            if iszero(staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20)) {
                revert(0, 0)
            }
            result := mload(0x00)
        }
    }

    /// @notice Folds a branch of `floor(log2 gindex)` nodes, read from calldata at `branch`, up to its root.
    function branchRoot(bytes32 leaf, uint256 gindex, uint256 branch) internal view returns (bytes32 node) {
        assembly ("memory-safe") {
            node := leaf
            for {} gt(gindex, 1) {
                gindex := shr(1, gindex)
            } {
                let side := shl(5, and(gindex, 1))
                mstore(side, node)
                mstore(xor(side, 0x20), calldataload(branch))
                if iszero(staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20)) {
                    revert(0, 0)
                }
                node := mload(0x00)
                branch := add(branch, 0x20)
            }
        }
    }

    /// @notice hash_tree_root of a BLSPubkey: 48 bytes of calldata, then zeros.
    function publicKeyRoot(uint256 key) internal view returns (bytes32 result) {
        assembly ("memory-safe") {
            mstore(0x20, 0)
            calldatacopy(0x00, key, 48)
            if iszero(staticcall(gas(), 2, 0x00, 0x40, 0x00, 0x20)) {
                revert(0, 0)
            }
            result := mload(0x00)
        }
    }

    /// @notice A uint64 as an SSZ chunk: little-endian, then zeros.
    function chunk(uint64 value) internal pure returns (bytes32) {
        uint256 v = value;
        v = ((v & 0x00ff00ff00ff00ff) << 8) | ((v >> 8) & 0x00ff00ff00ff00ff);
        v = ((v & 0x0000ffff0000ffff) << 16) | ((v >> 16) & 0x0000ffff0000ffff);
        v = ((v & 0x00000000ffffffff) << 32) | (v >> 32);
        return bytes32(v << 192);
    }

    /// @notice hash_tree_root of a BeaconBlockHeader, read from calldata as slot (big-endian), proposer index
    /// (little-endian, as in SSZ), parent root, state root, body root: 112 bytes.
    function headerRoot(uint256 header, uint64 slot) internal view returns (bytes32) {
        bytes32 proposer;
        bytes32 parentRoot;
        bytes32 stateRoot;
        bytes32 bodyRoot;
        assembly ("memory-safe") {
            proposer := shl(192, shr(192, calldataload(add(header, 8))))
            parentRoot := calldataload(add(header, 16))
            stateRoot := calldataload(add(header, 48))
            bodyRoot := calldataload(add(header, 80))
        }
        bytes32 left = hashPair(hashPair(chunk(slot), proposer), hashPair(parentRoot, stateRoot));
        return hashPair(left, hashPair(hashPair(bodyRoot, 0), ZERO_PAIR));
    }

    /// @notice Root of a tree of which several leaves are public keys in calldata, by one shared proof.
    /// @param gindices Generalized indices of the leaves, ascending; at least one.
    /// @param keys Where the first key is; the next follow every `stride` bytes.
    /// @param helpers Where the nodes that do not follow from the leaves are, in the order in which they are needed.
    /// @return root The tree's root.
    /// @return end Where the helpers end.
    function sharedRoot(
        uint256[] memory gindices,
        uint256 keys,
        uint256 stride,
        uint256 helpers
    ) internal view returns (bytes32 root, uint256 end) {
        assembly ("memory-safe") {
            // A queue of (gindex, node), one level of the tree after the other.
            let head := mload(0x40)
            let tail := head
            let count := mload(gindices)
            mstore(0x20, 0)
            for {
                let i := 0
            } lt(i, count) {
                i := add(i, 1)
            } {
                mstore(0x20, 0)
                calldatacopy(0x00, keys, 48)
                if iszero(staticcall(gas(), 2, 0x00, 0x40, add(tail, 0x20), 0x20)) {
                    revert(0, 0)
                }
                mstore(tail, mload(add(gindices, shl(5, add(i, 1)))))
                tail := add(tail, 0x40)
                keys := add(keys, stride)
            }
            for {} 1 {} {
                let gindex := mload(head)
                let node := mload(add(head, 0x20))
                head := add(head, 0x40)
                if eq(gindex, 1) {
                    root := node
                    break
                }
                let side := shl(5, and(gindex, 1))
                mstore(side, node)
                // The sibling is next in the queue, or it is a helper. A right-hand node always takes a helper: had its
                // sibling been there, it would have come first.
                switch and(lt(head, tail), eq(mload(head), xor(gindex, 1)))
                case 1 {
                    mstore(xor(side, 0x20), mload(add(head, 0x20)))
                    head := add(head, 0x40)
                }
                default {
                    mstore(xor(side, 0x20), calldataload(helpers))
                    helpers := add(helpers, 0x20)
                }
                mstore(tail, shr(1, gindex))
                if iszero(staticcall(gas(), 2, 0x00, 0x40, add(tail, 0x20), 0x20)) {
                    revert(0, 0)
                }
                tail := add(tail, 0x40)
            }
            end := helpers
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Invents a path of a trie from a seed: branches, extensions and a leaf, hashed or embedded
library TriePath {
    /// @return root Hash of the first node.
    /// @return proof As MerklePatricia reads it.
    /// @return value What the path holds; may be empty when it ends in an empty branch slot.
    function invent(
        bytes32 key,
        uint256 seed
    ) internal pure returns (bytes32 root, bytes memory proof, bytes memory value) {
        // Low bits say how long the path is: long paths leave room for short, embedded nodes.
        uint256 depth = 64 - (seed % 8);
        seed = _next(seed);
        value = _word(seed, 1 + (seed % 40));
        bytes memory node;
        if (depth == 64 && seed % 2 == 0) {
            node = _branch(seed, 16, string_(value), true);
        } else {
            node = _list(abi.encodePacked(string_(compact(key, depth, 64, true)), string_(value)));
        }
        while (depth > 0) {
            seed = _next(seed);
            bytes memory child;
            if (node.length < 32) {
                child = node;
            } else {
                proof = _prepend(node, proof);
                child = string_(abi.encodePacked(keccak256(node)));
            }
            if (seed % 3 == 0) {
                uint256 used = 1 + ((seed >> 8) % (depth < 60 ? 8 : 1));
                if (used > depth) used = depth;
                depth -= used;
                node = _list(abi.encodePacked(string_(compact(key, depth, depth + used, false)), child));
                // An extension is never followed by one in a real trie; the walk does not mind.
            } else {
                depth -= 1;
                node = _branch(
                    seed,
                    (uint8(key[depth / 2]) >> (depth % 2 == 0 ? 4 : 0)) & 15,
                    child,
                    (seed >> 9) % 2 == 0
                );
            }
            // Stop now and then on the way: everything above becomes one extension.
            if (depth > 0 && depth < 40) {
                if (node.length < 32) {
                    child = node;
                } else {
                    proof = _prepend(node, proof);
                    child = string_(abi.encodePacked(keccak256(node)));
                }
                node = _list(abi.encodePacked(string_(compact(key, 0, depth, false)), child));
                depth = 0;
            }
        }
        proof = _prepend(node, proof);
        root = keccak256(node);
    }

    function compact(bytes32 key, uint256 from, uint256 to, bool leaf) internal pure returns (bytes memory path) {
        bool odd = (to - from) % 2 == 1;
        path = new bytes((to - from) / 2 + 1);
        uint256 position = odd ? 1 : 2;
        path[0] = bytes1(uint8((leaf ? 0x20 : 0) + (odd ? 0x10 : 0)));
        for (uint256 i = from; i < to; i++) {
            uint8 nibble = (uint8(key[i / 2]) >> (i % 2 == 0 ? 4 : 0)) & 15;
            path[position / 2] |= bytes1(position % 2 == 0 ? nibble << 4 : nibble);
            position++;
        }
    }

    function string_(bytes memory content) internal pure returns (bytes memory) {
        if (content.length == 1 && uint8(content[0]) < 0x80) return content;
        return abi.encodePacked(_prefix(content.length, 0x80), content);
    }

    function _list(bytes memory content) private pure returns (bytes memory) {
        return abi.encodePacked(_prefix(content.length, 0xc0), content);
    }

    function _branch(uint256 seed, uint256 own, bytes memory child, bool full) private pure returns (bytes memory) {
        bytes memory content;
        for (uint256 i = 0; i < 17; i++) {
            bytes memory other =
                full && i < 16 ? string_(_word(uint256(keccak256(abi.encode(seed, i))), 32)) : bytes(hex"80");
            content = abi.encodePacked(content, i == own ? child : other);
        }
        return _list(content);
    }

    function _prepend(bytes memory node, bytes memory proof) private pure returns (bytes memory) {
        return abi.encodePacked(uint16(node.length), node, proof);
    }

    function _prefix(uint256 size, uint8 base) private pure returns (bytes memory) {
        if (size < 56) return abi.encodePacked(uint8(base + size));
        if (size < 256) return abi.encodePacked(uint8(base + 56), uint8(size));
        return abi.encodePacked(uint8(base + 57), uint16(size));
    }

    function _next(uint256 seed) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    /// A string without a leading zero byte.
    function _word(uint256 seed, uint256 size) private pure returns (bytes memory word) {
        word = new bytes(size);
        for (uint256 i = 0; i < size; i++) word[i] = bytes1(uint8(uint256(keccak256(abi.encode(seed, i, size)))) | 1);
    }
}

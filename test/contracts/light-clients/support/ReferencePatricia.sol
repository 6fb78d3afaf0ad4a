// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title MerklePatricia in plain Solidity: slow, and short enough to be read against the Yellow Paper
contract ReferencePatricia {
    struct Item {
        bool canonical;
        bool list;
        /// The item with its prefix, and its content.
        bytes raw;
        bytes content;
    }

    error BadLength();

    /// @notice As MerklePatricia.walk, with the value itself.
    function walk(bytes32 root, bytes32 key, bytes calldata proof) external pure returns (bool ok, bytes memory value) {
        if (proof.length == 0) return (root == keccak256(hex"80"), "");
        uint8[] memory nibbles = _nibbles(abi.encodePacked(key));
        uint256 depth = 0;
        uint256 cursor = 0;
        while (cursor < proof.length) {
            if (cursor + 2 > proof.length) revert BadLength();
            uint256 size = uint16(bytes2(proof[cursor:cursor + 2]));
            cursor += 2;
            if (cursor + size > proof.length) revert BadLength();
            bytes memory node = proof[cursor:cursor + size];
            cursor += size;
            if (keccak256(node) != root) return (false, "");
            while (true) {
                Item memory list = _item(node, 0);
                if (!list.canonical || !list.list || list.raw.length != node.length) return (false, "");
                (bool fine, Item[] memory items) = _items(list.content);
                if (!fine) return (false, "");
                Item memory child;
                if (items.length == 17) {
                    child = items[depth == 64 ? 16 : nibbles[depth]];
                    if (depth == 64) {
                        return (!child.list && cursor == proof.length, child.list ? bytes("") : child.content);
                    }
                    depth++;
                    if (!child.list && child.content.length == 0) return (cursor == proof.length, "");
                } else if (items.length == 2) {
                    (bool good, bool leaf, uint8[] memory path) = _compact(items[0]);
                    if (!good) return (false, "");
                    bool same = depth + path.length <= 64;
                    for (uint256 i = 0; same && i < path.length; i++) same = path[i] == nibbles[depth + i];
                    child = items[1];
                    if (leaf) {
                        if (child.list || child.content.length == 0) return (false, "");
                        bool found = same && depth + path.length == 64;
                        return (cursor == proof.length, found ? child.content : bytes(""));
                    }
                    if (path.length == 0) return (false, "");
                    if (!same) return (cursor == proof.length, "");
                    depth += path.length;
                } else {
                    return (false, "");
                }
                if (!child.list) {
                    if (child.content.length != 32) return (false, "");
                    root = bytes32(child.content);
                    break;
                }
                if (child.raw.length > 31) return (false, "");
                node = child.raw;
            }
        }
        return (false, "");
    }

    function _compact(Item memory item) private pure returns (bool good, bool leaf, uint8[] memory path) {
        uint8[] memory nibbles = _nibbles(item.content);
        if (item.list || nibbles.length == 0 || nibbles[0] > 3) return (false, false, path);
        bool odd = nibbles[0] % 2 == 1;
        if (!odd && nibbles[1] != 0) return (false, false, path);
        uint256 skip = odd ? 1 : 2;
        path = new uint8[](nibbles.length - skip);
        for (uint256 i = 0; i < path.length; i++) path[i] = nibbles[i + skip];
        return (true, nibbles[0] > 1, path);
    }

    function _items(bytes memory content) private pure returns (bool fine, Item[] memory items) {
        uint256 count = 0;
        for (uint256 at_ = 0; at_ < content.length; count++) {
            Item memory item = _item(content, at_);
            if (!item.canonical) return (false, items);
            at_ += item.raw.length;
        }
        items = new Item[](count);
        uint256 position = 0;
        for (uint256 i = 0; i < count; i++) {
            items[i] = _item(content, position);
            position += items[i].raw.length;
        }
        return (true, items);
    }

    function _item(bytes memory data, uint256 start) private pure returns (Item memory item) {
        if (start >= data.length) return item;
        uint256 prefix = uint8(data[start]);
        if (prefix < 0x80) {
            return Item(true, false, _slice(data, start, 1), _slice(data, start, 1));
        }
        item.list = prefix >= 0xc0;
        uint256 size = prefix - (item.list ? 0xc0 : 0x80);
        uint256 head = 1;
        if (size > 55) {
            uint256 bytesOfSize = size - 55;
            head += bytesOfSize;
            if (start + head > data.length || data[start + 1] == 0) return item;
            size = 0;
            for (uint256 i = 1; i <= bytesOfSize; i++) size = size * 256 + uint8(data[start + i]);
            if (size < 56) return item;
        }
        if (start + head + size > data.length) return item;
        item.raw = _slice(data, start, head + size);
        item.content = _slice(data, start + head, size);
        item.canonical = item.list || size != 1 || uint8(item.content[0]) > 0x7f;
    }

    function _slice(bytes memory data, uint256 start, uint256 size) private pure returns (bytes memory part) {
        part = new bytes(size);
        for (uint256 i = 0; i < size; i++) part[i] = data[start + i];
    }

    function _nibbles(bytes memory data) private pure returns (uint8[] memory nibbles) {
        nibbles = new uint8[](2 * data.length);
        for (uint256 i = 0; i < data.length; i++) {
            nibbles[2 * i] = uint8(data[i]) >> 4;
            nibbles[2 * i + 1] = uint8(data[i]) & 15;
        }
    }
}

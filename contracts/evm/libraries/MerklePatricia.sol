// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../errors/VerificationErrors.sol";

/// @title Paths through Merkle Patricia tries, to a value or to proven absence (Yellow Paper, appendices B to D)
/// @notice The proofs of a batch share their nodes: each lies in calldata once, and is hashed once. A path is the list of its
/// nodes' positions, from the root on. `test/contracts/light-clients/support/ReferencePatricia.sol` says the same in plain Solidity.
library MerklePatricia {
    /// @dev keccak256 of the empty string's RLP.
    bytes32 private constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    /// @notice Hashes the nodes at the beginning of `packed`: their number in two bytes, then each after its length in two bytes.
    /// Reverts with `Malformed` when they do not fit.
    /// @return nodes Where memory has their table: their number, how many were used so far, and for each its hash and its place
    /// in calldata (where it begins, shifted by two bytes, and its length).
    /// @return rest What follows them.
    function load(bytes calldata packed) internal pure returns (uint256 nodes, bytes calldata rest) {
        bool malformed;
        assembly ("memory-safe") {
            nodes := mload(0x40)
            let cursor := packed.offset
            let end := add(cursor, packed.length)
            let count := shr(240, calldataload(cursor))
            cursor := add(cursor, 2)
            mstore(nodes, count)
            mstore(add(nodes, 0x20), 0)
            // What every round needs is taken from memory: from the stack, the compiler would compute it anew each time.
            mstore(0, end)
            mstore(0x40, add(add(nodes, 0x40), shl(6, count)))
            let entry := add(nodes, 0x40)
            for {} 1 {
                entry := add(entry, 0x40)
            } {
                let buffer := mload(0x40)
                if iszero(lt(entry, buffer)) {
                    break
                }
                let length := shr(240, calldataload(cursor))
                cursor := add(cursor, 2)
                let next := add(cursor, length)
                if gt(next, mload(0)) {
                    malformed := 1
                    break
                }
                calldatacopy(buffer, cursor, length)
                mstore(entry, keccak256(buffer, length))
                mstore(add(entry, 0x20), or(shl(16, cursor), length))
                cursor := next
            }
            malformed := or(malformed, gt(cursor, end))
            rest.offset := cursor
            rest.length := sub(end, cursor)
        }
        if (malformed) revert Malformed();
    }

    /// @notice Whether every node was part of some path.
    function allUsed(uint256 nodes) internal pure returns (bool done) {
        assembly ("memory-safe") {
            done := eq(mload(nodes), mload(add(nodes, 0x20)))
        }
    }

    /// @notice Walks from `root` along the 64 nibbles of `key`.
    /// @param path The nodes' positions in the table, two bytes each. Reverts with `Malformed` unless each is one that was used
    /// before or the first that was not.
    /// @return ok False unless the nodes are exactly those of the path: each is canonical and hashes to the reference before
    /// it, or is embedded in its parent when shorter than 32 bytes, and each is used.
    /// @return value Where the value begins in calldata.
    /// @return size Of the value; zero when the trie holds none.
    function walk(
        bytes32 root,
        bytes32 key,
        uint256 nodes,
        bytes calldata path
    ) internal pure returns (bool ok, uint256 value, uint256 size) {
        if (path.length == 0) return (root == EMPTY_ROOT, 0, 0);
        bool malformed;
        assembly ("memory-safe") {
            /// The RLP item at `p`: where its content begins and ends, whether it is a list, and whether it is canonical. The
            /// caller checks the end.
            function item(p) -> at, next, isList, canonical {
                let prefix := byte(0, calldataload(p))
                canonical := 1
                at := add(p, 1)
                next := at
                switch lt(prefix, 0x80)
                case 1 {
                    at := p
                }
                default {
                    isList := gt(prefix, 0xbf)
                    let tag := sub(prefix, add(0x80, shl(6, isList)))
                    switch lt(tag, 56)
                    case 1 {
                        next := add(at, tag)
                        if eq(prefix, 0x81) {
                            canonical := gt(byte(0, calldataload(at)), 0x7f)
                        }
                    }
                    default {
                        let lengthSize := sub(tag, 55)
                        let length := shr(sub(256, shl(3, lengthSize)), calldataload(at))
                        canonical := and(gt(length, 55), gt(byte(0, calldataload(at)), 0))
                        at := add(at, lengthSize)
                        next := add(at, length)
                    }
                }
            }

            let cursor := path.offset
            let end := add(cursor, path.length)
            // Nibbles used so far, and the rest of the key, left-aligned.
            let depth := 0
            let rest := key
            // The node: where its list begins, and where it ends. An embedded node is entered without reading the proof.
            let node := 0
            let nodeEnd := 0

            for {} 1 {} {
                if iszero(node) {
                    let position := shr(240, calldataload(cursor))
                    let used := mload(add(nodes, 0x20))
                    if eq(position, used) {
                        malformed := eq(used, mload(nodes))
                        mstore(add(nodes, 0x20), add(used, 1))
                    }
                    if or(malformed, gt(position, used)) {
                        malformed := 1
                        break
                    }
                    cursor := add(cursor, 2)
                    let entry := add(add(nodes, 0x40), shl(6, position))
                    if iszero(eq(mload(entry), root)) {
                        break
                    }
                    let place := mload(add(entry, 0x20))
                    node := shr(16, place)
                    nodeEnd := add(node, and(place, 0xffff))
                }
                // A list of more than 255 bytes, of more than 55, or a short one.
                let first := add(node, 3)
                let listEnd := 0
                let good := 0
                let start := calldataload(node)
                switch byte(0, start)
                case 0xf9 {
                    let length := and(shr(232, start), 0xffff)
                    listEnd := add(first, length)
                    good := gt(length, 255)
                }
                case 0xf8 {
                    first := add(node, 2)
                    listEnd := add(first, byte(1, start))
                    good := gt(byte(1, start), 55)
                }
                default {
                    let isList
                    first, listEnd, isList, good := item(node)
                    good := and(good, isList)
                }
                if iszero(and(good, eq(listEnd, nodeEnd))) {
                    break
                }

                // Counts the items, remembers where the key's next nibble leads.
                let nibble := shr(252, rest)
                if eq(depth, 64) {
                    nibble := 16
                }
                let child := 0
                let count := 0
                let p := first
                // Most nodes are branches of hashes and empty items, without a value. Sixteen hashes lie at known places; otherwise
                // an item's prefix, 0xa0 or 0x80, is 127 more than its size.
                let places := mload(0x40)
                switch eq(sub(nodeEnd, first), 529)
                case 1 {
                    let differs := xor(calldataload(add(first, 528)), shl(248, 0x80))
                    let hash := shl(248, 0xa0)
                    for {
                        let q := first
                    } lt(q, add(first, 528)) {
                        q := add(q, 132)
                    } {
                        differs := or(
                            differs,
                            or(
                                or(xor(calldataload(q), hash), xor(calldataload(add(q, 33)), hash)),
                                or(xor(calldataload(add(q, 66)), hash), xor(calldataload(add(q, 99)), hash))
                            )
                        )
                    }
                    if iszero(shr(248, differs)) {
                        count := 17
                        child := add(first, mul(33, nibble))
                        p := nodeEnd
                    }
                }
                default {
                    let differs := 0
                    for {
                        let place := places
                    } and(lt(place, add(places, 0x200)), iszero(and(differs, 0xdf))) {
                        place := add(place, 0x80)
                    } {
                        mstore(place, p)
                        let prefix := byte(0, calldataload(p))
                        differs := or(differs, xor(prefix, 0x80))
                        p := add(p, sub(prefix, 0x7f))
                        mstore(add(place, 0x20), p)
                        prefix := byte(0, calldataload(p))
                        differs := or(differs, xor(prefix, 0x80))
                        p := add(p, sub(prefix, 0x7f))
                        mstore(add(place, 0x40), p)
                        prefix := byte(0, calldataload(p))
                        differs := or(differs, xor(prefix, 0x80))
                        p := add(p, sub(prefix, 0x7f))
                        mstore(add(place, 0x60), p)
                        prefix := byte(0, calldataload(p))
                        differs := or(differs, xor(prefix, 0x80))
                        p := add(p, sub(prefix, 0x7f))
                    }
                    mstore(add(places, 0x200), p)
                    differs := or(and(differs, 0xdf), xor(byte(0, calldataload(p)), 0x80))
                    switch or(differs, xor(add(p, 1), nodeEnd))
                    case 0 {
                        count := 17
                        child := mload(add(places, shl(5, nibble)))
                        p := nodeEnd
                    }
                    default {
                        p := first
                    }
                }
                for {} lt(p, nodeEnd) {
                    count := add(count, 1)
                } {
                    if eq(count, nibble) {
                        child := p
                    }
                    let at, next, list, canonical := item(p)
                    p := next
                    good := and(good, canonical)
                }
                if iszero(and(good, eq(p, nodeEnd))) {
                    break
                }

                switch count
                case 17 {
                    if eq(nibble, 16) {
                        let at, next, list, fine := item(child)
                        if list {
                            break
                        }
                        ok := eq(cursor, end)
                        value := at
                        size := sub(next, at)
                        break
                    }
                    depth := add(depth, 1)
                    rest := shl(4, rest)
                    if eq(byte(0, calldataload(child)), 0x80) {
                        ok := eq(cursor, end)
                        break
                    }
                }
                case 2 {
                    let own, second, list, fine := item(first)
                    let flag := shr(252, calldataload(own))
                    let isOdd := and(flag, 1)
                    let ownSize := sub(second, own)
                    // A string that begins with a nibble below 4; without an odd one, the next nibble is zero.
                    if or(or(list, iszero(ownSize)), gt(flag, 3)) {
                        break
                    }
                    if and(iszero(isOdd), gt(and(byte(0, calldataload(own)), 0x0f), 0)) {
                        break
                    }
                    let nibbles := add(sub(shl(1, ownSize), 2), isOdd)
                    // The path, left-aligned; more nibbles than the key has left differ from it anyway.
                    let word := shl(4, calldataload(own))
                    if iszero(isOdd) {
                        word := calldataload(add(own, 1))
                    }
                    let same := and(
                        iszero(gt(nibbles, sub(64, depth))),
                        iszero(shr(sub(256, shl(2, nibbles)), xor(word, rest)))
                    )
                    if gt(flag, 1) {
                        let at, next, isListValue, okay := item(second)
                        if or(isListValue, eq(next, at)) {
                            break
                        }
                        ok := eq(cursor, end)
                        if and(same, eq(nibbles, sub(64, depth))) {
                            value := at
                            size := sub(next, at)
                        }
                        break
                    }
                    if iszero(nibbles) {
                        break
                    }
                    if iszero(same) {
                        ok := eq(cursor, end)
                        break
                    }
                    depth := add(depth, nibbles)
                    rest := shl(shl(2, nibbles), rest)
                    child := second
                }
                default {
                    break
                }
                // Goes to the child: by its hash, or into it.
                switch byte(0, calldataload(child))
                case 0xa0 {
                    root := calldataload(add(child, 1))
                    node := 0
                    if eq(cursor, end) {
                        break
                    }
                }
                default {
                    let at, next, list, fine := item(child)
                    if or(iszero(list), gt(sub(next, child), 31)) {
                        break
                    }
                    node := child
                    nodeEnd := next
                }
            }
        }
        if (malformed) revert Malformed();
        if (!ok) size = 0;
    }
}

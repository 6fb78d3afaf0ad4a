// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../errors/VerificationErrors.sol";

/// @title One path through a Merkle Patricia trie, to a value or to proven absence (Yellow Paper, appendices B to D)
/// @notice A proof is its nodes, from the root on, each after its length in two bytes. It is read where it lies in calldata, in
/// a single pass. `test/contracts/light-clients/support/ReferencePatricia.sol` says the same in plain Solidity.
library MerklePatricia {
    /// @dev keccak256 of the empty string's RLP.
    bytes32 private constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    /// @notice Walks from `root` along the 64 nibbles of `key`. Reverts with `Malformed` when the lengths do not fit the proof.
    /// @return ok False unless the nodes are exactly those of the path: each is canonical and hashes to the reference before
    /// it, or is embedded in its parent when shorter than 32 bytes, and each is used.
    /// @return value Where the value begins in calldata.
    /// @return size Of the value; zero when the trie holds none.
    function walk(
        bytes32 root,
        bytes32 key,
        bytes calldata proof
    ) internal pure returns (bool ok, uint256 value, uint256 size) {
        if (proof.length == 0) return (root == EMPTY_ROOT, 0, 0);
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

            let cursor := proof.offset
            let end := add(cursor, proof.length)
            let buffer := mload(0x40)
            // Nibbles used so far, and the rest of the key, left-aligned.
            let depth := 0
            let rest := key
            // The node: where its list begins, and where it ends. An embedded node is entered without reading the proof.
            let node := 0
            let nodeEnd := 0

            for {} 1 {} {
                if iszero(node) {
                    node := add(cursor, 2)
                    let length := shr(240, calldataload(cursor))
                    nodeEnd := add(node, length)
                    if gt(nodeEnd, end) {
                        malformed := 1
                        break
                    }
                    calldatacopy(buffer, node, length)
                    if iszero(and(eq(keccak256(buffer, length), root), gt(length, 0))) {
                        break
                    }
                    cursor := nodeEnd
                }
                let first, listEnd, isList, good := item(node)
                if iszero(and(and(good, isList), eq(listEnd, nodeEnd))) {
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
                // Most nodes are branches of sixteen hashes without a value: their items lie at known places.
                if eq(sub(nodeEnd, first), 529) {
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
                for {} lt(p, nodeEnd) {
                    count := add(count, 1)
                } {
                    let head := calldataload(p)
                    // Four empty items at once.
                    if and(eq(shr(224, head), 0x80808080), lt(add(p, 3), nodeEnd)) {
                        if lt(sub(nibble, count), 4) {
                            child := add(p, sub(nibble, count))
                        }
                        p := add(p, 4)
                        count := add(count, 3)
                        continue
                    }
                    if eq(count, nibble) {
                        child := p
                    }
                    let prefix := byte(0, head)
                    if eq(prefix, 0xa0) {
                        p := add(p, 33)
                        continue
                    }
                    if eq(prefix, 0x80) {
                        p := add(p, 1)
                        continue
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
                    let path, second, list, fine := item(first)
                    let flag := shr(252, calldataload(path))
                    let odd := and(flag, 1)
                    let pathSize := sub(second, path)
                    // A string that begins with a nibble below 4; without an odd one, the next nibble is zero.
                    if or(or(list, iszero(pathSize)), gt(flag, 3)) {
                        break
                    }
                    if and(iszero(odd), gt(and(byte(0, calldataload(path)), 0x0f), 0)) {
                        break
                    }
                    let nibbles := add(sub(shl(1, pathSize), 2), odd)
                    // The path, left-aligned; more nibbles than the key has left differ from it anyway.
                    let word := shl(4, calldataload(path))
                    if iszero(odd) {
                        word := calldataload(add(path, 1))
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
                let at, next, list, fine := item(child)
                switch list
                case 1 {
                    if gt(sub(next, child), 31) {
                        break
                    }
                    node := child
                    nodeEnd := next
                }
                default {
                    if iszero(eq(sub(next, at), 32)) {
                        break
                    }
                    root := calldataload(at)
                    node := 0
                    if eq(cursor, end) {
                        break
                    }
                }
            }
        }
        if (malformed) revert Malformed();
        if (!ok) size = 0;
    }
}

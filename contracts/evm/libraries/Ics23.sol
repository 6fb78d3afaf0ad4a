// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The trees that ICS-23 proofs are about here: what hashes to what is fixed by the form, not by the proof.
enum Form {
    /// crypto/merkle of CometBFT: the stores under an app hash.
    Simple,
    /// cosmos/iavl: the keys of a store.
    Iavl
}

/// @title Existence and absence of keys, by ICS-23 (adapters/cosmos/verify/README.md, "State proofs")
/// @notice Proofs are read from calldata in the packed form that adapters/evm/pack/ics23.ts makes:
///
///     existence: value size 2 | value | leaf | steps
///     absence:   neighbours 1 (1 left, 2 right, 3 both) |
///                left and right, each of them: key size 2 | key | SHA-256 of the value 32 | leaf | steps |
///                with both: steps they share, from the one on at which they part
///     leaf:      Iavl: size 1 | version; Simple: nothing
///     steps:     count 1 | operations, from the leaf on
///     operation: control 1 | Iavl: meta | sibling 32
///
/// The control byte is the size of meta, and 0x80 when the hash so far is the right child. Only hashes, never the bytes around
/// them, come from the proof, so an operation has exactly one sibling.
/// @dev What lies beyond the proof may be read, too: whoever calls checks that `next` is not beyond its end.
library Ics23 {
    /// As many as cosmos/ics23 allows.
    uint256 private constant MAX_DEPTH = 128;
    bytes32 private constant SHA256_OF_NOTHING = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;
    uint256 private constant LEFT = 1;
    uint256 private constant RIGHT = 2;

    /// @notice That `key` holds a value under the root returned.
    /// @param position Where the packed proof is in calldata.
    /// @return ok False when the proof has another form than it must have.
    /// @return root Of the tree that the proof is of.
    /// @return value Where the value is in calldata.
    /// @return size The value's.
    /// @return next Where the proof ends.
    function existence(
        Form form,
        uint256 position,
        bytes calldata key
    ) internal view returns (bool ok, bytes32 root, uint256 value, uint256 size, uint256 next) {
        uint256 start;
        assembly ("memory-safe") {
            start := key.offset
            size := shr(240, calldataload(position))
            value := add(position, 2)
        }
        bytes32 valueHash = _sha256(value, size);
        (ok, root, next) = _leaf(form, start, key.length, valueHash, value + size);
        uint256 count = _byte(next);
        ok = ok && size != 0 && count <= MAX_DEPTH;
        if (ok) (ok, root, next) = _climb(form, root, next + 1, count, 1, LEFT | RIGHT);
    }

    /// @notice The app hash under which the store `ibc` has the root given: existence by the simple form.
    /// @param position Where the packed steps are in calldata.
    /// @return ok False when the proof has another form than it must have.
    /// @return appHash What it leads to.
    /// @return next Where the proof ends.
    function storeExistence(
        bytes32 storeRoot,
        uint256 position
    ) internal view returns (bool ok, bytes32 appHash, uint256 next) {
        assembly ("memory-safe") {
            mstore(0x00, storeRoot)
            ok := staticcall(gas(), 2, 0x00, 0x20, 0x20, 0x20)
            // 0x00 ‖ 3 ‖ "ibc" ‖ 0x20 ‖ SHA-256 of the root
            mstore(0x00, 0x000369626320)
            ok := and(ok, staticcall(gas(), 2, 0x1a, 0x26, 0x00, 0x20))
            appHash := mload(0x00)
        }
        uint256 count = _byte(position);
        ok = ok && count <= MAX_DEPTH;
        if (ok) (ok, appHash, next) = _climb(Form.Simple, appHash, position + 1, count, 1, LEFT | RIGHT);
    }

    /// @notice That `key` holds nothing under the root returned: its neighbours do, and nothing is between them.
    /// @return ok False when the proof has another form than it must have, or is about another place.
    /// @return root Of the tree that the proof is of.
    /// @return next Where the proof ends.
    function absence(
        Form form,
        uint256 position,
        bytes calldata key
    ) internal view returns (bool ok, bytes32 root, uint256 next) {
        uint256 neighbours = _byte(position);
        if (neighbours == 0 || neighbours > 3) return (false, 0, position);
        next = position + 1;
        ok = true;
        bytes32 left;
        uint256 leftCount;
        if (neighbours & LEFT != 0) (ok, left, leftCount, next) = _neighbour(form, next, key, true);
        if (!ok || neighbours == LEFT) return (ok, left, next);
        uint256 count;
        (ok, root, count, next) = _neighbour(form, next, key, false);
        if (!ok || neighbours == RIGHT) return (ok, root, next);
        if (leftCount > count) count = leftCount;
        uint256 shared = _byte(next);
        // The first operation they share is the one at which they part: a left step whose sibling is the right side.
        uint256 control = _byte(next + 1);
        bytes32 sibling;
        assembly ("memory-safe") {
            sibling := calldataload(add(next, add(control, 2)))
        }
        ok = shared != 0 && count + shared <= MAX_DEPTH && control < 0x80 && sibling == root;
        if (ok) (ok, root, next) = _climb(form, left, next + 1, shared, count + 1, LEFT | RIGHT);
    }

    /// The neighbour of a key: the last key of everything on its left, or the first of everything on its right.
    function _neighbour(
        Form form,
        uint256 position,
        bytes calldata key,
        bool isLeft
    ) private view returns (bool ok, bytes32 node, uint256 count, uint256 next) {
        uint256 size;
        bytes32 valueHash;
        bytes calldata other;
        assembly ("memory-safe") {
            size := shr(240, calldataload(position))
            position := add(position, 2)
            other.offset := position
            other.length := size
            next := add(position, size)
            valueHash := calldataload(next)
        }
        if (!(isLeft ? _isBefore(other, key) : _isBefore(key, other))) return (false, 0, 0, next);
        (ok, node, next) = _leaf(form, position, size, valueHash, next + 32);
        count = _byte(next);
        ok = ok && valueHash != SHA256_OF_NOTHING && count <= MAX_DEPTH;
        // On the left all steps are right ones, and the other way round.
        if (ok) (ok, node, next) = _climb(form, node, next + 1, count, 1, isLeft ? RIGHT : LEFT);
    }

    /// The hash of a leaf: sha256(prefix ‖ varint(key size) ‖ key ‖ 0x20 ‖ hash of the value).
    /// @param position Where what the form has of a leaf is in calldata.
    function _leaf(
        Form form,
        uint256 key,
        uint256 keySize,
        bytes32 valueHash,
        uint256 position
    ) private view returns (bool ok, bytes32 node, uint256 next) {
        bool isIavl = form == Form.Iavl;
        assembly ("memory-safe") {
            let m := mload(0x40)
            let to := m
            ok := gt(keySize, 0)
            next := position
            mstore8(to, 0)
            to := add(to, 1)
            if isIavl {
                // Height 0, size 1, version.
                mstore8(to, 2)
                let size := byte(0, calldataload(position))
                let version := calldataload(add(position, 1))
                let unused := sub(256, shl(3, size))
                // One varint that ends with the last byte, which is not zero, and an even first byte: not negative.
                let stops := and(
                    shl(unused, shr(unused, not(version))),
                    0x8080808080808080808080808080808080808080808080808080808080808080
                )
                ok := and(ok, and(lt(sub(size, 1), 9), eq(stops, shl(unused, 0x80))))
                ok := and(ok, and(gt(byte(sub(size, 1), version), 0), iszero(and(version, shl(248, 1)))))
                mstore(add(to, 1), version)
                to := add(add(to, 1), size)
                next := add(add(position, 1), size)
            }
            let rest := keySize
            for {} gt(rest, 0x7f) {} {
                mstore8(to, or(rest, 0x80))
                rest := shr(7, rest)
                to := add(to, 1)
            }
            mstore8(to, rest)
            to := add(to, 1)
            calldatacopy(to, key, keySize)
            to := add(to, keySize)
            mstore8(to, 0x20)
            mstore(add(to, 1), valueHash)
            // Running out of gas is the only way in which this precompile fails.
            if iszero(staticcall(gas(), 2, m, sub(add(to, 33), m), 0x00, 0x20)) {
                revert(0, 0)
            }
            node := mload(0x00)
        }
    }

    /// Applies operations one after the other.
    /// @param ordinal Of the first one, counted from 1 at the leaf: the height of a node is at least that.
    /// @param sides Which steps may be among them.
    function _climb(
        Form form,
        bytes32 node,
        uint256 position,
        uint256 count,
        uint256 ordinal,
        uint256 sides
    ) private view returns (bool ok, bytes32 top, uint256 next) {
        if (form == Form.Iavl) return _climbIavl(node, position, count, ordinal, sides);
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore8(m, 1)
            let bad := 0
            for {} count {
                count := sub(count, 1)
            } {
                let control := byte(0, calldataload(position))
                let isRight := shr(7, control)
                bad := or(bad, or(and(control, 0x7f), iszero(and(shr(isRight, sides), 1))))
                let sibling := calldataload(add(position, 1))
                position := add(position, 0x21)
                let difference := mul(xor(node, sibling), isRight)
                mstore(add(m, 1), xor(node, difference))
                mstore(add(m, 0x21), xor(sibling, difference))
                // Running out of gas is the only way in which this precompile fails.
                bad := or(bad, iszero(staticcall(gas(), 2, m, 0x41, 0x00, 0x20)))
                node := mload(0x00)
            }
            ok := iszero(bad)
            top := node
            next := position
        }
    }

    /// The same for the form of IAVL: sha256(meta ‖ 0x20 ‖ left child ‖ 0x20 ‖ right child).
    /// Meta is the node's height, size and version: varints, of which only where they end differs. So their form is found out when
    /// it changes, which is seldom on the way up a tree, and compared otherwise.
    function _climbIavl(
        bytes32 node,
        uint256 position,
        uint256 count,
        uint256 ordinal,
        uint256 sides
    ) private view returns (bool ok, bytes32 top, uint256 next) {
        assembly ("memory-safe") {
            // The preimage ends where it always does, and begins where meta is long enough to. It takes the words that keep the
            // free memory's place and zero.
            let m := mload(0x40)
            mstore8(0x20, 0x20)
            mstore8(0x41, 0x20)
            let rights := 0
            // Of an operation's first word: what has to be as expected, the last bytes of size and version, the bit above each of
            // them, and the size of control and meta.
            let mask := 0
            let expected := 1
            let lasts := 0
            let stops := 0
            let size := 0
            // Zig-zag encoded, like a height.
            let end := shl(1, add(ordinal, count))
            for {
                ordinal := shl(1, ordinal)
            } lt(ordinal, end) {
                ordinal := add(ordinal, 2)
            } {
                let word := calldataload(position)
                // A last byte of zero leaves the bit above it.
                if xor(and(or(sub(stops, and(word, lasts)), word), mask), expected) {
                    size := and(byte(0, word), 0x7f)
                    let unused := sub(248, shl(3, size))
                    let varints := shl(
                        unused,
                        shr(unused, 0x0000808080808080808080808080808080808080808080808080808080808080)
                    )
                    let last := shl(unused, 0x80)
                    // Two bytes end a varint: the last one of meta, and one before it.
                    let other := xor(and(varints, not(word)), last)
                    let odd := or(gt(sub(size, 3), 8), or(iszero(other), and(other, sub(other, 1))))
                    stops := or(other, last)
                    lasts := sub(stops, shr(7, stops))
                    // The height has one byte. First bytes are even: not negative.
                    mask := or(or(shl(232, 0x7f8101), varints), shr(15, other))
                    expected := or(shl(248, size), xor(varints, stops))
                    size := add(size, 1)
                    if or(odd, xor(and(or(sub(stops, and(word, lasts)), word), mask), expected)) {
                        end := 0
                        break
                    }
                }
                if lt(byte(1, word), ordinal) {
                    end := 0
                    break
                }
                let isRight := shr(255, word)
                rights := add(rights, isRight)
                position := add(position, size)
                let sibling := calldataload(position)
                mstore(0x00, calldataload(sub(position, 32)))
                position := add(position, 32)
                let difference := mul(xor(node, sibling), isRight)
                mstore(0x21, xor(node, difference))
                mstore(0x42, xor(sibling, difference))
                // Running out of gas is the only way in which this precompile fails; then nothing after it can run either.
                pop(staticcall(gas(), 2, sub(0x21, size), add(size, 0x41), 0x00, 0x20))
                node := mload(0x00)
            }
            mstore(0x40, m)
            mstore(0x60, 0)
            let lefts := sub(count, rights)
            ok := and(gt(end, 0), or(and(sides, 1), iszero(lefts)))
            ok := and(ok, or(shr(1, sides), iszero(rights)))
            top := node
            next := position
        }
    }

    /// Byte order; a prefix is before what it begins.
    function _isBefore(bytes calldata a, bytes calldata b) private pure returns (bool yes) {
        assembly ("memory-safe") {
            let shorter := xor(a.length, mul(xor(a.length, b.length), lt(b.length, a.length)))
            yes := lt(a.length, b.length)
            for {
                let i := 0
            } lt(i, shorter) {
                i := add(i, 0x20)
            } {
                let wordA := calldataload(add(a.offset, i))
                let wordB := calldataload(add(b.offset, i))
                let left := sub(shorter, i)
                if lt(left, 0x20) {
                    let unused := sub(256, shl(3, left))
                    wordA := shr(unused, wordA)
                    wordB := shr(unused, wordB)
                }
                if xor(wordA, wordB) {
                    yes := lt(wordA, wordB)
                    break
                }
            }
        }
    }

    function _sha256(uint256 start, uint256 size) private view returns (bytes32 digest) {
        assembly ("memory-safe") {
            let m := mload(0x40)
            calldatacopy(m, start, size)
            if iszero(staticcall(gas(), 2, m, size, 0x00, 0x20)) {
                revert(0, 0)
            }
            digest := mload(0x00)
        }
    }

    function _byte(uint256 position) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, calldataload(position))
        }
    }
}

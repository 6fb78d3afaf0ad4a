// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IEd25519Verifier} from "../interfaces/IEd25519Verifier.sol";
import {EdwardsSumCode} from "./EdwardsSumCode.sol";
import {Sha512PairCode} from "./Sha512PairCode.sol";

/// @title Batches of ed25519 signatures, by nothing but the EVM
/// @notice With h = SHA-512(R ‖ A ‖ message) mod L for each signature (R, s) under key A, all are valid when
///
///     8 ((sum of z s) B - sum of z R - sum of (z h) A) = 0
///
/// for random z of 128 bits. An equation that does not hold by itself makes this one fail for all but one of the 2^128 values
/// of its z. Each z comes from a hash of the whole batch: it is not known before every key, R, s and message is.
/// @dev The two inner loops are generated code in accounts of their own, which the constructor creates: scripts/bytecode has
/// their generators, test/contracts/ed25519 a plain implementation of everything. Here is what decides: forms, bounds, z.
contract Ed25519Verifier is IEd25519Verifier {
    /// The prime 2^255 - 19, the curve's d, and the order of B.
    uint256 private constant P = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed;
    uint256 private constant D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3;
    uint256 private constant L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed;
    uint256 private constant B_X = 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a;
    uint256 private constant B_Y = 0x6666666666666666666666666666666666666666666666666666666666666658;
    /// What EdwardsSumCode subtracts from a scalar of 64 digits, and from one of 32.
    uint256 private constant EIGHTS = 0x8888888888888888888888888888888888888888888888888888888888888888;
    uint256 private constant HALF_EIGHTS = 0x88888888888888888888888888888888;
    /// 2^256 mod L
    uint256 private constant TWO_256 = 0x0ffffffffffffffffffffffffffffffec6ef5bf4737dcf70d6ec31748d98951d;
    /// Key, R, s, two hints and a message's length.
    uint256 private constant FIXED_SIZE = 162;

    address private immutable SHA512_PAIR = _create(Sha512PairCode.CODE);
    address private immutable EDWARDS_SUM = _create(EdwardsSumCode.CODE);

    /// @inheritdoc IEd25519Verifier
    function verify(bytes calldata batch) external view returns (bool valid) {
        if (batch.length < 2) return false;
        uint256 count = uint16(bytes2(batch[:2]));
        if (count == 0) return false;
        uint256 sum;
        (valid, sum) = _writeSum(batch, count);
        if (valid) valid = _isSmallOrder(sum, 64 + 96 * (2 * count + 1));
    }

    /// Writes the input of EdwardsSumCode: the sum that has to vanish.
    /// @return ok Whether the batch decodes, its points are on the curve and its s are canonical.
    /// @return sum Where the input is in memory.
    function _writeSum(bytes calldata batch, uint256 count) private view returns (bool ok, uint256 sum) {
        address sha512Pair = SHA512_PAIR;
        assembly ("memory-safe") {
            /// The bytes of a word in reverse.
            function reversed(word) -> w {
                let mask := 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
                w := or(shl(8, and(word, mask)), and(shr(8, word), mask))
                mask := 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
                w := or(shl(16, and(w, mask)), and(shr(16, w), mask))
                mask := 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff
                w := or(shl(32, and(w, mask)), and(shr(32, w), mask))
                mask := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
                w := or(shl(64, and(w, mask)), and(shr(64, w), mask))
                w := or(shl(128, w), shr(128, w))
            }
            /// Writes the coordinates of a point; 0 unless x belongs to its encoding (RFC 8032, 5.1.3, with any y below 2^255).
            function writePoint(to, encoded, x) -> good {
                let y := reversed(encoded)
                let sign := shr(255, y)
                y := mod(and(y, 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff), P)
                let xx := mulmod(x, x, P)
                let yy := mulmod(y, y, P)
                good := eq(addmod(yy, sub(P, xx), P), addmod(1, mulmod(D, mulmod(xx, yy, P), P), P))
                // The sign of x = 0 means nothing.
                good := and(good, and(lt(x, P), or(iszero(x), eq(and(x, 1), sign))))
                mstore(to, x)
                mstore(add(to, 0x20), y)
            }
            /// Writes a signature's SHA-512 input, padded (FIPS 180-4, 5.1.2), and returns its number of 128-byte blocks.
            function writeBlocks(to, signature, length) -> count_ {
                count_ := shr(7, add(length, 208))
                let messageEnd := add(add(to, 0x40), length)
                let last := sub(add(to, shl(7, count_)), 0x20)
                mstore(to, calldataload(add(signature, 32)))
                mstore(add(to, 0x20), calldataload(signature))
                calldatacopy(add(to, 0x40), add(signature, FIXED_SIZE), length)
                // Zeros, as all beyond the calldata is.
                calldatacopy(messageEnd, calldatasize(), sub(add(last, 0x20), messageEnd))
                mstore8(messageEnd, 0x80)
                mstore(last, or(mload(last), shl(3, add(length, 0x40))))
            }
            /// Multiplies the scalar z of a key by h, which is little-endian in a digest, and gives it its final form.
            function finishKey(key, digest) {
                let h := addmod(mulmod(reversed(mload(add(digest, 0x20))), TWO_256, L), reversed(mload(digest)), L)
                let scalar := add(key, 0x40)
                mstore(scalar, add(EIGHTS, mulmod(mload(scalar), h, L)))
            }

            sum := mload(0x40)
            mstore(sum, add(count, 1))
            mstore(add(sum, 0x20), count)
            mstore(add(sum, 0x40), B_X)
            mstore(add(sum, 0x60), B_Y)
            let key := add(sum, 0xa0)
            let r := add(key, mul(96, count))
            // The input of Sha512PairCode: two numbers of blocks, then the blocks.
            let pair := add(r, mul(96, count))
            let blocks := add(pair, 0x40)
            calldatacopy(blocks, batch.offset, batch.length)
            let seed := keccak256(blocks, batch.length)

            let end := add(batch.offset, batch.length)
            let signature := add(batch.offset, 2)
            let sumOfS := 0
            let filled := blocks
            ok := 1
            for {
                let i := 0
            } and(ok, lt(i, count)) {
                i := add(i, 1)
            } {
                // Beyond the batch, zeros or what follows it may be read; then it is refused.
                let length := shr(240, calldataload(add(signature, 160)))
                let next := add(add(signature, FIXED_SIZE), length)
                let s := reversed(calldataload(add(signature, 64)))
                ok := and(iszero(gt(next, end)), lt(s, L))
                ok := and(ok, writePoint(key, calldataload(signature), calldataload(add(signature, 96))))
                ok := and(ok, writePoint(r, calldataload(add(signature, 32)), calldataload(add(signature, 128))))

                // The word w of R's scalar stands for z = w - 888…8: any of 2^128 values but zero.
                mstore(0x00, seed)
                mstore(0x20, i)
                let w := shr(128, keccak256(0x00, 0x40))
                w := add(w, eq(w, HALF_EIGHTS))
                mstore(add(r, 0x40), w)
                let z := addmod(w, sub(L, HALF_EIGHTS), L)
                mstore(add(key, 0x40), z)
                sumOfS := addmod(sumOfS, mulmod(z, s, L), L)

                // Two at a time are hashed.
                let isSecond := and(i, 1)
                if iszero(isSecond) {
                    filled := blocks
                    mstore(add(pair, 0x20), 0)
                }
                let blockCount := writeBlocks(filled, signature, length)
                mstore(add(pair, shl(5, isSecond)), blockCount)
                filled := add(filled, shl(7, blockCount))
                if or(isSecond, eq(add(i, 1), count)) {
                    // Running out of gas is the only way in which generated code fails.
                    if iszero(staticcall(gas(), sha512Pair, pair, sub(filled, pair), pair, 0x80)) {
                        revert(0, 0)
                    }
                    finishKey(sub(key, mul(96, isSecond)), pair)
                    if isSecond {
                        finishKey(key, add(pair, 0x40))
                    }
                }
                key := add(key, 96)
                r := add(r, 96)
                signature := next
            }
            ok := and(ok, eq(signature, end))
            mstore(add(sum, 0x80), add(EIGHTS, sub(L, sumOfS)))
            mstore(0x40, pair)
        }
    }

    /// Whether 8 times the sum is the neutral element.
    /// @param sum Where the input of EdwardsSumCode is in memory.
    /// @param size The input's.
    function _isSmallOrder(uint256 sum, uint256 size) private view returns (bool yes) {
        address edwardsSum = EDWARDS_SUM;
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), edwardsSum, sum, size, sum, 0x60)) {
                revert(0, 0)
            }
            let x := mload(sum)
            let y := mload(add(sum, 0x20))
            let z := mload(add(sum, 0x40))
            // Doubling as in "Twisted Edwards Curves Revisited", 3.3, with a = -1.
            for {
                let i := 0
            } lt(i, 3) {
                i := add(i, 1)
            } {
                let a := mulmod(x, x, P)
                let b := mulmod(y, y, P)
                let e := mulmod(2, mulmod(x, y, P), P)
                let g := addmod(b, sub(P, a), P)
                let f := addmod(g, sub(P, mulmod(2, mulmod(z, z, P), P)), P)
                let h := sub(P, addmod(a, b, P))
                x := mulmod(e, f, P)
                y := mulmod(g, h, P)
                z := mulmod(f, g, P)
            }
            yes := and(iszero(x), and(eq(y, z), gt(z, 0)))
        }
    }

    /// Creates an account with the code given.
    function _create(bytes memory code) private returns (address account) {
        // PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: returns what follows these ten bytes.
        bytes memory initCode = abi.encodePacked(hex"61", uint16(code.length), hex"80600a5f395ff3", code);
        assembly ("memory-safe") {
            account := create(0, add(initCode, 0x20), mload(initCode))
            if iszero(account) {
                revert(0, 0)
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title BLS signatures with keys in G1, by the precompiles of EIP-2537
/// @notice The suite of the beacon chain: BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_ (RFC 9380, consensus-specs
/// phase0/beacon-chain.md "BLS signatures"). A field element is 64 bytes big-endian in memory and 48 in calldata.
library Bls12381 {
    /// The field's order, and half of it rounded down, as (16 bytes, 32 bytes).
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// The domain separation tag, followed by its length (43).
    bytes32 private constant TAG_HIGH = "BLS_SIG_BLS12381G2_XMD:SHA-256_S";
    bytes32 private constant TAG_LOW = "SWU_RO_POP_\x2b";

    /// The generator of G1, negated.
    uint256 private constant G1_X_HIGH = 0x17f1d3a73197d7942695638c4fa9ac0f;
    uint256 private constant G1_X_LOW = 0xc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb;
    uint256 private constant MINUS_G1_Y_HIGH = 0x114d1d6855d545a8aa7d76c8cf2e21f2;
    uint256 private constant MINUS_G1_Y_LOW = 0x67816aef1db507c96655b9d5caac42364e6f38ba0ecb751bad54dcd6b939c2ca;

    /// @notice The signers' key: an aggregate key minus the keys of the absentees.
    /// @dev In calldata, a key is its 48 compressed bytes and then, as a hint, the 48 bytes of y: the hint is checked against
    /// the sign and the curve. Absentees follow each other from `absentees` on.
    /// @return ok False when a key is no canonical compressed point of the curve or infinity, or when the sum is infinity.
    /// @return sum Memory: the point, uncompressed. Not checked to be in the subgroup: the pairing does that.
    function subtract(
        uint256 aggregate,
        uint256 absentees,
        uint256 count
    ) internal view returns (bool ok, uint256 sum) {
        assembly ("memory-safe") {
            sum := mload(0x40)
            mstore(0x40, add(sum, 0x80))
            // The two addends of the addition; the second one of them lies beyond the allocated memory.
            let other := add(sum, 0x80)

            /// Writes a key to memory; 0 unless the flags agree with the hint. The precompile checks range and curve.
            function load(key, to, negate) -> good {
                let high := shr(128, calldataload(key))
                let yHigh := shr(128, calldataload(add(key, 48)))
                let yLow := calldataload(add(key, 64))
                let isLarge := or(gt(yHigh, HALF_HIGH), and(eq(yHigh, HALF_HIGH), gt(yLow, HALF_LOW)))
                // Compressed, finite, and the sign: the three top bits.
                good := and(eq(shr(125, high), or(4, isLarge)), iszero(iszero(or(yHigh, yLow))))
                mstore(to, and(high, 0x1fffffffffffffffffffffffffffffff))
                mstore(add(to, 0x20), calldataload(add(key, 16)))
                if negate {
                    // With y above p this is no field element either, so the precompile refuses it.
                    yHigh := sub(sub(P_HIGH, yHigh), gt(yLow, P_LOW))
                    yLow := sub(P_LOW, yLow)
                }
                mstore(add(to, 0x40), yHigh)
                mstore(add(to, 0x60), yLow)
            }

            ok := load(aggregate, sum, 0)
            if ok {
                // Adding infinity checks that the aggregate is on the curve.
                mstore(other, 0)
                mstore(add(other, 0x20), 0)
                mstore(add(other, 0x40), 0)
                mstore(add(other, 0x60), 0)
                ok := staticcall(gas(), 0x0b, sum, 0x100, sum, 0x80)
            }
            for {} and(ok, gt(count, 0)) {
                count := sub(count, 1)
            } {
                ok := load(absentees, other, 1)
                if ok {
                    ok := staticcall(gas(), 0x0b, sum, 0x100, sum, 0x80)
                }
                absentees := add(absentees, 96)
            }
            if iszero(or(or(mload(sum), mload(add(sum, 0x20))), or(mload(add(sum, 0x40)), mload(add(sum, 0x60))))) {
                ok := 0
            }
        }
    }

    /// @notice Whether the signature over a 32-byte message verifies under a key.
    /// @param key Memory: an uncompressed point.
    /// @param signature Calldata: an uncompressed point, x.c0, x.c1, y.c0, y.c1, of 48 bytes each.
    function verifies(bytes32 message, uint256 key, uint256 signature) internal view returns (bool ok) {
        assembly ("memory-safe") {
            // e(key, H(message)) * e(-G1, signature) = 1: the pairing's input is built at `m`, work space follows it.
            let m := mload(0x40)
            let work := add(m, 0x300)
            mcopy(m, key, 0x80)

            // expand_message_xmd (RFC 9380, 5.3.1) to 256 bytes.
            mstore(work, 0)
            mstore(add(work, 0x20), 0)
            mstore(add(work, 0x40), message)
            mstore(add(work, 0x60), shl(232, 0x010000))
            mstore(add(work, 0x63), TAG_HIGH)
            mstore(add(work, 0x83), TAG_LOW)
            ok := staticcall(gas(), 2, work, 143, 0x00, 0x20)
            let first := mload(0x00)
            let uniform := add(work, 0x80)
            mstore(add(work, 0x21), TAG_HIGH)
            mstore(add(work, 0x41), TAG_LOW)
            let previous := 0
            for {
                let i := 1
            } lt(i, 9) {
                i := add(i, 1)
            } {
                mstore(work, xor(first, previous))
                mstore8(add(work, 0x20), i)
                let output := add(uniform, shl(5, sub(i, 1)))
                ok := and(ok, staticcall(gas(), 2, work, 77, output, 0x20))
                previous := mload(output)
            }

            // hash_to_field (5.2): four 64-byte numbers, each reduced by raising it to the power of one modulo p.
            let power := add(work, 0x180)
            mstore(power, 0x40)
            mstore(add(power, 0x20), 1)
            mstore(add(power, 0x40), 0x40)
            mstore8(add(power, 0xa0), 1)
            mstore(add(power, 0xa1), P_HIGH)
            mstore(add(power, 0xc1), P_LOW)
            for {
                let i := 0
            } lt(i, 0x100) {
                i := add(i, 0x40)
            } {
                mcopy(add(power, 0x60), add(uniform, i), 0x40)
                ok := and(ok, staticcall(gas(), 5, power, 0xe1, add(uniform, i), 0x40))
            }

            // map_to_curve and clear_cofactor (6.6.3, 7), twice; their sum is H(message).
            ok := and(ok, staticcall(gas(), 0x11, uniform, 0x80, power, 0x100))
            ok := and(ok, staticcall(gas(), 0x11, add(uniform, 0x80), 0x80, add(power, 0x100), 0x100))
            ok := and(ok, staticcall(gas(), 0x0d, power, 0x200, add(m, 0x80), 0x100))

            mstore(add(m, 0x180), G1_X_HIGH)
            mstore(add(m, 0x1a0), G1_X_LOW)
            mstore(add(m, 0x1c0), MINUS_G1_Y_HIGH)
            mstore(add(m, 0x1e0), MINUS_G1_Y_LOW)
            for {
                let to := add(m, 0x200)
            } lt(to, work) {
                to := add(to, 0x40)
            } {
                mstore(to, 0)
                calldatacopy(add(to, 16), signature, 48)
                signature := add(signature, 48)
            }
            // Refuses points that are not on their curve or not in their subgroup.
            ok := and(ok, staticcall(gas(), 0x0f, m, 0x300, 0x00, 0x20))
            ok := and(ok, eq(mload(0x00), 1))
        }
    }
}

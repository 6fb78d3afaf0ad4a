// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../errors/VerificationErrors.sol";

/// @title The packed form of a beacon update, as adapters/evm/pack makes it from the canonical one
/// @notice Its bytes are
///
///     signatureSlot 8 | attested header 112 | finalized header 112 | signature 192 | public keys' root 32 |
///     aggregate key 48, its y 48 | sizes: bits 1, finality branch 1, execution branch 1, next committee 1, header 2 |
///     bits | finality branch | execution branch | execution header |
///     [next public keys' root 32 | next aggregate key 48 | next committee branch] |
///     each absentee's key 48, its y 48 | shared proof of the absentees' keys
///
/// with slots big-endian, the rest of the headers as in SSZ, the bit of member 0 on top of the first byte, branches counted in
/// nodes of 32 bytes, the next committee's size 0x80 + its branch's nodes (0 without one), and absentees only when enough
/// members signed.
library PackedUpdate {
    uint256 private constant FIXED_SIZE = 558;

    /// Slots and roots by value; keys, branches and the rest by where they lie in calldata.
    struct Parts {
        uint64 signatureSlot;
        uint64 attestedSlot;
        uint64 finalizedSlot;
        bytes32 attestedState;
        bytes32 finalizedBody;
        bytes32 publicKeysRoot;
        uint256 attestedHeader;
        uint256 finalizedHeader;
        uint256 signature;
        uint256 aggregateKey;
        uint256 bits;
        uint256 finalityBranch;
        uint256 finalityNodes;
        uint256 executionBranch;
        uint256 executionNodes;
        uint256 executionHeader;
        uint256 executionHeaderSize;
        /// Zero without a next committee.
        uint256 nextCommittee;
        uint256 nextNodes;
        uint256 absentees;
        uint256 end;
    }

    /// @notice Finds the parts, all of which must lie in the message: rule 1. That nothing follows the absentees' proof, whose
    /// length depends on who they are, is for its reader to check.
    function locate(bytes calldata message, uint256 committeeSize) internal pure returns (Parts memory parts) {
        if (message.length < FIXED_SIZE) revert Malformed();
        uint256 start;
        assembly ("memory-safe") {
            start := message.offset
        }
        parts.signatureSlot = uint64(uint256(word(start)) >> 192);
        parts.attestedHeader = start + 8;
        parts.attestedSlot = uint64(uint256(word(start + 8)) >> 192);
        parts.attestedState = word(start + 56);
        parts.finalizedHeader = start + 120;
        parts.finalizedSlot = uint64(uint256(word(start + 120)) >> 192);
        parts.finalizedBody = word(start + 200);
        parts.signature = start + 232;
        parts.publicKeysRoot = word(start + 424);
        parts.aggregateKey = start + 456;

        uint256 sizes = uint256(word(start + 552)) >> 208;
        uint256 next = (sizes >> 16) & 0xff;
        parts.nextNodes = next & 0x7f;
        if ((sizes >> 40) * 8 != committeeSize || (next >> 7 == 1) != (parts.nextNodes != 0)) revert Malformed();
        parts.finalityNodes = (sizes >> 32) & 0xff;
        parts.executionNodes = (sizes >> 24) & 0xff;
        parts.executionHeaderSize = sizes & 0xffff;
        parts.bits = start + FIXED_SIZE;
        parts.finalityBranch = parts.bits + committeeSize / 8;
        parts.executionBranch = parts.finalityBranch + 32 * parts.finalityNodes;
        parts.executionHeader = parts.executionBranch + 32 * parts.executionNodes;
        parts.absentees = parts.executionHeader + parts.executionHeaderSize;
        if (parts.nextNodes != 0) {
            parts.nextCommittee = parts.absentees;
            parts.absentees += 80 + 32 * parts.nextNodes;
        }
        parts.end = start + message.length;
        if (parts.absentees > parts.end) revert Malformed();
    }

    /// @notice Members whose bit is not set.
    /// @return gindices Of their keys, in the tree of the committee's keys; ascending.
    function absentMembers(uint256 bits, uint256 committeeSize) internal pure returns (uint256[] memory gindices) {
        assembly ("memory-safe") {
            gindices := mload(0x40)
            let to := add(gindices, 0x20)
            for {
                let base := 0
            } lt(base, committeeSize) {
                base := add(base, 256)
            } {
                // Ones for the absent, from the top; what follows the committee's bits is not looked at.
                let absent := not(calldataload(bits))
                let left := sub(committeeSize, base)
                if lt(left, 256) {
                    absent := shl(sub(256, left), shr(sub(256, left), absent))
                }
                for {} absent {} {
                    // The highest bit set, by halves.
                    let bit := shl(7, gt(absent, 0xffffffffffffffffffffffffffffffff))
                    bit := or(bit, shl(6, gt(shr(bit, absent), 0xffffffffffffffff)))
                    bit := or(bit, shl(5, gt(shr(bit, absent), 0xffffffff)))
                    bit := or(bit, shl(4, gt(shr(bit, absent), 0xffff)))
                    bit := or(bit, shl(3, gt(shr(bit, absent), 0xff)))
                    bit := or(bit, shl(2, gt(shr(bit, absent), 0xf)))
                    bit := or(bit, shl(1, gt(shr(bit, absent), 0x3)))
                    bit := or(bit, gt(shr(bit, absent), 0x1))
                    absent := xor(absent, shl(bit, 1))
                    mstore(to, add(committeeSize, add(base, sub(255, bit))))
                    to := add(to, 0x20)
                }
                bits := add(bits, 0x20)
            }
            mstore(gindices, shr(5, sub(sub(to, gindices), 0x20)))
            mstore(0x40, to)
        }
    }

    /// @notice keccak256 of a part.
    function hash(uint256 part, uint256 size) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            calldatacopy(buffer, part, size)
            digest := keccak256(buffer, size)
        }
    }

    /// @notice The 32 bytes of calldata at a position.
    function word(uint256 position) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := calldataload(position)
        }
    }
}

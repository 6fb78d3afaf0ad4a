// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    InsufficientParticipation,
    InsufficientTrust,
    InvalidVote,
    Malformed
} from "../../errors/VerificationErrors.sol";
import {PackedHeader} from "./PackedHeader.sol";
import {ProtobufBytes} from "./ProtobufBytes.sol";

/// @title The votes of a commit: their form, their power, and what they signed
library CommitVotes {
    /// The seconds of a vote are from -62135596800 to 253402300799: the years 1 to 9999.
    uint256 private constant BEFORE_1970 = 62135596800;
    uint256 private constant ALL_SECONDS = 315537897599;

    /// What a set's power times `factor` has to exceed.
    struct Threshold {
        uint256 factor;
        uint256 limit;
    }

    /// @notice Rule 1 for votes.
    function checkForm(PackedHeader.Parts memory p) internal pure {
        (uint256 vote, uint256 count_, uint256 validatorCount, uint256 trustedCount) = (
            p.votes,
            p.voteCount,
            p.validatorCount,
            p.trustedCount
        );
        bool ok = true;
        assembly ("memory-safe") {
            // Counted from 1, so that the first place is above the last one before it.
            let last := 0
            for {
                let end := add(vote, mul(count_, 144))
            } lt(vote, end) {
                vote := add(vote, 144)
            } {
                let data := calldataload(vote)
                let place := add(shr(240, data), 1)
                ok := and(ok, and(gt(place, last), iszero(gt(place, validatorCount))))
                last := place
                ok := and(ok, iszero(gt(and(shr(224, data), 0xffff), trustedCount)))
                let secondsPart := and(add(shr(160, data), BEFORE_1970), 0xffffffffffffffff)
                ok := and(
                    ok,
                    and(lt(secondsPart, add(ALL_SECONDS, 1)), lt(and(shr(128, data), 0xffffffff), 1000000000))
                )
            }
        }
        if (!ok) revert Malformed();
    }

    /// @notice Rules 17 to 20.
    /// @param trusted A factor of zero: the header is adjacent, and only its own set counts.
    function count(PackedHeader.Parts memory p, Threshold memory own, Threshold memory trusted) internal pure {
        (uint256 vote, uint256 validators, uint256 trustedCount) = (p.votes, p.validators, p.trustedCount);
        // Trusted validators that were counted, a bit for each; and everything that is wrong, the first rule first.
        uint256[] memory counted = new uint256[]((trustedCount >> 8) + 1);
        uint256 end = vote + PackedHeader.VOTE_SIZE * p.voteCount;
        uint256 trustedValidators = p.trustedValidators;
        uint256 power = 0;
        uint256 trustedPower = 0;
        bool isTwice = false;
        bool isOdd = false;
        (uint256 factor, uint256 limit) = (own.factor, own.limit);
        (uint256 trustedFactor, uint256 trustedLimit) = (trusted.factor, trusted.limit);
        assembly ("memory-safe") {
            for {} lt(vote, end) {
                vote := add(vote, 144)
            } {
                // Powers are below 2^60, numerators and denominators below 2^64.
                let isNeeded := iszero(gt(mul(power, factor), limit))
                let isOpen := and(gt(trustedFactor, 0), iszero(gt(mul(trustedPower, trustedFactor), trustedLimit)))
                let data := calldataload(vote)
                let validator := add(validators, mul(40, shr(240, data)))
                if isNeeded {
                    power := add(power, shr(192, calldataload(add(validator, 32))))
                }
                // Among trusted validators of their own, a vote says where its voter is.
                let twin := and(shr(224, data), 0xffff)
                let key := calldataload(validator)
                if trustedCount {
                    validator := add(trustedValidators, mul(40, sub(twin, 1)))
                    isOpen := and(isOpen, gt(twin, 0))
                    isOdd := or(isOdd, and(gt(twin, 0), xor(eq(calldataload(validator), key), 1)))
                }
                if isOpen {
                    trustedPower := add(trustedPower, shr(192, calldataload(add(validator, 32))))
                    if trustedCount {
                        let word := add(add(counted, 0x20), shl(5, shr(8, sub(twin, 1))))
                        let bits := mload(word)
                        let bit := shl(and(sub(twin, 1), 0xff), 1)
                        isTwice := or(isTwice, gt(and(bits, bit), 0))
                        mstore(word, or(bits, bit))
                    }
                }
                // By rule 20 each vote was needed for one of the two counts.
                isOdd := or(isOdd, iszero(or(isNeeded, isOpen)))
            }
        }
        if (isTwice) revert InvalidVote();
        if (trustedFactor != 0 && trustedPower * trustedFactor <= trustedLimit) revert InsufficientTrust();
        if (power * factor <= limit) revert InsufficientParticipation();
        if (isOdd) revert Malformed();
    }

    /// @notice The votes as a batch of signatures, in the form of IEd25519Verifier.
    /// @dev Each message is varint(length) ‖ CanonicalVote: type 2 (a precommit), height, round, block id, time, chain id
    /// (CometBFT types/canonical.go). Only the time differs.
    function batch(PackedHeader.Parts memory p) internal pure returns (bytes memory signatures) {
        bytes memory before = _beforeTime(p);
        (uint256 validators, uint256 vote, uint256 voteCount) = (p.validators, p.votes, p.voteCount);
        bytes memory later = abi.encodePacked(hex"32", uint8(p.chainId.length), p.chainId);
        assembly ("memory-safe") {
            /// Writes a field of a number, unless that is zero.
            function writeField(at, tag, value) -> end {
                end := at
                if value {
                    mstore8(at, tag)
                    end := add(at, 1)
                    for {} gt(value, 0x7f) {} {
                        mstore8(end, or(value, 0x80))
                        value := shr(7, value)
                        end := add(end, 1)
                    }
                    mstore8(end, value)
                    end := add(end, 1)
                }
            }
            signatures := mload(0x40)
            mstore(add(signatures, 0x20), shl(240, voteCount))
            let to := add(signatures, 0x22)
            // Most votes are of the same second.
            let lastSecond := not(0)
            let secondWord := 0
            let secondSize := 0
            for {} voteCount {
                voteCount := sub(voteCount, 1)
            } {
                let data := calldataload(vote)
                mstore(to, calldataload(add(validators, mul(40, shr(240, data)))))
                calldatacopy(add(to, 32), add(vote, 16), 128)

                let second := and(shr(160, data), 0xffffffffffffffff)
                if xor(second, lastSecond) {
                    secondSize := writeField(0x00, 0x08, second)
                    secondWord := mload(0x00)
                    lastSecond := second
                }
                mstore(0x00, secondWord)
                let timeSize := writeField(secondSize, 0x10, and(shr(128, data), 0xffffffff))
                let size := add(add(mload(before), mload(later)), add(timeSize, 2))
                let at := add(to, 162)
                let message := at
                if gt(size, 0x7f) {
                    mstore8(at, or(size, 0x80))
                    size := shr(7, size)
                    at := add(at, 1)
                }
                mstore8(at, size)
                at := add(at, 1)
                mcopy(at, add(before, 0x20), mload(before))
                at := add(at, mload(before))
                mstore8(at, 0x2a)
                mstore8(add(at, 1), timeSize)
                mstore(add(at, 2), mload(0x00))
                at := add(add(at, 2), timeSize)
                mcopy(at, add(later, 0x20), mload(later))
                at := add(at, mload(later))
                mstore8(add(to, 160), shr(8, sub(at, message)))
                mstore8(add(to, 161), sub(at, message))
                to := at
                vote := add(vote, 144)
            }
            mstore(signatures, sub(to, add(signatures, 0x20)))
            mstore(0x40, and(add(to, 0x3f), not(0x1f)))
        }
    }

    /// What all canonical votes of the commit begin with.
    function _beforeTime(PackedHeader.Parts memory p) private pure returns (bytes memory) {
        bytes memory partSetHeader = abi.encodePacked(hex"08", ProtobufBytes.varint(p.parts), hex"1220", p.partsHash);
        bytes memory blockId = abi.encodePacked(
            hex"0a20",
            p.blockHash,
            hex"12",
            uint8(partSetHeader.length),
            partSetHeader
        );
        bytes memory round =
            p.round == 0 ? bytes("") : abi.encodePacked(hex"19", ProtobufBytes.fixed64(uint64(p.round)));
        return
            abi.encodePacked(
                hex"080211",
                ProtobufBytes.fixed64(p.height),
                round,
                hex"22",
                uint8(blockId.length),
                blockId
            );
    }
}

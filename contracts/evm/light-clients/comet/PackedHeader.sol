// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../../errors/VerificationErrors.sol";

/// @title The packed form of an update of a CometBFT chain, as adapters/evm/pack makes it from the canonical one
/// @notice Its bytes are, with all numbers big-endian,
///
///     trusted revision 8 | trusted height 8 | app version 8 | height 8 | seconds 8 | nanos 4 | round 4 | parts 4 |
///     sizes: chain id 1, validators 2, trusted validators 2, votes 2 |
///     validators hash 32 | next validators hash 32 | app hash 32 | block hash 32 | parts' hash 32 |
///     header's tree: node of leaves 4 and 5, leaf 6, leaf 9, leaf 11, node of leaves 12 and 13, 32 each |
///     chain id | validators | trusted validators | votes
///
/// with a validator as its key 32 and its power 8, and a vote as
///
///     place 2 | place among the trusted validators, counted from 1, or 0 for none 2 | seconds 8 | nanos 4 | signature 64 |
///     x of the key 32 | x of R 32
///
/// No trusted validators means that they are the validators; then no vote has a place among them of its own.
library PackedHeader {
    uint256 private constant FIXED_SIZE = 379;
    uint256 internal constant VALIDATOR_SIZE = 40;
    uint256 internal constant VOTE_SIZE = 144;
    /// The last second of which all nanoseconds are below 2^64.
    uint256 private constant MAX_SECONDS = 18446744072;
    uint256 private constant NANOS = 1e9;

    /// Numbers and hashes by value; lists by where they lie in calldata.
    struct Parts {
        uint256 trustedRevision;
        uint64 trustedHeight;
        uint64 appVersion;
        uint64 height;
        uint256 secondsPart;
        uint256 nanosPart;
        uint256 round;
        uint256 parts;
        bytes32 validatorsHash;
        bytes32 nextValidatorsHash;
        bytes32 appHash;
        bytes32 blockHash;
        bytes32 partsHash;
        /// The five hashes of the header's tree.
        uint256 tree;
        bytes chainId;
        uint256 validators;
        uint256 validatorCount;
        uint256 trustedValidators;
        /// Zero: they are the validators.
        uint256 trustedCount;
        uint256 votes;
        uint256 voteCount;
    }

    /// @notice Reads what has a fixed place, and finds the rest, which must be all of the message: rule 1, but for validators and
    /// votes.
    /// @param ownChain Hash of the chain id that needs no look at its characters.
    function locate(bytes calldata message, bytes32 ownChain) internal pure returns (Parts memory p) {
        if (message.length < FIXED_SIZE) revert Malformed();
        uint256 start;
        assembly ("memory-safe") {
            start := message.offset
        }
        p.trustedRevision = number(start, 8);
        p.trustedHeight = uint64(number(start + 8, 8));
        p.appVersion = uint64(number(start + 16, 8));
        p.height = uint64(number(start + 24, 8));
        p.secondsPart = number(start + 32, 8);
        p.nanosPart = number(start + 40, 4);
        p.round = number(start + 44, 4);
        p.parts = number(start + 48, 4);
        p.validatorCount = number(start + 53, 2);
        p.trustedCount = number(start + 55, 2);
        p.voteCount = number(start + 57, 2);
        p.validatorsHash = bytes32(number(start + 59, 32));
        p.nextValidatorsHash = bytes32(number(start + 91, 32));
        p.appHash = bytes32(number(start + 123, 32));
        p.blockHash = bytes32(number(start + 155, 32));
        p.partsHash = bytes32(number(start + 187, 32));
        p.tree = start + 219;
        uint256 chainIdSize = number(start + 52, 1);
        p.validators = start + FIXED_SIZE + chainIdSize;
        p.trustedValidators = p.validators + VALIDATOR_SIZE * p.validatorCount;
        p.votes = p.trustedValidators + VALIDATOR_SIZE * p.trustedCount;
        if (
            p.votes + VOTE_SIZE * p.voteCount != start + message.length ||
            p.height == 0 ||
            p.height >= 1 << 63 ||
            p.secondsPart > MAX_SECONDS ||
            p.nanosPart >= NANOS ||
            p.round >= 1 << 31 ||
            p.parts == 0 ||
            p.validatorCount == 0 ||
            p.nextValidatorsHash == 0 ||
            p.appHash == 0 ||
            chainIdSize == 0 ||
            chainIdSize > 50
        ) revert Malformed();
        p.chainId = message[FIXED_SIZE:FIXED_SIZE + chainIdSize];
        if (keccak256(p.chainId) == ownChain) return p;
        for (uint256 i = 0; i < chainIdSize; ++i) {
            if (uint8(p.chainId[i]) < 0x20 || uint8(p.chainId[i]) > 0x7e) revert Malformed();
        }
    }

    /// @notice The header's time in nanoseconds.
    function timestamp(Parts memory p) internal pure returns (uint64) {
        return uint64(p.secondsPart * NANOS + p.nanosPart);
    }

    /// @notice A number of up to 32 bytes in calldata.
    function number(uint256 position, uint256 size) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, size)), calldataload(position))
        }
    }
}

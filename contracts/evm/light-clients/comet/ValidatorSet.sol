// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Malformed} from "../../errors/VerificationErrors.sol";

/// @title The hash of a validator set: the RFC 6962 tree of its validators (CometBFT types/validator_set.go, Hash)
library ValidatorSet {
    /// CometBFT's MaxTotalVotingPower.
    uint256 private constant MAX_TOTAL_POWER = uint256(uint64(type(int64).max)) / 8;

    /// @notice Reads validators from calldata: key 32, power 8 each; at least one. Powers must be as rule 1 says.
    /// @return root The set's hash.
    /// @return power The sum of all powers.
    function hash(uint256 validators, uint256 count) internal view returns (bytes32 root, uint256 power) {
        bool isOdd;
        assembly ("memory-safe") {
            // Running out of gas is the only way in which the precompile fails; then nothing after it can run either.
            // A word before the hashes is free, for the byte that comes before the first pair of them.
            let hashes := add(mload(0x40), 0x20)
            // A leaf is built from 0 on: 0x00, SimpleValidator{pub_key: {ed25519: 32 bytes}, voting_power}.
            mstore(0x00, shl(216, 0x000a220a20))
            mstore8(37, 0x10)
            for {
                let to := hashes
                let end := add(hashes, shl(5, count))
            } lt(to, end) {
                to := add(to, 0x20)
            } {
                mstore(5, calldataload(validators))
                let rest := shr(192, calldataload(add(validators, 32)))
                validators := add(validators, 40)
                isOdd := or(isOdd, iszero(rest))
                power := add(power, rest)
                let at := 38
                // The first bytes of a varint without a loop: most powers have a few.
                if gt(rest, 0x7f) {
                    mstore8(38, or(rest, 0x80))
                    rest := shr(7, rest)
                    at := 39
                    if gt(rest, 0x7f) {
                        mstore8(39, or(rest, 0x80))
                        rest := shr(7, rest)
                        at := 40
                        if gt(rest, 0x7f) {
                            mstore8(40, or(rest, 0x80))
                            rest := shr(7, rest)
                            at := 41
                            for {} gt(rest, 0x7f) {} {
                                mstore8(at, or(rest, 0x80))
                                rest := shr(7, rest)
                                at := add(at, 1)
                            }
                        }
                    }
                }
                mstore8(at, rest)
                pop(staticcall(gas(), 2, 0x00, add(at, 1), to, 0x20))
            }
            // Level by level: pairs become one, a last one without a partner goes up as it is.
            for {} gt(count, 1) {
                count := shr(1, add(count, 1))
            } {
                let to := hashes
                // The byte before a pair is that of one used already.
                let before := sub(hashes, 1)
                for {
                    let end := add(before, shl(6, shr(1, count)))
                } lt(before, end) {
                    before := add(before, 0x40)
                } {
                    mstore8(before, 1)
                    pop(staticcall(gas(), 2, before, 0x41, to, 0x20))
                    to := add(to, 0x20)
                }
                if and(count, 1) {
                    mstore(to, mload(add(before, 1)))
                }
            }
            root := mload(hashes)
        }
        if (isOdd || power > MAX_TOTAL_POWER) revert Malformed();
    }
}

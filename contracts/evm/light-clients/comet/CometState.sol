// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a CometBFT light client remembers of a header.
struct ConsensusState {
    uint64 height;
    /// Nanoseconds since 1970.
    uint64 timestamp;
    bytes32 appHash;
    bytes32 nextValidatorsHash;
}

/// @notice The canonical trusted state of a CometBFT light client (adapters/cosmos/verify/README.md). Periods are nanoseconds.
struct CometState {
    string chainId;
    uint64 trustLevelNumerator;
    uint64 trustLevelDenominator;
    uint64 trustingPeriod;
    uint64 unbondingPeriod;
    uint64 maxClockDrift;
    bool frozen;
    /// Ascending; the last one is the latest.
    ConsensusState[] consensusStates;
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What changes at a fork of the beacon chain, from its epoch on.
struct Fork {
    uint64 epoch;
    bytes4 version;
    /// Generalized indices under the attested state root.
    uint32 finalizedRootGindex;
    uint32 nextSyncCommitteeGindex;
    /// Generalized index of the execution block hash under the block body root.
    uint32 executionBlockHashGindex;
}

/// @notice The canonical trusted state of a beacon light client (adapters/evm/verify/trusted-state.ts).
struct BeaconState {
    uint64 chainId;
    bytes32 genesisValidatorsRoot;
    uint64 genesisTime;
    uint64 secondsPerSlot;
    uint64 slotsPerEpoch;
    uint64 epochsPerPeriod;
    uint64 committeeSize;
    uint64 trustingPeriod;
    uint64 maxClockDrift;
    address router;
    bytes32 commitmentsSlot;
    Fork[] forks;
    bool frozen;
    uint64 latestHeight;
    uint64 latestTimestamp;
    uint64 latestSlot;
    uint64 period;
    bytes32 committeeRoot;
    bytes32 nextCommitteeRoot;
    bytes32[] ring;
}

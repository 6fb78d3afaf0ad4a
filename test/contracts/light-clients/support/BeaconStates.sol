// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {BeaconState, Fork} from "../../../../contracts/evm/light-clients/BeaconState.sol";

/// @title Trusted states to create light clients from, where nothing is verified
library BeaconStates {
    uint64 internal constant SLOTS_PER_EPOCH = 32;

    /// @dev The newest finalized header is in the last slot of `epoch`.
    function finalizedIn(uint64 epoch, Fork[] memory forks) internal view returns (BeaconState memory state) {
        state.chainId = 1;
        state.genesisTime = uint64(block.timestamp) - 12 * SLOTS_PER_EPOCH * (epoch + 1);
        state.secondsPerSlot = 12;
        state.slotsPerEpoch = SLOTS_PER_EPOCH;
        state.epochsPerPeriod = 256;
        state.committeeSize = 512;
        state.trustingPeriod = 7 days;
        state.latestHeight = 7;
        state.latestTimestamp = uint64(block.timestamp);
        state.latestSlot = epoch * SLOTS_PER_EPOCH + SLOTS_PER_EPOCH - 1;
        state.period = epoch / 256;
        state.committeeRoot = keccak256("committee");
        state.forks = forks;
        state.ring = new bytes32[](61);
    }

    /// @dev Rows of one version each, at these epochs.
    function rows(uint64[] memory epochs) internal pure returns (Fork[] memory forks) {
        forks = new Fork[](epochs.length);
        for (uint256 i = 0; i < epochs.length; ++i) forks[i] = row(epochs[i]);
    }

    function row(uint64 epoch) internal pure returns (Fork memory) {
        return Fork(epoch, bytes4(uint32(epoch)), 735, 2946, 2856);
    }
}

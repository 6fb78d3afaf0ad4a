// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PacketCommitments} from "../../../../contracts/evm/store/PacketCommitments.sol";
import {Packet} from "../../../../contracts/evm/types/Packet.sol";

/// @title PacketCommitments behind external calls
contract CommitmentsHarness {
    function packet(Packet calldata value) external view returns (bytes32) {
        return PacketCommitments.packet(value.destClient, value.timeoutTimestamp, value.payloads);
    }

    /// @dev What lies behind unused memory's beginning does not matter: here it is the call's data.
    function acknowledgements(bytes[] memory values) external view returns (bytes32) {
        assembly ("memory-safe") {
            calldatacopy(mload(0x40), 0, calldatasize())
        }
        return PacketCommitments.acknowledgements(values);
    }
}

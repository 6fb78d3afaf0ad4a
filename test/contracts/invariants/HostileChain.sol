// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PacketCommitments} from "../../../contracts/evm/store/PacketCommitments.sol";
import {PacketPaths} from "../../../contracts/evm/store/PacketPaths.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";

/// @title A chain that proves whatever suits it: its light client finds here what was claimed last
/// @notice It never admits to have received anything, so all that is sent to it can be timed out.
contract HostileChain {
    mapping(bytes32 hashedPath => bytes32) public getCommitment;

    function claimSent(Packet calldata packet) external {
        getCommitment[keccak256(PacketPaths.commitment(packet.sourceClient, packet.sequence))] = PacketCommitments
            .packet(packet.destClient, packet.timeoutTimestamp, packet.payloads);
    }

    function claimAcknowledged(Packet calldata packet, bytes[] calldata acknowledgements) external {
        getCommitment[keccak256(PacketPaths.acknowledgement(packet.destClient, packet.sequence))] = PacketCommitments
            .acknowledgements(acknowledgements);
    }
}

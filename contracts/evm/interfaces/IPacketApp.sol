// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Payload} from "../types/Packet.sol";

/// @notice The part of a packet one application is called with.
/// @param relayer Who submitted the message; for information, never for authority.
struct PacketContext {
    string sourceClient;
    string destClient;
    uint64 sequence;
    Payload payload;
    address relayer;
}

/// @title An application that owns a port of the packet router
/// @notice Every function may be called by the router only; implementations must check that.
interface IPacketApp {
    /// @notice Reverting refuses the packet: the universal error acknowledgement is written.
    /// @return acknowledgement Empty to acknowledge later through `writeAcknowledgement` (single-payload packets only).
    function onRecvPacket(PacketContext calldata context) external returns (bytes memory acknowledgement);

    /// @notice The counterparty acknowledged. Called at most once per packet, after the commitment was deleted.
    function onAcknowledgementPacket(PacketContext calldata context, bytes calldata acknowledgement) external;

    /// @notice The packet can no longer be received. Called at most once per packet, after the commitment was deleted.
    function onTimeoutPacket(PacketContext calldata context) external;
}

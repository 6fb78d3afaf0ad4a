// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One application's part of a packet.
/// @param sourcePort Port the sending application is registered under.
/// @param destPort Port the receiving application is registered under.
struct Payload {
    string sourcePort;
    string destPort;
    string version;
    string encoding;
    bytes value;
}

/// @notice The IBC v2 packet. Field order is that of the ABI used by cosmos/ibc-contracts.
/// @param timeoutTimestamp Unix seconds on the destination chain's clock.
struct Packet {
    uint64 sequence;
    string sourceClient;
    string destClient;
    uint64 timeoutTimestamp;
    Payload[] payloads;
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Packet, Payload} from "../types/Packet.sol";

/// @notice A packet committed by the counterparty, with the proof of its commitment.
struct RecvMsg {
    Packet packet;
    bytes proof;
}

/// @notice Acknowledgements written by the counterparty, with the proof of their commitment.
struct AckMsg {
    Packet packet;
    bytes[] acknowledgements;
    bytes proof;
}

/// @notice A packet the counterparty can no longer receive, with the proof that it holds no receipt.
struct TimeoutMsg {
    Packet packet;
    bytes proof;
}

/// @notice Everything one transaction delivers for one light client.
/// @param clientId The local light client all proofs are checked against.
/// @param updates Client messages, applied in order before anything else; may be empty.
/// @param rootProof The part of the proofs that all messages share; may be empty without messages.
struct RelayBatch {
    string clientId;
    bytes[] updates;
    bytes rootProof;
    RecvMsg[] recvs;
    AckMsg[] acks;
    TimeoutMsg[] timeouts;
}

/// @title The packet core: sends, receives, acknowledges and times out IBC v2 packets
interface IPacketRouter {
    event ClientCreated(string clientId, address lightClient, address creator);
    event CounterpartyRegistered(string clientId, string counterpartyClientId);
    event ClientMigrated(string clientId, address lightClient);
    event PortBound(string port, address app);

    event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    /// @notice The application received a packet and will acknowledge it later. For one that is acknowledged at once,
    /// `WriteAcknowledgement` stands for both.
    event RecvPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    event WriteAcknowledgement(
        string indexed clientId,
        uint256 indexed sequence,
        Packet packet,
        bytes[] acknowledgements
    );
    event AckPacket(string indexed clientId, uint256 indexed sequence, Packet packet, bytes[] acknowledgements);
    event TimeoutPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    /// @notice The message had been delivered before; nothing changed.
    event Noop(string indexed clientId, uint256 indexed sequence);
    /// @notice The application refused a received packet: the universal error acknowledgement was written.
    event PacketRefused(string indexed clientId, uint256 indexed sequence, bytes reason);
    /// @notice The message was not carried out: the application could not be called to the end, or a packet to be received
    /// timed out on its way. The packet is as before and may be delivered again.
    event CallbackFailed(string indexed clientId, uint256 indexed sequence, bytes reason);

    /// @notice Sends a packet. The caller must be the application bound to every payload's source port.
    /// @param timeoutTimestamp Unix seconds, after now and at most a day ahead.
    function sendPacket(
        string calldata sourceClient,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) external returns (uint64 sequence);

    /// @notice Delivers client updates and packets in one transaction. A packet delivered before is skipped with `Noop`; an
    /// invalid proof reverts everything.
    function relay(RelayBatch calldata batch) external;

    /// @notice Acknowledges a packet that its application received with an empty acknowledgement.
    function writeAcknowledgement(Packet calldata packet, bytes calldata acknowledgement) external;

    /// @notice The 32 bytes stored under keccak256(path); zero when nothing is.
    function getCommitment(bytes32 hashedPath) external view returns (bytes32);

    function nextSequenceSend(string calldata clientId) external view returns (uint64);

    /// @notice Whether any port is bound to this address.
    function isApp(address candidate) external view returns (bool);
}

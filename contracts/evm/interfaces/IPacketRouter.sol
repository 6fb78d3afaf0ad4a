// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Packet, Payload} from "../types/Packet.sol";

/// @notice A packet this chain sent, and what the counterparty acknowledged it with.
struct AckMsg {
    Packet packet;
    bytes[] acknowledgements;
}

/// @notice Everything one transaction delivers for one light client.
/// @param clientId The local light client all proofs are checked against.
/// @param updates Client messages, applied in order before anything else; may be empty.
/// @param proof Of all messages, in the order of the members; empty without messages.
/// @param recvs Packets committed by the counterparty.
/// @param timeouts Packets the counterparty can no longer receive, and holds no receipt of.
struct RelayBatch {
    string clientId;
    bytes[] updates;
    bytes proof;
    Packet[] recvs;
    AckMsg[] acks;
    Packet[] timeouts;
}

/// @title The packet core: sends, receives, acknowledges and times out IBC v2 packets
interface IPacketRouter {
    event ClientCreated(string clientId, address lightClient, address creator);
    event CounterpartyRegistered(string clientId, string counterpartyClientId);
    event ClientMigrated(string clientId, address lightClient);
    event PortBound(string port, address app);

    /// @dev Those two events carry the packet after which somebody has to act on it. The others name it: by the client id here, which
    /// a topic holds only the hash of, and the sequence.
    event SendPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    /// @notice The application received a packet and will acknowledge it later. For one that is acknowledged at once,
    /// `WriteAcknowledgement` stands for both.
    event RecvPacket(string indexed clientId, uint256 indexed sequence, Packet packet);
    event WriteAcknowledgement(
        string indexed clientId,
        uint256 indexed sequence,
        string destClient,
        bytes[] acknowledgements
    );
    event AckPacket(string indexed clientId, uint256 indexed sequence, string sourceClient, bytes[] acknowledgements);
    event TimeoutPacket(string indexed clientId, uint256 indexed sequence, string sourceClient);
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

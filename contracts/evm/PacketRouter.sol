// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {
    AcknowledgementAlreadyWritten,
    AsynchronousAcknowledgementOfSeveralPayloads,
    CallbackRevertedWithoutReason,
    CallerDoesNotOwnPort,
    CallerIsNotRouter,
    ClientNotActive,
    CounterpartyNotRegistered,
    GasTooLow,
    InvalidAcknowledgement,
    InvalidPayload,
    PacketDiffersFromCommitment,
    PacketDiffersFromReceipt,
    PacketForAnotherClient,
    PacketFromAnotherCounterparty,
    PacketHasNoPayload,
    PacketNotReceived,
    PayloadsTooLarge,
    PortNotBound,
    TimeoutElapsed,
    TimeoutNotReached,
    TimeoutTooFar,
    TooManyPayloads,
    WrongNumberOfAcknowledgements,
    ZeroTimestamp
} from "./errors/PacketRouterErrors.sol";
import {Claim, ClientStatus, ILightClient, UpdateResult} from "./interfaces/ILightClient.sol";
import {IPacketApp, PacketContext} from "./interfaces/IPacketApp.sol";
import {AckMsg, IPacketRouter, RelayBatch} from "./interfaces/IPacketRouter.sol";
import {ClientRegistry} from "./store/ClientRegistry.sol";
import {CounterpartyBytes} from "./store/CounterpartyBytes.sol";
import {Identifiers} from "./store/Identifiers.sol";
import {PacketCommitments, UNIVERSAL_ERROR_ACKNOWLEDGEMENT} from "./store/PacketCommitments.sol";
import {PacketPaths} from "./store/PacketPaths.sol";
import {PacketStore} from "./store/PacketStore.sol";
import {PortRegistry} from "./store/PortRegistry.sol";
import {Packet, Payload} from "./types/Packet.sol";

/// @title The packet core of an EVM chain
/// @notice Delivers a packet only with a proof that its light client accepts, and each packet once. Open to every relayer.
///
/// Order of effects. A receipt is written before the application is called, a commitment deleted before: re-entering finds
/// the packet already handled. The four delivering entries share one lock. `sendPacket` and `writeAcknowledgement` stay
/// outside it, because an application may answer a packet by sending one or by acknowledging an earlier one: they only
/// write paths that nothing has written before, and call nobody but the light client, read-only.
///
/// Failing applications. A callback runs in its own frame with at most CALLBACK_GAS. When it reverts with a reason, a
/// received packet gets the universal error acknowledgement. When it reverts without one, or while handling an
/// acknowledgement or a timeout, the packet is left as it was, to be delivered again. When it fails with less than
/// that much gas, the whole transaction reverts: nobody can turn a packet into an error by starving it.
contract PacketRouter is ClientRegistry, PortRegistry, Pausable, ReentrancyGuardTransient {
    /// @dev ibc-go MaximumTimeout and MaximumPayloadsSize.
    uint256 private constant MAX_TIMEOUT = 1 days;
    uint256 private constant MAX_PAYLOAD_BYTES = 262_144;
    uint256 private constant MAX_ACKNOWLEDGEMENT_BYTES = 32_768;
    uint256 private constant MAX_REASON_BYTES = 1_024;
    /// @notice What the applications of one packet may use together.
    uint256 public constant CALLBACK_GAS = 4_000_000;

    /// @dev What all messages of a batch share.
    struct Lane {
        ILightClient lightClient;
        string clientId;
        string counterparty;
        bytes32 clientIdHash;
        bytes32 counterpartyHash;
        bytes[] storePrefix;
        bytes pathPrefix;
    }

    enum Callback {
        Receive,
        Acknowledge,
        TimeOut
    }

    constructor(address authority) AccessManaged(authority) {}

    function pause() external restricted {
        _pause();
    }

    function unpause() external restricted {
        _unpause();
    }

    // ------------------------------------------------------------------------------------------------------ sending

    /// @inheritdoc IPacketRouter
    function sendPacket(
        string calldata sourceClient,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) external whenNotPaused returns (uint64 sequence) {
        Registered storage client = _requireClient(sourceClient);
        if (client.maxPayloads == 0) revert CounterpartyNotRegistered(sourceClient);
        if (timeoutTimestamp <= block.timestamp) revert TimeoutElapsed(timeoutTimestamp, block.timestamp);
        if (timeoutTimestamp > block.timestamp + MAX_TIMEOUT)
            revert TimeoutTooFar(timeoutTimestamp, block.timestamp + MAX_TIMEOUT);
        if (payloads.length > client.maxPayloads) revert TooManyPayloads(payloads.length, client.maxPayloads);
        _requirePayloads(payloads);
        ClientStatus status = client.lightClient.status();
        if (status != ClientStatus.Active) revert ClientNotActive(sourceClient, status);

        sequence = client.nextSequenceSend++;
        string memory destClient = CounterpartyBytes.clientIdOf(client.counterparty);
        PacketStore.set(
            keccak256(PacketPaths.commitment(sourceClient, sequence)),
            PacketCommitments.packet(destClient, timeoutTimestamp, payloads)
        );
        _emitSendPacket(sourceClient, destClient, sequence, timeoutTimestamp, payloads);
    }

    /// @dev A Packet is encoded like its members: from calldata, without a copy in memory to encode from.
    function _emitSendPacket(
        string calldata sourceClient,
        string memory destClient,
        uint64 sequence,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) private {
        bytes memory data = bytes.concat(
            bytes32(uint256(0x20)),
            abi.encode(sequence, sourceClient, destClient, timeoutTimestamp, payloads)
        );
        bytes32 topic = SendPacket.selector;
        bytes32 client = keccak256(bytes(sourceClient));
        assembly ("memory-safe") {
            log3(add(data, 0x20), mload(data), topic, client, sequence)
        }
    }

    function _requirePayloads(Payload[] calldata payloads) private view {
        if (payloads.length == 0) revert PacketHasNoPayload();
        uint256 size = 0;
        for (uint256 i = 0; i < payloads.length; ++i) {
            Payload calldata payload = payloads[i];
            if (_appOf(payload.sourcePort) != msg.sender) revert CallerDoesNotOwnPort(payload.sourcePort, msg.sender);
            if (
                !Identifiers.isPort(bytes(payload.destPort)) ||
                !Identifiers.isLabel(bytes(payload.version)) ||
                !Identifiers.isLabel(bytes(payload.encoding)) ||
                payload.value.length == 0
            ) revert InvalidPayload(i);
            size += payload.value.length;
        }
        if (size > MAX_PAYLOAD_BYTES) revert PayloadsTooLarge(size, MAX_PAYLOAD_BYTES);
    }

    // --------------------------------------------------------------------------------------------------- delivering

    /// @inheritdoc IPacketRouter
    function relay(RelayBatch calldata batch) external whenNotPaused nonReentrant {
        Registered storage client = _requireClient(batch.clientId);
        ILightClient lightClient = client.lightClient;
        for (uint256 i = 0; i < batch.updates.length; ++i) {
            // Going on would revert at the frozen client, and undo the freeze with it.
            if (lightClient.update(batch.updates[i]) == UpdateResult.Misbehaviour) return;
        }
        uint256 count = batch.recvs.length + batch.acks.length + batch.timeouts.length;
        if (count == 0) return;
        Lane memory lane = _openLane(client, batch.clientId);
        Claim[] memory claims = new Claim[](count);
        uint256 next = 0;
        for (uint256 i = 0; i < batch.recvs.length; ++i) claims[next++] = _receiveClaim(lane, batch.recvs[i]);
        for (uint256 i = 0; i < batch.acks.length; ++i)
            claims[next++] = _acknowledgeClaim(lane, batch.acks[i].packet, batch.acks[i].acknowledgements);
        for (uint256 i = 0; i < batch.timeouts.length; ++i) claims[next++] = _timeOutClaim(lane, batch.timeouts[i]);
        uint64 timestamp = _verify(lane, claims, batch.proof);
        uint256 free = _freeMemory();
        for (uint256 i = 0; i < batch.recvs.length; ++i) {
            (bool done, bytes memory reason) = _receive(lane, batch.recvs[i], claims[i].value);
            if (!done) emit CallbackFailed(lane.clientId, batch.recvs[i].sequence, reason);
            _resetMemory(free);
        }
        for (uint256 i = 0; i < batch.acks.length; ++i) {
            Packet calldata packet = batch.acks[i].packet;
            (bool done, bytes memory reason) = _acknowledge(lane, packet, batch.acks[i].acknowledgements);
            if (!done) emit CallbackFailed(lane.clientId, packet.sequence, reason);
            _resetMemory(free);
        }
        for (uint256 i = 0; i < batch.timeouts.length; ++i) {
            (bool done, bytes memory reason) = _timeOut(lane, batch.timeouts[i], timestamp);
            if (!done) emit CallbackFailed(lane.clientId, batch.timeouts[i].sequence, reason);
            _resetMemory(free);
        }
    }

    /// @notice Delivers one packet; reverts with the application's reason where a batch would emit `CallbackFailed`.
    function recvPacket(Packet calldata packet, bytes calldata proof) external whenNotPaused nonReentrant {
        Lane memory lane = _openLane(_requireClient(packet.destClient), packet.destClient);
        Claim memory claim = _receiveClaim(lane, packet);
        _verify(lane, claim, proof);
        (bool done, bytes memory reason) = _receive(lane, packet, claim.value);
        _require(done, reason);
    }

    /// @notice Delivers one acknowledgement; reverts with the application's reason where a batch would emit `CallbackFailed`.
    function acknowledgePacket(
        Packet calldata packet,
        bytes[] calldata acknowledgements,
        bytes calldata proof
    ) external whenNotPaused nonReentrant {
        Lane memory lane = _openLane(_requireClient(packet.sourceClient), packet.sourceClient);
        _verify(lane, _acknowledgeClaim(lane, packet, acknowledgements), proof);
        (bool done, bytes memory reason) = _acknowledge(lane, packet, acknowledgements);
        _require(done, reason);
    }

    /// @notice Times one packet out; reverts with the application's reason where a batch would emit `CallbackFailed`.
    function timeoutPacket(Packet calldata packet, bytes calldata proof) external whenNotPaused nonReentrant {
        Lane memory lane = _openLane(_requireClient(packet.sourceClient), packet.sourceClient);
        uint64 timestamp = _verify(lane, _timeOutClaim(lane, packet), proof);
        (bool done, bytes memory reason) = _timeOut(lane, packet, timestamp);
        _require(done, reason);
    }

    function _require(bool done, bytes memory reason) private pure {
        if (done) return;
        if (reason.length == 0) revert CallbackRevertedWithoutReason();
        _revertWith(reason);
    }

    function _openLane(Registered storage client, string calldata clientId) private view returns (Lane memory lane) {
        if (client.maxPayloads == 0) revert CounterpartyNotRegistered(clientId);
        lane.lightClient = client.lightClient;
        lane.clientId = clientId;
        (lane.counterparty, lane.storePrefix, lane.pathPrefix) = CounterpartyBytes.decode(client.counterparty);
        lane.clientIdHash = keccak256(bytes(lane.clientId));
        lane.counterpartyHash = keccak256(bytes(lane.counterparty));
    }

    function _verify(Lane memory lane, Claim memory claim, bytes calldata proof) private view returns (uint64) {
        Claim[] memory claims = new Claim[](1);
        claims[0] = claim;
        return _verify(lane, claims, proof);
    }

    function _verify(
        Lane memory lane,
        Claim[] memory claims,
        bytes calldata proof
    ) private view returns (uint64 timestamp) {
        timestamp = lane.lightClient.verify(lane.storePrefix, claims, proof);
        if (timestamp == 0) revert ZeroTimestamp();
    }

    /// @dev That the counterparty committed to the packet.
    function _receiveClaim(Lane memory lane, Packet calldata packet) private view returns (Claim memory) {
        if (keccak256(bytes(packet.destClient)) != lane.clientIdHash) revert PacketForAnotherClient(packet.destClient);
        if (keccak256(bytes(packet.sourceClient)) != lane.counterpartyHash)
            revert PacketFromAnotherCounterparty(packet.sourceClient);
        if (packet.payloads.length == 0) revert PacketHasNoPayload();
        return
            Claim(
                bytes.concat(lane.pathPrefix, PacketPaths.commitment(lane.counterparty, packet.sequence)),
                true,
                PacketCommitments.packet(lane.clientId, packet.timeoutTimestamp, packet.payloads)
            );
    }

    /// @dev That the counterparty committed to these acknowledgements of the packet.
    function _acknowledgeClaim(
        Lane memory lane,
        Packet calldata packet,
        bytes[] calldata acknowledgements
    ) private view returns (Claim memory) {
        _requireOwn(lane, packet);
        if (
            acknowledgements.length != packet.payloads.length &&
            !(acknowledgements.length == 1 && _isUniversalError(acknowledgements[0]))
        ) revert WrongNumberOfAcknowledgements(acknowledgements.length, packet.payloads.length);
        return
            Claim(
                bytes.concat(lane.pathPrefix, PacketPaths.acknowledgement(lane.counterparty, packet.sequence)),
                true,
                PacketCommitments.acknowledgements(acknowledgements)
            );
    }

    /// @dev That the counterparty holds no receipt of the packet.
    function _timeOutClaim(Lane memory lane, Packet calldata packet) private pure returns (Claim memory) {
        _requireOwn(lane, packet);
        return
            Claim(
                bytes.concat(lane.pathPrefix, PacketPaths.receipt(lane.counterparty, packet.sequence)),
                false,
                bytes32(0)
            );
    }

    /// @dev That this chain may have sent the packet over the lane.
    function _requireOwn(Lane memory lane, Packet calldata packet) private pure {
        if (keccak256(bytes(packet.sourceClient)) != lane.clientIdHash)
            revert PacketForAnotherClient(packet.sourceClient);
        if (keccak256(bytes(packet.destClient)) != lane.counterpartyHash)
            revert PacketFromAnotherCounterparty(packet.destClient);
    }

    /// @param commitment Proven to be the counterparty's.
    /// @return done False when the packet was left as it was, for the reason returned.
    function _receive(
        Lane memory lane,
        Packet calldata packet,
        bytes32 commitment
    ) private returns (bool done, bytes memory reason) {
        bytes32 receiptPath = keccak256(PacketPaths.receipt(lane.clientId, packet.sequence));
        bytes32 receipt = PacketStore.get(receiptPath);
        if (receipt != 0) {
            if (receipt != commitment) revert PacketDiffersFromReceipt(packet.sequence);
            emit Noop(lane.clientId, packet.sequence);
            return (true, "");
        }
        if (block.timestamp >= packet.timeoutTimestamp)
            return (false, abi.encodeWithSelector(TimeoutElapsed.selector, packet.timeoutTimestamp, block.timestamp));
        PacketStore.set(receiptPath, commitment);

        (bool accepted, bytes memory result) = _callApps(Callback.Receive, packet, new bytes[](0));
        if (!accepted && result.length == 0) {
            PacketStore.remove(receiptPath);
            return (false, result);
        }
        if (!accepted) emit PacketRefused(lane.clientId, packet.sequence, result);
        bytes[] memory acknowledgements = _acknowledgementsOf(packet, accepted, result);
        if (acknowledgements.length == 0) emit RecvPacket(lane.clientId, packet.sequence, packet);
        else _writeAcknowledgements(lane.clientId, packet.sequence, acknowledgements);
        return (true, "");
    }

    /// @dev As `_receive`; the acknowledgements are proven.
    function _acknowledge(
        Lane memory lane,
        Packet calldata packet,
        bytes[] calldata acknowledgements
    ) private returns (bool done, bytes memory reason) {
        (bytes32 path, bytes32 commitment) = _takeCommitment(lane, packet);
        if (commitment == 0) return (true, "");
        (done, reason) = _callApps(Callback.Acknowledge, packet, acknowledgements);
        if (done) emit AckPacket(lane.clientId, packet.sequence, lane.clientId, acknowledgements);
        else PacketStore.set(path, commitment);
    }

    /// @dev As `_receive`; that there was no receipt at `timestamp`, the counterparty's time, is proven.
    function _timeOut(
        Lane memory lane,
        Packet calldata packet,
        uint64 timestamp
    ) private returns (bool done, bytes memory reason) {
        (bytes32 path, bytes32 commitment) = _takeCommitment(lane, packet);
        if (commitment == 0) return (true, "");
        if (timestamp < packet.timeoutTimestamp) revert TimeoutNotReached(packet.timeoutTimestamp, timestamp);
        (done, reason) = _callApps(Callback.TimeOut, packet, new bytes[](0));
        if (done) emit TimeoutPacket(lane.clientId, packet.sequence, lane.clientId);
        else PacketStore.set(path, commitment);
    }

    /// @dev Deletes the commitment of a packet this chain sent. Zero, with `Noop`, when the packet was settled before.
    function _takeCommitment(Lane memory lane, Packet calldata packet) private returns (bytes32 path, bytes32 stored) {
        path = keccak256(PacketPaths.commitment(lane.clientId, packet.sequence));
        stored = PacketStore.get(path);
        if (stored == 0) {
            emit Noop(lane.clientId, packet.sequence);
        } else {
            if (stored != PacketCommitments.packet(lane.counterparty, packet.timeoutTimestamp, packet.payloads))
                revert PacketDiffersFromCommitment(packet.sequence);
            PacketStore.remove(path);
        }
    }

    // ---------------------------------------------------------------------------------------------- acknowledgements

    /// @inheritdoc IPacketRouter
    function writeAcknowledgement(Packet calldata packet, bytes calldata acknowledgement) external whenNotPaused {
        if (packet.payloads.length != 1) revert AsynchronousAcknowledgementOfSeveralPayloads();
        string calldata port = packet.payloads[0].destPort;
        if (_appOf(port) != msg.sender) revert CallerDoesNotOwnPort(port, msg.sender);
        // The receipt binds all of the packet but its source, which follows from the registered counterparty.
        if (
            keccak256(bytes(packet.sourceClient)) !=
            keccak256(bytes(CounterpartyBytes.clientIdOf(_requireClient(packet.destClient).counterparty)))
        ) revert PacketFromAnotherCounterparty(packet.sourceClient);
        bytes32 receipt = PacketStore.get(keccak256(PacketPaths.receipt(packet.destClient, packet.sequence)));
        if (
            receipt == 0 ||
            receipt != PacketCommitments.packet(packet.destClient, packet.timeoutTimestamp, packet.payloads)
        ) revert PacketNotReceived(packet.sequence);
        bytes[] memory acknowledgements = new bytes[](1);
        acknowledgements[0] = acknowledgement;
        _writeAcknowledgements(packet.destClient, packet.sequence, acknowledgements);
    }

    function _writeAcknowledgements(string memory clientId, uint64 sequence, bytes[] memory values) private {
        for (uint256 i = 0; i < values.length; ++i)
            if (values[i].length == 0 || values[i].length > MAX_ACKNOWLEDGEMENT_BYTES)
                revert InvalidAcknowledgement(values[i].length);
        bytes32 path = keccak256(PacketPaths.acknowledgement(clientId, sequence));
        if (PacketStore.get(path) != 0) revert AcknowledgementAlreadyWritten(sequence);
        PacketStore.set(path, PacketCommitments.acknowledgements(values));
        emit WriteAcknowledgement(clientId, sequence, clientId, values);
    }

    /// @dev None when the application will acknowledge later.
    function _acknowledgementsOf(
        Packet calldata packet,
        bool accepted,
        bytes memory result
    ) private pure returns (bytes[] memory acknowledgements) {
        if (accepted && packet.payloads.length > 1) return abi.decode(result, (bytes[]));
        bytes memory single = accepted ? abi.decode(result, (bytes)) : bytes.concat(UNIVERSAL_ERROR_ACKNOWLEDGEMENT);
        if (single.length == 0) return acknowledgements;
        acknowledgements = new bytes[](1);
        acknowledgements[0] = single;
    }

    function _isUniversalError(bytes memory acknowledgement) private pure returns (bool) {
        return acknowledgement.length == 32 && bytes32(acknowledgement) == UNIVERSAL_ERROR_ACKNOWLEDGEMENT;
    }

    // ------------------------------------------------------------------------------------------ calling applications

    /// @dev One payload: the application's own frame and return value. Several: one frame around all, so that when one
    /// refuses the others are undone with it.
    function _callApps(
        Callback callback,
        Packet calldata packet,
        bytes[] memory acknowledgements
    ) private returns (bool ok, bytes memory result) {
        if (packet.payloads.length > 1)
            return
                _call(address(this), abi.encodeCall(this.callEach, (callback, packet, acknowledgements, msg.sender)));
        string calldata port = _portOf(callback, packet.payloads[0]);
        address app = _appOf(port);
        if (app == address(0)) return (false, abi.encodeWithSelector(PortNotBound.selector, port));
        return _call(app, _encodeCallback(callback, packet, 0, acknowledgements, msg.sender));
    }

    /// @notice The frame around the applications of a packet with several payloads. Only the router calls it.
    /// @return results The acknowledgements, when receiving.
    function callEach(
        Callback callback,
        Packet calldata packet,
        bytes[] memory acknowledgements,
        address relayer
    ) external returns (bytes[] memory results) {
        if (msg.sender != address(this)) revert CallerIsNotRouter(msg.sender);
        uint256 count = packet.payloads.length;
        results = new bytes[](callback == Callback.Receive ? count : 0);
        for (uint256 i = 0; i < count; ++i) {
            string calldata port = _portOf(callback, packet.payloads[i]);
            address app = _appOf(port);
            if (app == address(0)) revert PortNotBound(port);
            (bool ok, bytes memory result) = app.call(_encodeCallback(callback, packet, i, acknowledgements, relayer));
            if (!ok) _revertWith(result);
            if (callback != Callback.Receive) continue;
            bytes memory value = abi.decode(result, (bytes));
            // The universal error stands for all payloads, so no single one may use it; nor may one answer later.
            if (value.length == 0 || value.length > MAX_ACKNOWLEDGEMENT_BYTES / count || _isUniversalError(value))
                revert InvalidAcknowledgement(value.length);
            results[i] = value;
        }
    }

    function _portOf(Callback callback, Payload calldata payload) private pure returns (string calldata) {
        return callback == Callback.Receive ? payload.destPort : payload.sourcePort;
    }

    /// @param acknowledgements When acknowledging: one for each payload, or the universal error for all.
    function _encodeCallback(
        Callback callback,
        Packet calldata packet,
        uint256 index,
        bytes[] memory acknowledgements,
        address relayer
    ) private pure returns (bytes memory) {
        // A PacketContext is encoded like its members: from calldata, without a copy in memory to encode from.
        bytes memory context = abi.encode(
            packet.sourceClient,
            packet.destClient,
            packet.sequence,
            packet.payloads[index],
            relayer
        );
        if (callback != Callback.Acknowledge)
            return
                bytes.concat(
                    callback == Callback.Receive
                        ? IPacketApp.onRecvPacket.selector
                        : IPacketApp.onTimeoutPacket.selector,
                    bytes32(uint256(0x20)),
                    context
                );
        bytes memory acknowledgement = acknowledgements[acknowledgements.length == 1 ? 0 : index];
        // Where each of two arguments begins, and then both. What `encode` puts before the second, its place, is skipped.
        return
            bytes.concat(
                IPacketApp.onAcknowledgementPacket.selector,
                bytes32(uint256(0x40)),
                bytes32(0x60 + context.length),
                context,
                abi.encode(acknowledgement)
            );
    }

    /// @dev A failure counts only when the frame had all of CALLBACK_GAS. With less, the relayer may have caused it, even by an
    /// application that looks at its gas or swallows the failure of a deeper call.
    function _call(address target, bytes memory data) private returns (bool ok, bytes memory result) {
        uint256 available = gasleft() - gasleft() / 64;
        assembly ("memory-safe") {
            ok := call(CALLBACK_GAS, target, 0, add(data, 0x20), mload(data), 0, 0)
        }
        if (!ok && available < CALLBACK_GAS) revert GasTooLow();
        uint256 size;
        assembly ("memory-safe") {
            size := returndatasize()
        }
        if (!ok && size > MAX_REASON_BYTES) size = MAX_REASON_BYTES;
        if (ok && size > 2 * MAX_ACKNOWLEDGEMENT_BYTES) revert InvalidAcknowledgement(size);
        assembly ("memory-safe") {
            result := mload(0x40)
            mstore(result, size)
            returndatacopy(add(result, 0x20), 0, size)
            mstore(0x40, and(add(add(result, 0x3f), size), not(0x1f)))
        }
    }

    function _revertWith(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    // --------------------------------------------------------------------------------------------------------- other

    /// @inheritdoc IPacketRouter
    function getCommitment(bytes32 hashedPath) external view returns (bytes32) {
        return PacketStore.get(hashedPath);
    }

    function _freeMemory() private pure returns (uint256 free) {
        assembly ("memory-safe") {
            free := mload(0x40)
        }
    }

    /// @dev Nothing that one message of a batch put into memory is used by the next: without this, memory grows with the
    /// batch, and its price with the square of the batch.
    function _resetMemory(uint256 free) private pure {
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }
}

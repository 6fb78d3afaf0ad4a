// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {
    EmptyMessage,
    MalformedPacketData,
    ReceiverMissing,
    ReceiverNotAllowed,
    ReceiverTooLong,
    ResultTooLong
} from "../../errors/AppErrors.sol";
import {IMessageApp} from "../../interfaces/IMessageApp.sol";
import {IMessageReceiver} from "../../interfaces/IMessageReceiver.sol";
import {IMessageSender} from "../../interfaces/IMessageSender.sol";
import {IPacketApp, PacketContext} from "../../interfaces/IPacketApp.sol";
import {IPacketRouter} from "../../interfaces/IPacketRouter.sol";
import {UNIVERSAL_ERROR_ACKNOWLEDGEMENT} from "../../store/PacketCommitments.sol";
import {Payload} from "../../types/Packet.sol";
import {HexAddress} from "../encoding/HexAddress.sol";
import {RouterApp} from "../RouterApp.sol";
import {MessageData, MessageDataCodec, MessageResult} from "./MessageData.sol";

/// @title General messages between contracts of different chains
/// @notice A message chooses which contract is called, never which function of it: that is `IMessageReceiver.onMessage`
/// always. The packet core, its applications and the contract that decides about roles are never called, so no message
/// can administer anything. This contract holds no tokens, allowances or roles.
contract MessageApp is IMessageApp, RouterApp {
    string private constant PORT = "gmpport";
    string private constant VERSION = "ics27-2";
    uint256 private constant MAX_RECEIVER_BYTES = 2_048;
    uint256 private constant MAX_RESULT_BYTES = 16_384;

    /// @dev An explicit list rather than ERC-165, whose query fails silently when a relayer brings too little gas.
    mapping(address sender => bool) private _subscribed;

    constructor(IPacketRouter router_) RouterApp(router_) {}

    /// @inheritdoc IMessageApp
    function sendMessage(
        string calldata clientId,
        string calldata receiver,
        bytes calldata payload,
        uint64 timeoutTimestamp
    ) external returns (uint64 sequence) {
        if (payload.length == 0) revert EmptyMessage();
        if (bytes(receiver).length == 0) revert ReceiverMissing();
        if (bytes(receiver).length > MAX_RECEIVER_BYTES)
            revert ReceiverTooLong(bytes(receiver).length, MAX_RECEIVER_BYTES);
        Payload[] memory payloads = new Payload[](1);
        payloads[0] = Payload(
            PORT,
            PORT,
            VERSION,
            ABI_ENCODING,
            abi.encode(MessageData(HexAddress.write(msg.sender), receiver, "", payload, ""))
        );
        return router.sendPacket(clientId, timeoutTimestamp, payloads);
    }

    /// @inheritdoc IMessageApp
    function subscribeToResults(bool subscribed) external {
        _subscribed[msg.sender] = subscribed;
    }

    /// @inheritdoc IPacketApp
    function onRecvPacket(PacketContext calldata context) external onlyRouter returns (bytes memory) {
        _requirePayload(context.payload, keccak256(bytes(PORT)), keccak256(bytes(VERSION)));
        (bytes calldata sender, bytes calldata receiverText, bytes calldata payload) = MessageDataCodec.decode(
            context.payload.value
        );
        if (payload.length == 0) revert EmptyMessage();
        (bool ok, address receiver) = HexAddress.tryParse(receiverText);
        if (!ok || !_mayReceive(receiver)) revert ReceiverNotAllowed(string(receiverText));
        bytes memory result = IMessageReceiver(receiver).onMessage(context.destClient, string(sender), payload);
        if (result.length > MAX_RESULT_BYTES) revert ResultTooLong(result.length, MAX_RESULT_BYTES);
        return abi.encode(MessageResult(result));
    }

    /// @inheritdoc IPacketApp
    function onAcknowledgementPacket(
        PacketContext calldata context,
        bytes calldata acknowledgement
    ) external onlyRouter {
        if (acknowledgement.length == 32 && bytes32(acknowledgement) == UNIVERSAL_ERROR_ACKNOWLEDGEMENT)
            _settle(context, false, acknowledgement[:0]);
        else _settle(context, true, MessageDataCodec.decodeResult(acknowledgement));
    }

    /// @inheritdoc IPacketApp
    function onTimeoutPacket(PacketContext calldata context) external onlyRouter {
        _settle(context, false, context.payload.value[:0]);
    }

    function _settle(PacketContext calldata context, bool success, bytes calldata result) private {
        (bytes calldata senderText, , ) = MessageDataCodec.decode(context.payload.value);
        (bool ok, address sender) = HexAddress.tryParseLower(senderText);
        if (!ok) revert MalformedPacketData();
        if (_subscribed[sender])
            IMessageSender(sender).onMessageResult(context.sourceClient, context.sequence, success, result);
    }

    function _mayReceive(address receiver) private view returns (bool) {
        return
            receiver.code.length != 0 &&
            receiver != address(router) &&
            !router.isApp(receiver) &&
            receiver != IAccessManaged(address(router)).authority();
    }
}

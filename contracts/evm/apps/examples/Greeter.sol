// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IMessageApp} from "../../interfaces/IMessageApp.sol";
import {IMessageReceiver} from "../../interfaces/IMessageReceiver.sol";
import {IMessageSender} from "../../interfaces/IMessageSender.sol";

/// @title The smallest useful contract on both ends of a message: greets another chain and answers its greetings
/// @notice It takes greetings from everybody. A contract with something to lose compares `clientId` and `sender` first.
contract Greeter is IMessageReceiver, IMessageSender {
    event Greeted(string clientId, string sender, string greeting);
    event Answered(string clientId, uint64 sequence, bool success, string reply);

    error CallerIsNotMessageApp(address caller);
    error NothingToSay();

    IMessageApp public immutable messageApp;
    string public lastGreeting;
    string public lastReply;
    uint256 public greetings;

    modifier onlyMessageApp() {
        if (msg.sender != address(messageApp)) revert CallerIsNotMessageApp(msg.sender);
        _;
    }

    constructor(IMessageApp messageApp_) {
        messageApp = messageApp_;
        messageApp_.subscribeToResults(true);
    }

    function greet(
        string calldata clientId,
        string calldata receiver,
        string calldata greeting,
        uint64 timeoutTimestamp
    ) external returns (uint64 sequence) {
        return messageApp.sendMessage(clientId, receiver, bytes(greeting), timeoutTimestamp);
    }

    /// @inheritdoc IMessageReceiver
    function onMessage(
        string calldata clientId,
        string calldata sender,
        bytes calldata payload
    ) external onlyMessageApp returns (bytes memory result) {
        if (payload.length == 0) revert NothingToSay();
        lastGreeting = string(payload);
        ++greetings;
        emit Greeted(clientId, sender, string(payload));
        return bytes.concat("You said: ", payload);
    }

    /// @inheritdoc IMessageSender
    function onMessageResult(
        string calldata clientId,
        uint64 sequence,
        bool success,
        bytes calldata result
    ) external onlyMessageApp {
        lastReply = string(result);
        emit Answered(clientId, sequence, success, string(result));
    }
}

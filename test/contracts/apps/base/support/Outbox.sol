// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MessageEnd} from "../../../../../contracts/evm/apps/base/MessageEnd.sol";
import {MessageSender} from "../../../../../contracts/evm/apps/base/MessageSender.sol";
import {IMessageApp} from "../../../../../contracts/evm/interfaces/IMessageApp.sol";
import {ForeignAccount} from "../../../../../contracts/evm/types/ForeignAccount.sol";

/// @title Sends what it is told to, and counts how each message ended
contract Outbox is MessageSender {
    error NotNow();

    uint256 public answered;
    uint256 public failed;
    uint256 public late;
    bytes public lastAnswer;
    bool public closed;
    bytes public strike;
    bytes public struck;
    address public target;
    mapping(uint64 sequence => uint256) public ends;

    constructor(IMessageApp messageApp_) MessageEnd(messageApp_) {}

    function send(ForeignAccount calldata to, bytes calldata payload, uint64 lifetime) external returns (uint64) {
        return _send(to, payload, lifetime);
    }

    /// @dev Past the send helper, so that nobody knows of the message.
    function sendPast(ForeignAccount calldata to, bytes calldata payload) external returns (uint64) {
        return messageApp.sendMessage(to.clientId, to.account, payload, uint64(block.timestamp + 1 hours));
    }

    function setClosed(bool closed_) external {
        closed = closed_;
    }

    function arm(address target_, bytes calldata strike_) external {
        (target, strike) = (target_, strike_);
    }

    function _onAnswer(string calldata, uint64 sequence, bytes calldata answer) internal override {
        _end(sequence);
        ++answered;
        lastAnswer = answer;
    }

    function _onFailure(string calldata, uint64 sequence, bool timeoutPassed) internal override {
        _end(sequence);
        ++failed;
        if (timeoutPassed) ++late;
    }

    function _end(uint64 sequence) private {
        if (closed) revert NotNow();
        ++ends[sequence];
        if (target != address(0)) (, struck) = target.call(strike);
    }
}

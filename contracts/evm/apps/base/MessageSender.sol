// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MessageNotPending} from "../../errors/MessageErrors.sol";
import {IMessageSender} from "../../interfaces/IMessageSender.sol";
import {ForeignAccount} from "../../types/ForeignAccount.sol";
import {MessageEnd} from "./MessageEnd.sol";

/// @title For contracts that send messages and want to know what became of them: inherit, `_send`, and hear the end
/// @notice Each message ends once, by `_onAnswer` or by `_onFailure`. A client id and a sequence name it.
///
/// Failing. A message that was refused and one that timed out look alike: neither did anything on the other chain, and the
/// message application says no more. Before the timeout it was refused; after it, either (give or take what the clocks of two
/// chains differ by, and the timeout is on the other's).
///
/// Reverting in `_onAnswer` or `_onFailure` leaves the message pending: it can be brought again, by anyone, at any time. An answer
/// that can never be read stays pending for ever, so treat one of the wrong size as an answer without meaning.
///
/// Gas. Sending stores one slot (22,100), which the end frees. Both hooks run within the packet's 4,000,000.
abstract contract MessageSender is IMessageSender, MessageEnd {
    mapping(bytes32 hashedClientId => mapping(uint64 sequence => uint64 timeoutTimestamp)) private _pending;

    constructor() {
        messageApp.subscribeToResults(true);
    }

    /// @inheritdoc IMessageSender
    function onMessageResult(
        string calldata clientId,
        uint64 sequence,
        bool success,
        bytes calldata result
    ) external onlyMessageApp {
        mapping(uint64 => uint64) storage pending = _pending[keccak256(bytes(clientId))];
        uint64 timeoutTimestamp = pending[sequence];
        if (timeoutTimestamp == 0) revert MessageNotPending(clientId, sequence);
        delete pending[sequence];
        if (success) _onAnswer(clientId, sequence, result);
        else _onFailure(clientId, sequence, block.timestamp >= timeoutTimestamp);
    }

    /// @notice Whether a message was sent of which the end is not known yet.
    function isPending(string calldata clientId, uint64 sequence) external view returns (bool) {
        return _pending[keccak256(bytes(clientId))][sequence] != 0;
    }

    /// @notice Sends a message; there is no fee.
    /// @param to Whose answer is believed: choose it, do not let a caller choose it.
    /// @param lifetime Seconds until it times out, up to a day. Allow for finality: minutes to a quarter of an hour.
    function _send(ForeignAccount memory to, bytes memory payload, uint64 lifetime) internal returns (uint64 sequence) {
        uint64 timeoutTimestamp = uint64(block.timestamp) + lifetime;
        sequence = messageApp.sendMessage(to.clientId, to.account, payload, timeoutTimestamp);
        _pending[keccak256(bytes(to.clientId))][sequence] = timeoutTimestamp;
    }

    /// @notice The receiver carried the message out and answered.
    function _onAnswer(string calldata clientId, uint64 sequence, bytes calldata answer) internal virtual;

    /// @notice The message did nothing, and never will.
    /// @param timeoutPassed Whether its timeout is over on this chain's clock.
    function _onFailure(string calldata clientId, uint64 sequence, bool timeoutPassed) internal virtual;
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A contract that wants to know what became of the messages it sent
/// @notice Called only after `subscribeToResults(true)`. Implementations must check that the caller is the message application.
interface IMessageSender {
    /// @notice Reverting leaves the message unsettled: the result may be delivered again.
    /// @param success False when the receiver refused the message or it timed out.
    /// @param result What the receiver returned; empty without success.
    function onMessageResult(string calldata clientId, uint64 sequence, bool success, bytes calldata result) external;
}

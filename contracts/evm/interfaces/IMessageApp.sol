// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ICS-27 GMP: general messages over the packet router
interface IMessageApp {
    /// @notice Calls a contract on the counterparty in the caller's name.
    /// @param receiver The contract's address, in the counterparty's notation.
    /// @param timeoutTimestamp Unix seconds on the counterparty's clock, after now and at most a day ahead.
    function sendMessage(
        string calldata clientId,
        string calldata receiver,
        bytes calldata payload,
        uint64 timeoutTimestamp
    ) external returns (uint64 sequence);

    /// @notice Says whether the calling contract implements IMessageSender and wants the results of its messages.
    function subscribeToResults(bool subscribed) external;
}

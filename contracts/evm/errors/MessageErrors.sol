// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Why a contract that sends or receives messages refuses something, as sentences.

error CallerIsNotMessageApp(address caller);

/// @dev Of a message: nobody said that its sender is accepted.
error SenderNotAccepted(string clientId, string account);

/// @dev Of a result: no message with that sequence waits for one.
error MessageNotPending(string clientId, uint64 sequence);

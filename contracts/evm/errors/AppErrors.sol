// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Why an application refuses to send, or to accept what it received, as sentences.

// Every application.
error UnexpectedPort(string port);
error UnexpectedVersion(string version);
error UnexpectedEncoding(string encoding);
error MalformedPacketData();
error MalformedAcknowledgement();
error ReceiverTooLong(uint256 size, uint256 allowed);
error ReceiverMissing();
error ReceiverNotAllowed(string receiver);

// Transfers.
error ZeroAmount();
error MemoTooLong(uint256 size, uint256 allowed);
error InvalidDenom();
error UnknownDenom(string denom);
error TokenTookFee(address token, uint256 expected, uint256 arrived);
error EscrowTooLow(string clientId, address token, uint256 escrowed, uint256 amount);
error RateLimitExceeded(uint256 amount, uint256 available);
error CallerIsNotTransferApp(address caller);

// Messages.
error EmptyMessage();
error ResultTooLong(uint256 size, uint256 allowed);

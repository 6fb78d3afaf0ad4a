// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ICS-20 v2 token transfer over the packet router
interface ITransferApp {
    event VoucherCreated(string clientId, address voucher, string trace);
    event RateLimitSet(string clientId, address token, uint112 perDay);
    event RateLimitRemoved(string clientId, address token);

    /// @notice Sends the caller's tokens. Local tokens are escrowed and need an allowance; vouchers going back where they came
    /// from are burnt.
    /// @param receiver Address on the counterparty, in its own notation.
    /// @param timeoutTimestamp Unix seconds on the counterparty's clock, after now and at most a day ahead.
    function sendTransfer(
        string calldata clientId,
        address token,
        uint256 amount,
        string calldata receiver,
        uint64 timeoutTimestamp,
        string calldata memo
    ) external returns (uint64 sequence);

    /// @notice Limits what may arrive over a light client in one token, minted or released, in its smallest unit per day.
    /// Zero stops it. There is no limit until one is set. Refunds never count.
    function setRateLimit(string calldata clientId, address token, uint112 perDay) external;

    function removeRateLimit(string calldata clientId, address token) external;

    /// @notice How much may arrive now; the largest number when there is no limit.
    function available(string calldata clientId, address token) external view returns (uint256);

    /// @notice How much of a local token was sent over a light client and has not come back.
    function escrowed(string calldata clientId, address token) external view returns (uint256);

    /// @notice The voucher for a denom as the counterparty names it, whether it exists yet or not.
    function voucherOf(string calldata clientId, string calldata denom) external view returns (address);

    function isVoucher(address token) external view returns (bool);
}

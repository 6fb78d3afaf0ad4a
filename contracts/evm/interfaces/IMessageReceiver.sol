// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A contract that takes messages from other chains
/// @notice Implementations must check that the caller is the message application, and whom they accept messages from: a
/// sender means something only together with the client id it came over.
interface IMessageReceiver {
    /// @notice Reverting refuses the message; its sender learns that, not why.
    /// @param clientId This chain's light client of the chain the message came from.
    /// @param sender Who sent it there, in that chain's notation; lower-case hexadecimal for EVM chains.
    /// @return result Carried back to the sender in the acknowledgement; at most 16 KiB.
    function onMessage(
        string calldata clientId,
        string calldata sender,
        bytes calldata payload
    ) external returns (bytes memory result);
}

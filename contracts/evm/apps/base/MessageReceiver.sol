// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SenderNotAccepted} from "../../errors/MessageErrors.sol";
import {IMessageReceiver} from "../../interfaces/IMessageReceiver.sol";
import {ForeignAccount} from "../../types/ForeignAccount.sol";
import {MessageEnd} from "./MessageEnd.sol";

/// @title For contracts that receive messages: inherit, accept senders, and say in `_onMessage` what a message does
/// @notice A message gets through to `_onMessage` when the message application brings it and its sender was accepted, by client
/// id and account together. Nobody is at first. `onMessage` cannot be overridden.
///
/// Refusing. A revert with a reason refuses the message: its sender learns that it failed, not why. A revert without one
/// (`abi.decode` of other bytes, a failed `transfer` of ether, no gas left) leaves it to be delivered again until it times
/// out: check sizes before decoding, and give reasons.
///
/// Gas. A packet's applications have 4,000,000 together, of which some 90,000 are used before `_onMessage` begins. A
/// relayer that brings less changes nothing: the message is as before, and comes again with all of it.
///
/// Order. Messages may arrive in any order. Each arrives once; what is sent anew after a timeout is another message.
abstract contract MessageReceiver is IMessageReceiver, MessageEnd {
    event SenderAccepted(string clientId, string account);
    event SenderDropped(string clientId, string account);

    mapping(bytes32 account => bool) private _accepted;

    /// @inheritdoc IMessageReceiver
    function onMessage(
        string calldata clientId,
        string calldata sender,
        bytes calldata payload
    ) external onlyMessageApp returns (bytes memory answer) {
        ForeignAccount memory from = ForeignAccount(clientId, sender);
        if (!_accepts(from)) revert SenderNotAccepted(clientId, sender);
        return _onMessage(from, payload);
    }

    function accepts(ForeignAccount calldata sender) external view returns (bool) {
        return _accepts(sender);
    }

    /// @param from Has been accepted.
    /// @return answer For the sender, at most 16 KiB: `abi.encode` of whatever both ends agree on.
    function _onMessage(
        ForeignAccount memory from,
        bytes calldata payload
    ) internal virtual returns (bytes memory answer);

    /// @dev Look at the light client behind the client id first: what it was created from, and who may replace it.
    function _accept(ForeignAccount memory sender) internal {
        _accepted[sender.key()] = true;
        emit SenderAccepted(sender.clientId, sender.account);
    }

    function _drop(ForeignAccount memory sender) internal {
        _accepted[sender.key()] = false;
        emit SenderDropped(sender.clientId, sender.account);
    }

    /// @dev Override to accept by another rule. Accepting everybody is a rule, too: then write it down, here.
    function _accepts(ForeignAccount memory sender) internal view virtual returns (bool) {
        return _accepted[sender.key()];
    }
}

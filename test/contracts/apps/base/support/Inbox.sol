// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MessageEnd} from "../../../../../contracts/evm/apps/base/MessageEnd.sol";
import {MessageReceiver} from "../../../../../contracts/evm/apps/base/MessageReceiver.sol";
import {IMessageApp} from "../../../../../contracts/evm/interfaces/IMessageApp.sol";
import {ForeignAccount} from "../../../../../contracts/evm/types/ForeignAccount.sol";

/// @title Receives what it accepted, and does what the first letter says
/// @notice "r" reverts with a reason, "q" without one, "d" decodes a number from the rest, "g" burns three million gas, "s" strikes:
/// makes the call it was armed with, "n" answers with how much gas there is. Whatever is left is echoed.
contract Inbox is MessageReceiver {
    error Refused(bytes payload);

    uint256 public received;
    string public lastClientId;
    string public lastAccount;
    bytes public strike;
    address public target;
    uint256 private _sink;

    constructor(IMessageApp messageApp_) MessageEnd(messageApp_) {}

    function accept(ForeignAccount memory sender) external {
        _accept(sender);
    }

    function drop(ForeignAccount memory sender) external {
        _drop(sender);
    }

    function arm(address target_, bytes calldata strike_) external {
        (target, strike) = (target_, strike_);
    }

    function _onMessage(ForeignAccount memory from, bytes calldata payload) internal override returns (bytes memory) {
        uint256 gas_ = gasleft();
        ++received;
        (lastClientId, lastAccount) = (from.clientId, from.account);
        bytes1 letter = payload[0];
        if (letter == "r") revert Refused(payload);
        if (letter == "q")
            assembly ("memory-safe") {
                revert(0, 0)
            }
        if (letter == "d") return abi.encode(abi.decode(payload[1:], (uint256)));
        if (letter == "g") for (uint256 end = gasleft() - 3_000_000; gasleft() > end; ++_sink) {}
        if (letter == "n") return abi.encode(gas_);
        if (letter == "s") {
            (, bytes memory result) = target.call(strike);
            return result;
        }
        return payload;
    }
}

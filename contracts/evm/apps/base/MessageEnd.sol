// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CallerIsNotMessageApp} from "../../errors/MessageErrors.sol";
import {IMessageApp} from "../../interfaces/IMessageApp.sol";

/// @title What both ends of a message have in common: the application that carries it
abstract contract MessageEnd {
    IMessageApp public immutable messageApp;

    modifier onlyMessageApp() {
        if (msg.sender != address(messageApp)) revert CallerIsNotMessageApp(msg.sender);
        _;
    }

    constructor(IMessageApp messageApp_) {
        messageApp = messageApp_;
    }
}

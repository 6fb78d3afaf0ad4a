// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DemoToken} from "../../../contracts/evm/apps/examples/DemoToken.sol";

/// @title A token that moves nothing while it is closed, and says so
contract MoodyToken is DemoToken {
    error Closed();

    bool public closed;

    constructor(uint256 supply) DemoToken("Moody", "MOOD", supply) {}

    function setClosed(bool closed_) external {
        closed = closed_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (closed) revert Closed();
        super._update(from, to, amount);
    }
}

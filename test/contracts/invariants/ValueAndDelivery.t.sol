// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {InvariantsCanFail} from "./InvariantsCanFail.sol";

/// @title Random histories of two chains, two lanes between them and a hostile third, checked after every step
/// @dev The tests of actions and invariants are part of it, because what they share takes longer to compile than to run.
contract ValueAndDeliveryTest is InvariantsCanFail {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(this);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        bytes4[21] memory actions = [
            this.transfer.selector,
            this.write.selector,
            this.close.selector,
            this.pass.selector,
            this.passUntil.selector,
            this.drift.selector,
            this.receivePacket.selector,
            this.receiveTimedOut.selector,
            this.race.selector,
            this.acknowledge.selector,
            this.timeOut.selector,
            this.timeOutReceived.selector,
            this.relayAll.selector,
            this.alter.selector,
            this.redirect.selector,
            this.pause.selector,
            this.freeze.selector,
            this.limit.selector,
            this.claimSent.selector,
            this.claimOutcome.selector,
            this.claimOutcomeOfOthers.selector
        ];
        bytes4[] memory selectors = new bytes4[](actions.length);
        for (uint256 i = 0; i < actions.length; ++i) selectors[i] = actions[i];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(this), selectors);
    }

    /// hardhat-config: invariant.runs = 64
    /// hardhat-config: invariant.depth = 60
    /// hardhat-config: invariant.fail-on-revert = true
    function invariant_ValueAndDelivery() public view {
        checkBacking();
        checkHoldings();
        checkDelivery();
        checkStillness();
    }
}

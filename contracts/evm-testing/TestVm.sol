// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The cheat codes this folder uses, of Hardhat's Solidity tests and of forge
interface TestVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    function prank(address caller) external;
    function warp(uint256 timestamp) external;
    function mockCall(address callee, bytes calldata data, bytes calldata returned) external;
    function mockCallRevert(address callee, bytes calldata data, bytes calldata reason) external;
}

TestVm constant testVm = TestVm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

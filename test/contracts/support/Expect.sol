// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Assertions that say what differed
abstract contract Expect {
    error NotEqual(string what, bytes32 actual, bytes32 expected);
    error NotEqualBytes(string what, bytes actual, bytes expected);
    error NotTrue(string what);

    function equal(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert NotEqual(what, bytes32(actual), bytes32(expected));
    }

    function equal(bytes32 actual, bytes32 expected, string memory what) internal pure {
        if (actual != expected) revert NotEqual(what, actual, expected);
    }

    function equal(address actual, address expected, string memory what) internal pure {
        equal(uint256(uint160(actual)), uint256(uint160(expected)), what);
    }

    function equal(bytes memory actual, bytes memory expected, string memory what) internal pure {
        if (keccak256(actual) != keccak256(expected)) revert NotEqualBytes(what, actual, expected);
    }

    function equal(string memory actual, string memory expected, string memory what) internal pure {
        equal(bytes(actual), bytes(expected), what);
    }

    function isTrue(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }
}

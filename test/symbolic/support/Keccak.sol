// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev What the checked copies of contracts call instead of the sha256 precompile (scripts/analysis/stand-ins.ts).
address constant HASH = address(0x100002);

/// @notice Answers with the keccak256 of what it is called with. Halmos 0.3.3 cannot take unknown bytes through the sha256 precompile;
/// where each input goes is the same for any hash.
contract Keccak {
    fallback(bytes calldata input) external returns (bytes memory) {
        return abi.encodePacked(keccak256(input));
    }
}

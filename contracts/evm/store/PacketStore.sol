// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The part of storage that counterparties prove against
/// @dev ERC-7201 namespace `ibc.storage.IBCStore`, the one that light clients on Cosmos chains already know. Its first and only
/// member maps keccak256(path) to 32 bytes, so a path's slot is keccak256(keccak256(path) ‖ SLOT).
library PacketStore {
    bytes32 internal constant SLOT = 0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600;

    struct Layout {
        mapping(bytes32 hashedPath => bytes32) commitments;
    }

    function _layout() private pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := SLOT
        }
    }

    function get(bytes32 hashedPath) internal view returns (bytes32) {
        return _layout().commitments[hashedPath];
    }

    function set(bytes32 hashedPath, bytes32 value) internal {
        _layout().commitments[hashedPath] = value;
    }

    function remove(bytes32 hashedPath) internal {
        delete _layout().commitments[hashedPath];
    }
}

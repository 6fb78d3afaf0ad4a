// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A counterparty's client id and Merkle prefix in one byte string
/// @notice Each part after its length in two bytes, the client id first. What counterparties have fits into one storage slot, where
/// a string and an array take three: every delivery reads it.
library CounterpartyBytes {
    function encode(
        string calldata clientId,
        bytes[] calldata merklePrefix
    ) internal pure returns (bytes memory packed) {
        packed = abi.encodePacked(uint16(bytes(clientId).length), clientId);
        for (uint256 i = 0; i < merklePrefix.length; ++i)
            packed = bytes.concat(packed, bytes2(uint16(merklePrefix[i].length)), merklePrefix[i]);
    }

    /// @return clientId The first part.
    /// @return storePrefix All elements of the Merkle prefix but the last.
    /// @return pathPrefix The last one, which paths begin with.
    function decode(
        bytes memory packed
    ) internal pure returns (string memory clientId, bytes[] memory storePrefix, bytes memory pathPrefix) {
        uint256 count = 0;
        for (uint256 at_ = 0; at_ < packed.length; at_ += 2 + _size(packed, at_)) ++count;
        if (count == 0) return (clientId, storePrefix, pathPrefix);
        uint256 cursor = 0;
        clientId = string(_part(packed, cursor));
        storePrefix = new bytes[](count - 2);
        for (uint256 i = 0; i < storePrefix.length; ++i) {
            cursor += 2 + _size(packed, cursor);
            storePrefix[i] = _part(packed, cursor);
        }
        pathPrefix = _part(packed, cursor + 2 + _size(packed, cursor));
    }

    /// @notice The client id alone; empty when there is no counterparty yet.
    function clientIdOf(bytes memory packed) internal pure returns (string memory) {
        return packed.length == 0 ? "" : string(_part(packed, 0));
    }

    function _size(bytes memory packed, uint256 position) private pure returns (uint256 size) {
        assembly ("memory-safe") {
            size := shr(240, mload(add(add(packed, 0x20), position)))
        }
    }

    function _part(bytes memory packed, uint256 position) private pure returns (bytes memory part) {
        uint256 size = _size(packed, position);
        part = new bytes(size);
        assembly ("memory-safe") {
            mcopy(add(part, 0x20), add(add(packed, 0x22), position), size)
        }
    }
}

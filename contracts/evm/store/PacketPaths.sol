// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Where a packet's commitment, receipt and acknowledgement are stored
/// @dev ibc-go 24-host/v2/packet_keys.go: client id, one byte for the kind, the sequence as eight big-endian bytes.
library PacketPaths {
    /// @param sourceClient The client id on the chain that sent the packet, which holds the commitment.
    function commitment(string memory sourceClient, uint64 sequence) internal pure returns (bytes memory) {
        return abi.encodePacked(sourceClient, bytes1(0x01), sequence);
    }

    /// @param destClient The client id on the chain that receives the packet, which holds the receipt.
    function receipt(string memory destClient, uint64 sequence) internal pure returns (bytes memory) {
        return abi.encodePacked(destClient, bytes1(0x02), sequence);
    }

    /// @param destClient The client id on the chain that receives the packet, which holds the acknowledgement.
    function acknowledgement(string memory destClient, uint64 sequence) internal pure returns (bytes memory) {
        return abi.encodePacked(destClient, bytes1(0x03), sequence);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Payload} from "../types/Packet.sol";

/// @dev sha256("UNIVERSAL_ERROR_ACKNOWLEDGEMENT"): stands alone in place of the applications' acknowledgements when any refused.
bytes32 constant UNIVERSAL_ERROR_ACKNOWLEDGEMENT = 0x4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab;

/// @title What is stored for packets and acknowledgements
/// @dev ibc-go 04-channel/v2/types/commitment.go, byte for byte.
library PacketCommitments {
    /// @dev Sequence and source client are bound by the path the commitment is stored under.
    function packet(
        string memory destClient,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](payloads.length);
        for (uint256 i = 0; i < payloads.length; ++i) hashes[i] = _payload(payloads[i]);
        return
            sha256(
                abi.encodePacked(
                    bytes1(0x02),
                    sha256(bytes(destClient)),
                    sha256(abi.encodePacked(timeoutTimestamp)),
                    sha256(abi.encodePacked(hashes))
                )
            );
    }

    function acknowledgements(bytes[] memory values) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](values.length);
        for (uint256 i = 0; i < values.length; ++i) hashes[i] = sha256(values[i]);
        return sha256(abi.encodePacked(bytes1(0x02), hashes));
    }

    function _payload(Payload calldata payload) private pure returns (bytes32) {
        return
            sha256(
                abi.encodePacked(
                    sha256(bytes(payload.sourcePort)),
                    sha256(bytes(payload.destPort)),
                    sha256(bytes(payload.version)),
                    sha256(bytes(payload.encoding)),
                    sha256(payload.value)
                )
            );
    }
}

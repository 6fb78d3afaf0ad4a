// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Sha256Failed} from "../errors/PacketRouterErrors.sol";
import {Payload} from "../types/Packet.sol";

/// @dev sha256("UNIVERSAL_ERROR_ACKNOWLEDGEMENT"): stands alone in place of the applications' acknowledgements when any refused.
bytes32 constant UNIVERSAL_ERROR_ACKNOWLEDGEMENT = 0x4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab;

/// @title What is stored for packets and acknowledgements
/// @notice ibc-go 04-channel/v2/types/commitment.go, byte for byte. Works in unused memory and leaves none of it taken;
/// `test/contracts/router/support/ReferenceCommitments.sol` says the same in plain Solidity.
library PacketCommitments {
    /// @dev Sequence and source client are bound by the path the commitment is stored under.
    function packet(
        string memory destClient,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) internal view returns (bytes32 hash) {
        uint256 hashes = _free();
        uint256 end = hashes + 32 * payloads.length;
        for (uint256 i = 0; i < payloads.length; ++i) _payload(hashes + 32 * i, end, payloads[i]);
        assembly ("memory-safe") {
            mstore8(end, 0x02)
            mstore(add(end, 0x21), shl(192, timeoutTimestamp))
        }
        _sha256(end + 0x21, end + 0x21, 8);
        _sha256(end + 0x41, hashes, 32 * payloads.length);
        uint256 client;
        uint256 size = bytes(destClient).length;
        assembly ("memory-safe") {
            client := add(destClient, 0x20)
        }
        _sha256(end + 0x01, client, size);
        _sha256(end, end, 0x61);
        assembly ("memory-safe") {
            hash := mload(end)
        }
    }

    function acknowledgements(bytes[] memory values) internal view returns (bytes32 hash) {
        uint256 start = _free();
        assembly ("memory-safe") {
            mstore8(start, 0x02)
        }
        for (uint256 i = 0; i < values.length; ++i) {
            bytes memory value = values[i];
            uint256 content;
            assembly ("memory-safe") {
                content := add(value, 0x20)
            }
            _sha256(start + 1 + 32 * i, content, value.length);
        }
        _sha256(start, start, 1 + 32 * values.length);
        assembly ("memory-safe") {
            hash := mload(start)
        }
    }

    /// @param out Where the payload's hash goes.
    /// @param buffer Unused memory.
    function _payload(uint256 out, uint256 buffer, Payload calldata payload) private view {
        _copySha256(buffer, bytes(payload.sourcePort));
        _copySha256(buffer + 0x20, bytes(payload.destPort));
        _copySha256(buffer + 0x40, bytes(payload.version));
        _copySha256(buffer + 0x60, bytes(payload.encoding));
        _copySha256(buffer + 0x80, payload.value);
        _sha256(out, buffer, 0xa0);
    }

    function _free() private pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := mload(0x40)
        }
    }

    /// @dev Uses the memory from `out` on.
    function _copySha256(uint256 out, bytes calldata content) private view {
        assembly ("memory-safe") {
            calldatacopy(out, content.offset, content.length)
        }
        _sha256(out, out, content.length);
    }

    function _sha256(uint256 out, uint256 start, uint256 size) private view {
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 2, start, size, out, 0x20)
        }
        if (!ok) revert Sha256Failed();
    }
}

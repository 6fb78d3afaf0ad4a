// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PacketCommitments} from "../../../../contracts/evm/store/PacketCommitments.sol";
import {Payload} from "../../../../contracts/evm/types/Packet.sol";

/// @title PacketCommitments in plain Solidity, as ibc-go's code reads
contract ReferenceCommitments {
    function packet(
        string memory destClient,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) external pure returns (bytes32) {
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

    function acknowledgements(bytes[] memory values) external pure returns (bytes32) {
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

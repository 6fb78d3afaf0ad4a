// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PacketCommitments} from "../../contracts/evm/store/PacketCommitments.sol";
import {Payload} from "../../contracts/evm/types/Packet.sol";
import {vm} from "../contracts/support/Vm.sol";
import {HASH, Keccak} from "./support/Keccak.sol";

/// @title Commitments as ibc-go writes them, with keccak256 in the place of sha256
contract PacketCommitmentsCheck {
    constructor() {
        vm.etch(HASH, type(Keccak).runtimeCode);
    }

    /// One payload and two, whose members have sizes from nothing to more than a word.
    /// @custom:halmos --default-bytes-lengths 33
    function check_packet(bytes calldata content, bytes32 client, uint64 timeout) external view {
        for (uint256 count = 1; count <= 2; count++) {
            Payload[] memory payloads = new Payload[](count);
            bytes memory hashes;
            for (uint256 i = 0; i < count; i++) {
                payloads[i] = Payload(
                    string(content[:1 + i]),
                    string(content[2:]),
                    string(content[:32]),
                    string(content[7:7]),
                    content[1 - i:]
                );
                bytes memory members = abi.encodePacked(
                    keccak256(bytes(payloads[i].sourcePort)),
                    keccak256(bytes(payloads[i].destPort)),
                    keccak256(bytes(payloads[i].version)),
                    keccak256(bytes(payloads[i].encoding)),
                    keccak256(payloads[i].value)
                );
                hashes = bytes.concat(hashes, keccak256(members));
            }
            bytes memory id = abi.encodePacked(client, bytes5(content));
            bytes memory whole = abi.encodePacked(
                keccak256(id),
                keccak256(abi.encodePacked(timeout)),
                keccak256(hashes)
            );
            bytes32 expected = keccak256(abi.encodePacked(bytes1(0x02), whole));
            assert(this.packet(string(id), timeout, payloads) == expected);
        }
    }

    /// @custom:halmos --default-bytes-lengths 65
    function check_acknowledgements(bytes calldata content) external view {
        bytes[] memory values = new bytes[](3);
        (values[0], values[1], values[2]) = (content[:1], content, content[33:]);
        bytes memory hashes = abi.encodePacked(keccak256(values[0]), keccak256(values[1]), keccak256(values[2]));
        bytes32 hash = PacketCommitments.acknowledgements(values);
        assert(hash == keccak256(abi.encodePacked(bytes1(0x02), hashes)));
    }

    function packet(string memory id, uint64 timeout, Payload[] calldata payloads) external view returns (bytes32) {
        return PacketCommitments.packet(id, timeout, payloads);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TransferData} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {PacketPaths} from "../../../contracts/evm/store/PacketPaths.sol";
import {PacketStore} from "../../../contracts/evm/store/PacketStore.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {Expect} from "../support/Expect.sol";
import {Shipped} from "../support/Shipped.sol";
import {vm} from "../support/Vm.sol";
import {CommitmentsHarness} from "./support/CommitmentsHarness.sol";
import {ReferenceCommitments} from "./support/ReferenceCommitments.sol";

/// @title Commitments, paths and slots against the vectors of ibc-go and cosmos/ibc-contracts
contract CommitmentsTest is Expect {
    CommitmentsHarness private immutable COMMITMENTS = CommitmentsHarness(
        Shipped.create("CommitmentsHarness.sol:CommitmentsHarness")
    );
    string private _json;

    function setUp() public {
        _json = vm.readFile("test/vectors/ibc-v2/commitments.json");
    }

    function test_PacketCommitmentsAreThoseOfIbcGo() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(_json, _at("packets", i)); ++i) {
            Packet memory packet = _packet(_at("packets", i));
            equal(
                COMMITMENTS.packet(packet),
                vm.parseJsonBytes32(_json, string.concat(_at("packets", i), ".commitment")),
                "commitment"
            );
        }
        equal(i, 14, "packet vectors");
    }

    function test_AcknowledgementCommitmentsAreThoseOfIbcGo() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(_json, _at("acknowledgements", i)); ++i) {
            string memory key = _at("acknowledgements", i);
            bytes[] memory values = vm.parseJsonBytesArray(_json, string.concat(key, ".values"));
            equal(
                COMMITMENTS.acknowledgements(values),
                vm.parseJsonBytes32(_json, string.concat(key, ".commitment")),
                "commitment"
            );
        }
        equal(i, 5, "acknowledgement vectors");
    }

    function testFuzz_CommitmentsAreThoseOfThePlainReference(
        string memory destClient,
        uint64 timeoutTimestamp,
        Payload[] memory payloads,
        bytes[] memory values
    ) public {
        ReferenceCommitments plain = ReferenceCommitments(
            Shipped.create("ReferenceCommitments.sol:ReferenceCommitments")
        );
        equal(
            COMMITMENTS.packet(Packet(1, "", destClient, timeoutTimestamp, payloads)),
            plain.packet(destClient, timeoutTimestamp, payloads),
            "packet"
        );
        equal(COMMITMENTS.acknowledgements(values), plain.acknowledgements(values), "acknowledgements");
    }

    function test_PathsAndSlotsAreThoseOfIbcGoAndTheSolidityHost() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(_json, _at("paths", i)); ++i) {
            string memory key = _at("paths", i);
            uint256 kind = vm.parseJsonUint(_json, string.concat(key, ".kind"));
            string memory id = vm.parseJsonString(_json, string.concat(key, ".clientId"));
            uint64 sequence = uint64(vm.parseJsonUint(_json, string.concat(key, ".sequence")));
            bytes memory path =
                kind == 1
                    ? PacketPaths.commitment(id, sequence)
                    : kind == 2
                        ? PacketPaths.receipt(id, sequence)
                        : PacketPaths.acknowledgement(id, sequence);
            equal(path, vm.parseJsonBytes(_json, string.concat(key, ".path")), "path");
            bytes32 hashed = vm.parseJsonBytes32(_json, string.concat(key, ".hashedPath"));
            equal(keccak256(path), hashed, "hashed path");
            equal(
                keccak256(abi.encode(hashed, PacketStore.SLOT)),
                vm.parseJsonBytes32(_json, string.concat(key, ".slot")),
                "slot"
            );
        }
        equal(i, 17, "path vectors");
    }

    function test_TransferDataIsThatOfIbcGo() public view {
        uint256 i = 0;
        for (; vm.keyExistsJson(_json, _at("transfers", i)); ++i) {
            string memory key = _at("transfers", i);
            TransferData memory data = TransferData(
                vm.parseJsonString(_json, string.concat(key, ".denom")),
                vm.parseJsonString(_json, string.concat(key, ".sender")),
                vm.parseJsonString(_json, string.concat(key, ".receiver")),
                vm.parseJsonUint(_json, string.concat(key, ".amount")),
                vm.parseJsonString(_json, string.concat(key, ".memo"))
            );
            equal(abi.encode(data), vm.parseJsonBytes(_json, string.concat(key, ".encoded")), "encoding");
        }
        equal(i, 3, "transfer vectors");
    }

    /// @dev ERC-7201: keccak256(keccak256(namespace) - 1) without its last byte.
    function test_StoreIsAtTheNamespaceOfTheSolidityHost() public pure {
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("ibc.storage.IBCStore")) - 1)) & ~bytes32(uint256(0xff));
        equal(PacketStore.SLOT, slot, "slot");
    }

    /// @dev What differs in any field but sequence and source client has another commitment.
    function testFuzz_CommitmentBindsEveryField(Packet memory packet, uint8 field, bytes memory other) public view {
        Payload[] memory payloads = packet.payloads;
        vm.assume(payloads.length != 0);
        // Packets have few payloads; drawing until one has is slow.
        uint256 count = 1 + (payloads.length % 3);
        if (payloads.length > 3)
            assembly ("memory-safe") {
                mstore(payloads, count)
            }
        bytes32 before = COMMITMENTS.packet(packet);
        bytes memory old;
        uint256 choice = field % 8;
        Payload memory first = packet.payloads[0];
        if (choice == 0) (old, packet.destClient) = (bytes(packet.destClient), string(other));
        if (choice == 1) (old, first.sourcePort) = (bytes(first.sourcePort), string(other));
        if (choice == 2) (old, first.destPort) = (bytes(first.destPort), string(other));
        if (choice == 3) (old, first.version) = (bytes(first.version), string(other));
        if (choice == 4) (old, first.encoding) = (bytes(first.encoding), string(other));
        if (choice == 5) (old, first.value) = (first.value, other);
        if (choice == 6) packet.timeoutTimestamp ^= 1;
        if (choice == 7) {
            Payload[] memory more = new Payload[](packet.payloads.length + 1);
            for (uint256 i = 0; i < packet.payloads.length; ++i) more[i] = packet.payloads[i];
            more[packet.payloads.length] = first;
            packet.payloads = more;
        }
        vm.assume(choice > 5 || keccak256(old) != keccak256(other));
        isTrue(COMMITMENTS.packet(packet) != before, "commitment did not change");
    }

    function _at(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(index), "]");
    }

    function _packet(string memory key) private view returns (Packet memory packet) {
        packet.sequence = uint64(vm.parseJsonUint(_json, string.concat(key, ".sequence")));
        packet.sourceClient = vm.parseJsonString(_json, string.concat(key, ".sourceClient"));
        packet.destClient = vm.parseJsonString(_json, string.concat(key, ".destClient"));
        packet.timeoutTimestamp = uint64(vm.parseJsonUint(_json, string.concat(key, ".timeoutTimestamp")));
        bool two = vm.keyExistsJson(_json, string.concat(key, ".payloads[1]"));
        packet.payloads = new Payload[](two ? 2 : 1);
        for (uint256 i = 0; i < packet.payloads.length; ++i) {
            string memory place = string.concat(key, ".payloads[", vm.toString(i), "]");
            packet.payloads[i] = Payload(
                vm.parseJsonString(_json, string.concat(place, ".sourcePort")),
                vm.parseJsonString(_json, string.concat(place, ".destPort")),
                vm.parseJsonString(_json, string.concat(place, ".version")),
                vm.parseJsonString(_json, string.concat(place, ".encoding")),
                vm.parseJsonBytes(_json, string.concat(place, ".value"))
            );
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AckMsg, IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {PacketPaths} from "../../../contracts/evm/store/PacketPaths.sol";
import {Expect} from "./Expect.sol";
import {Host} from "./Host.sol";
import {TestLightClient} from "./TestLightClient.sol";
import {Vm, vm} from "./Vm.sol";

/// @title Two chains in one EVM that follow each other, and a relayer between them
/// @notice `a` knows `b` as `onA`, `b` knows `a` as `onB`: different names, so that mixing them up shows.
abstract contract TwoHosts is Expect {
    bytes internal constant ERROR_ACKNOWLEDGEMENT =
        hex"4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab";
    bytes internal constant PROOF = "proof";

    Host internal a;
    Host internal b;
    string internal onA;
    string internal onB;
    TestLightClient internal clientOnA;
    TestLightClient internal clientOnB;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        a = _newHost();
        b = _newHost();
        b.createClient(a.router());
        (onA, clientOnA) = a.createClient(b.router());
        (onB, clientOnB) = b.createClient(a.router());
        a.registerCounterparty(onA, onB, 4);
        b.registerCounterparty(onB, onA, 4);
    }

    /// @dev From its artifact: `new` would have it compiled once more for every test contract.
    function _newHost() private returns (Host host) {
        bytes memory code = vm.getCode("test/contracts/support/Host.sol:Host");
        assembly ("memory-safe") {
            host := create(0, add(code, 0x20), mload(code))
        }
        require(address(host) != address(0), "no host");
    }

    function soon() internal view returns (uint64) {
        return uint64(block.timestamp + 1 hours);
    }

    // --- relaying

    /// @dev The packets sent since `vm.recordLogs`, oldest first.
    function sentPackets() internal returns (Packet[] memory packets) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count = 0;
        packets = new Packet[](logs.length);
        for (uint256 i = 0; i < logs.length; ++i)
            if (logs[i].topics[0] == IPacketRouter.SendPacket.selector)
                packets[count++] = abi.decode(logs[i].data, (Packet));
        assembly ("memory-safe") {
            mstore(packets, count)
        }
    }

    function lastSent() internal returns (Packet memory) {
        Packet[] memory packets = sentPackets();
        return packets[packets.length - 1];
    }

    /// @dev The acknowledgements last written since `vm.recordLogs`.
    function lastAcknowledgements() internal returns (bytes[] memory acknowledgements) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i)
            if (logs[i].topics[0] == IPacketRouter.WriteAcknowledgement.selector)
                (, acknowledgements) = abi.decode(logs[i].data, (string, bytes[]));
    }

    function countEvents(Vm.Log[] memory logs, bytes32 topic) internal pure returns (uint256 count) {
        for (uint256 i = 0; i < logs.length; ++i) if (logs[i].topics[0] == topic) ++count;
    }

    function receiveOn(Host host, Packet memory packet) internal {
        host.router().relay(receiveBatch(packet));
    }

    /// @dev Receives and returns what was acknowledged.
    function deliver(Host host, Packet memory packet) internal returns (bytes[] memory) {
        vm.recordLogs();
        receiveOn(host, packet);
        return lastAcknowledgements();
    }

    function acknowledgeOn(Host host, Packet memory packet, bytes[] memory acknowledgements) internal {
        host.router().relay(acknowledgeBatch(packet, acknowledgements));
    }

    function timeOutOn(Host host, Packet memory packet) internal {
        host.router().relay(timeoutBatch(packet));
    }

    function emptyBatch(string memory clientId) internal pure returns (RelayBatch memory batch) {
        batch.clientId = clientId;
    }

    function receiveBatch(Packet memory packet) internal pure returns (RelayBatch memory batch) {
        batch.clientId = packet.destClient;
        batch.proof = PROOF;
        batch.recvs = one(packet);
    }

    function acknowledgeBatch(
        Packet memory packet,
        bytes[] memory acknowledgements
    ) internal pure returns (RelayBatch memory batch) {
        batch.clientId = packet.sourceClient;
        batch.proof = PROOF;
        batch.acks = new AckMsg[](1);
        batch.acks[0] = AckMsg(packet, acknowledgements);
    }

    function timeoutBatch(Packet memory packet) internal pure returns (RelayBatch memory batch) {
        batch.clientId = packet.sourceClient;
        batch.proof = PROOF;
        batch.timeouts = one(packet);
    }

    /// @dev Of the counterparty as it is, as if it were `timestamp` there.
    function proofAt(uint64 timestamp) internal pure returns (bytes memory) {
        return abi.encodePacked(PROOF, timestamp);
    }

    /// @dev Every message of the batch once more, after itself.
    function twice(RelayBatch memory batch) internal pure returns (RelayBatch memory doubled) {
        doubled = emptyBatch(batch.clientId);
        doubled.updates = batch.updates;
        doubled.proof = batch.proof;
        doubled.recvs = new Packet[](2 * batch.recvs.length);
        doubled.acks = new AckMsg[](2 * batch.acks.length);
        doubled.timeouts = new Packet[](2 * batch.timeouts.length);
        for (uint256 i = 0; i < doubled.recvs.length; ++i) doubled.recvs[i] = batch.recvs[i / 2];
        for (uint256 i = 0; i < doubled.acks.length; ++i) doubled.acks[i] = batch.acks[i / 2];
        for (uint256 i = 0; i < doubled.timeouts.length; ++i) doubled.timeouts[i] = batch.timeouts[i / 2];
    }

    // --- the entries, as calls

    function receiveCall(Packet memory packet) internal pure returns (bytes memory) {
        return abi.encodeCall(PacketRouter.recvPacket, (packet, PROOF));
    }

    function acknowledgeCall(
        Packet memory packet,
        bytes[] memory acknowledgements
    ) internal pure returns (bytes memory) {
        return abi.encodeCall(PacketRouter.acknowledgePacket, (packet, acknowledgements, PROOF));
    }

    function timeoutCall(Packet memory packet) internal pure returns (bytes memory) {
        return abi.encodeCall(PacketRouter.timeoutPacket, (packet, PROOF));
    }

    function relayCall(RelayBatch memory batch) internal pure returns (bytes memory) {
        return abi.encodeCall(IPacketRouter.relay, (batch));
    }

    // --- stores

    function commitmentOn(Host host, Packet memory packet) internal view returns (bytes32) {
        return host.router().getCommitment(keccak256(PacketPaths.commitment(packet.sourceClient, packet.sequence)));
    }

    function receiptOn(Host host, Packet memory packet) internal view returns (bytes32) {
        return host.router().getCommitment(keccak256(PacketPaths.receipt(packet.destClient, packet.sequence)));
    }

    function acknowledgementOn(Host host, Packet memory packet) internal view returns (bytes32) {
        return host.router().getCommitment(keccak256(PacketPaths.acknowledgement(packet.destClient, packet.sequence)));
    }

    // --- building

    function one(bytes memory value) internal pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = value;
    }

    function one(Packet memory value) internal pure returns (Packet[] memory list) {
        list = new Packet[](1);
        list[0] = value;
    }

    function payload(string memory port, bytes memory value) internal pure returns (Payload memory) {
        return Payload(port, port, "v1", "raw", value);
    }

    function one(Payload memory value) internal pure returns (Payload[] memory list) {
        list = new Payload[](1);
        list[0] = value;
    }
}

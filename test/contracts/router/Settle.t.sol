// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    PacketDiffersFromCommitment,
    PacketForAnotherClient,
    PacketFromAnotherCounterparty,
    TimeoutNotReached,
    WrongNumberOfAcknowledgements
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {
    InvalidStorageProof,
    ValueAbsent,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @title Acknowledgements and timeouts on the chain that sent
contract SettleTest is TwoHosts {
    ScriptedApp private _sender;
    ScriptedApp private _receiver;
    PacketRouter private _router;

    function setUp() public override {
        super.setUp();
        _sender = new ScriptedApp(a.router());
        a.bindPort("scripted", address(_sender));
        _receiver = new ScriptedApp(b.router());
        b.bindPort("scripted", address(_receiver));
        _router = a.router();
    }

    function _sent(bytes memory value) private returns (Packet memory) {
        vm.recordLogs();
        _sender.send(onA, soon(), one(payload("scripted", value)));
        return lastSent();
    }

    // --- acknowledgements

    function test_AcknowledgesAndForgets() public {
        Packet memory packet = _sent("echo");
        acknowledgeOn(a, packet, deliver(b, packet));
        equal(_sender.acknowledged(), 1, "acknowledged");
        equal(_sender.lastAcknowledgement(), "ack:echo", "acknowledgement");
        equal(commitmentOn(a, packet), bytes32(0), "commitment");
    }

    function test_AcknowledgesOnce() public {
        Packet memory packet = _sent("echo");
        bytes[] memory acknowledgements = deliver(b, packet);
        acknowledgeOn(a, packet, acknowledgements);
        vm.recordLogs();
        acknowledgeOn(a, packet, acknowledgements);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(logs.length, 1, "one event");
        equal(logs[0].topics[0], IPacketRouter.Noop.selector, "Noop");
        equal(_sender.acknowledged(), 1, "acknowledged");
    }

    function test_RefusesAForgedAcknowledgement() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        RelayBatch memory batch = acknowledgeBatch(packet, one(ERROR_ACKNOWLEDGEMENT));
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        batch = acknowledgeBatch(packet, one(bytes("ack:evil")));
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        batch = acknowledgeBatch(packet, one(bytes("ack:echo")));
        batch.proof = "nonsense";
        vm.expectRevert(InvalidStorageProof.selector);
        _router.relay(batch);
        equal(_sender.acknowledged(), 0, "acknowledged");
    }

    function test_RefusesAnAcknowledgementBeforeReceipt() public {
        RelayBatch memory batch = acknowledgeBatch(_sent("echo"), one(bytes("ack:echo")));
        vm.expectRevert(ValueAbsent.selector);
        _router.relay(batch);
    }

    function test_RefusesAnotherNumberOfAcknowledgements() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        RelayBatch memory batch = acknowledgeBatch(packet, new bytes[](0));
        vm.expectRevert(abi.encodeWithSelector(WrongNumberOfAcknowledgements.selector, 0, 1));
        _router.relay(batch);
        batch = acknowledgeBatch(packet, new bytes[](2));
        vm.expectRevert(abi.encodeWithSelector(WrongNumberOfAcknowledgements.selector, 2, 1));
        _router.relay(batch);
    }

    function test_RefusesAlteredPackets() public {
        Packet memory packet = _sent("echo");
        bytes[] memory acknowledgements = deliver(b, packet);
        RelayBatch memory batch = acknowledgeBatch(packet, acknowledgements);
        packet.payloads[0].value = "evil";
        vm.expectRevert(abi.encodeWithSelector(PacketDiffersFromCommitment.selector, 1));
        _router.relay(batch);
        packet.payloads[0].value = "echo";
        packet.destClient = onA;
        vm.expectRevert(abi.encodeWithSelector(PacketFromAnotherCounterparty.selector, onA));
        _router.relay(batch);
        packet.destClient = onB;
        packet.sourceClient = onB;
        vm.expectRevert(abi.encodeWithSelector(PacketForAnotherClient.selector, onB));
        _router.relay(batch);
        equal(_sender.acknowledged(), 0, "acknowledged");
    }

    function test_AFailingAppKeepsThePacket() public {
        Packet memory packet = _sent("not now");
        bytes[] memory acknowledgements = deliver(b, packet);
        vm.recordLogs();
        acknowledgeOn(a, packet, acknowledgements);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(logs.length, 1, "one event");
        equal(logs[0].topics[0], IPacketRouter.CallbackFailed.selector, "CallbackFailed");
        isTrue(commitmentOn(a, packet) != 0, "commitment kept");
        vm.expectRevert(abi.encodeWithSelector(ScriptedApp.Refused.selector, "not now"));
        _router.acknowledgePacket(packet, acknowledgements, PROOF);
    }

    function test_OneAcknowledgementAlone() public {
        Packet memory packet = _sent("echo");
        bytes[] memory acknowledgements = deliver(b, packet);
        _router.acknowledgePacket(packet, acknowledgements, PROOF);
        equal(_sender.acknowledged(), 1, "acknowledged");
    }

    // --- timeouts

    function test_TimesOutAndForgets() public {
        Packet memory packet = _sent("echo");
        vm.warp(packet.timeoutTimestamp);
        timeOutOn(a, packet);
        equal(_sender.timedOut(), 1, "timed out");
        equal(commitmentOn(a, packet), bytes32(0), "commitment");
        timeOutOn(a, packet);
        equal(_sender.timedOut(), 1, "once");
    }

    function test_RefusesATimeoutThatIsNotReachedAtTheProvenHeight() public {
        Packet memory packet = _sent("echo");
        RelayBatch memory batch = timeoutBatch(packet);
        vm.warp(packet.timeoutTimestamp + 1 days);
        // This chain's own clock does not count, the proven one does.
        batch.proof = proofAt(packet.timeoutTimestamp - 1);
        vm.expectRevert(
            abi.encodeWithSelector(TimeoutNotReached.selector, packet.timeoutTimestamp, packet.timeoutTimestamp - 1)
        );
        _router.relay(batch);
        batch.proof = proofAt(packet.timeoutTimestamp);
        _router.relay(batch);
        equal(_sender.timedOut(), 1, "timed out");
    }

    function test_RefusesToTimeOutAReceivedPacket() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        vm.warp(packet.timeoutTimestamp);
        RelayBatch memory batch = timeoutBatch(packet);
        vm.expectRevert(ValuePresent.selector);
        _router.relay(batch);
    }

    function test_RefusesToTimeOutAnAlteredPacket() public {
        Packet memory packet = _sent("echo");
        vm.warp(packet.timeoutTimestamp);
        RelayBatch memory batch = timeoutBatch(packet);
        packet.timeoutTimestamp = 1;
        vm.expectRevert(abi.encodeWithSelector(PacketDiffersFromCommitment.selector, 1));
        _router.relay(batch);
    }

    function test_NeverBothAcknowledgedAndTimedOut() public {
        Packet memory packet = _sent("echo");
        bytes[] memory acknowledgements = deliver(b, packet);
        acknowledgeOn(a, packet, acknowledgements);
        vm.warp(packet.timeoutTimestamp);
        RelayBatch memory batch = timeoutBatch(packet);
        vm.expectRevert(ValuePresent.selector);
        _router.relay(batch);
        // The packet is settled here even if its chain forgot that it was received.
        clientOnA.setCounterparty(a.router());
        timeOutOn(a, packet);
        clientOnA.setCounterparty(b.router());
        equal(_sender.timedOut(), 0, "timed out");

        Packet memory late = _sent("echo");
        vm.warp(late.timeoutTimestamp);
        timeOutOn(a, late);
        batch = receiveBatch(late);
        PacketRouter destination = b.router();
        vm.expectRevert(ValueAbsent.selector);
        destination.relay(batch);
        equal(receiptOn(b, late), bytes32(0), "not received");
        batch = acknowledgeBatch(late, acknowledgements);
        vm.expectRevert(ValueAbsent.selector);
        _router.relay(batch);
        equal(_sender.acknowledged(), 1, "acknowledged");
    }

    function test_AFailingAppKeepsTheTimeout() public {
        Packet memory packet = _sent("not now");
        vm.warp(packet.timeoutTimestamp);
        bytes32 before = commitmentOn(a, packet);
        timeOutOn(a, packet);
        equal(commitmentOn(a, packet), before, "commitment kept");
        vm.expectRevert(abi.encodeWithSelector(ScriptedApp.Refused.selector, "not now"));
        _router.timeoutPacket(packet, PROOF);
    }
}

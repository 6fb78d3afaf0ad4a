// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    AcknowledgementAlreadyWritten,
    AsynchronousAcknowledgementOfSeveralPayloads,
    CallbackRevertedWithoutReason,
    CallerDoesNotOwnPort,
    InvalidAcknowledgement,
    PacketDiffersFromReceipt,
    PacketForAnotherClient,
    PacketFromAnotherCounterparty,
    PacketHasNoPayload,
    PacketNotReceived,
    TimeoutElapsed,
    ZeroTimestamp
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {InvalidStorageProof, ValueAbsent, ValueMismatch} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {PacketCommitments} from "../../../contracts/evm/store/PacketCommitments.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {HostileChain} from "../invariants/HostileChain.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {Vm, vm} from "../support/Vm.sol";

contract ReceiveTest is TwoHosts {
    ScriptedApp private _sender;
    ScriptedApp private _receiver;
    PacketRouter private _router;

    function setUp() public override {
        super.setUp();
        _sender = new ScriptedApp(a.router());
        a.bindPort("scripted", address(_sender));
        _receiver = new ScriptedApp(b.router());
        b.bindPort("scripted", address(_receiver));
        _router = b.router();
    }

    function _sent(bytes memory value) private returns (Packet memory) {
        vm.recordLogs();
        _sender.send(onA, soon(), one(payload("scripted", value)));
        return lastSent();
    }

    function test_WritesReceiptAndAcknowledgement() public {
        Packet memory packet = _sent("echo");
        bytes[] memory acknowledgements = deliver(b, packet);
        equal(acknowledgements.length, 1, "count");
        equal(acknowledgements[0], "ack:echo", "acknowledgement");
        equal(acknowledgementOn(b, packet), PacketCommitments.acknowledgements(acknowledgements), "commitment");
        equal(receiptOn(b, packet), commitmentOn(a, packet), "receipt");
        equal(_receiver.received(), 1, "received");
    }

    function test_DeliversOnce() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        vm.recordLogs();
        receiveOn(b, packet);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(logs.length, 1, "one event");
        equal(logs[0].topics[0], IPacketRouter.Noop.selector, "Noop");
        equal(_receiver.received(), 1, "received");
    }

    function test_ANoopNeedsAProofLikeEveryMessage() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        RelayBatch memory batch = receiveBatch(packet);
        batch.proof = "nonsense";
        vm.expectRevert(InvalidStorageProof.selector);
        _router.relay(batch);
    }

    function test_AnotherPacketUnderAReceivedSequenceIsNoNoop() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        packet.payloads[0].value = "evil";
        RelayBatch memory batch = receiveBatch(packet);
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        // Only a chain that breaks its own rules commits to another packet under the same sequence.
        HostileChain hostile = new HostileChain();
        hostile.claimSent(packet);
        clientOnB.setCounterparty(IPacketRouter(address(hostile)));
        vm.expectRevert(abi.encodeWithSelector(PacketDiffersFromReceipt.selector, 1));
        _router.relay(batch);
    }

    /// @dev Every field of the packet is bound, by commitment, path or registration.
    function test_RefusesAlteredPackets() public {
        Packet memory packet = _sent("echo");
        RelayBatch memory batch = receiveBatch(packet);
        packet.sequence = 2;
        vm.expectRevert(ValueAbsent.selector);
        _router.relay(batch);
        packet.sequence = 1;
        packet.timeoutTimestamp += 1;
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        packet.timeoutTimestamp -= 1;
        packet.sourceClient = onB;
        vm.expectRevert(abi.encodeWithSelector(PacketFromAnotherCounterparty.selector, onB));
        _router.relay(batch);
        packet.sourceClient = onA;
        packet.destClient = onA;
        vm.expectRevert(abi.encodeWithSelector(PacketForAnotherClient.selector, onA));
        _router.relay(batch);
        packet.destClient = onB;
        packet.payloads[0].value = "evil";
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        packet.payloads[0].value = "echo";
        packet.payloads[0].destPort = "transfer";
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        packet.payloads[0].destPort = "scripted";
        packet.payloads = new Payload[](0);
        vm.expectRevert(PacketHasNoPayload.selector);
        _router.relay(batch);
        equal(_receiver.received(), 0, "received");
    }

    function test_RefusesAPacketThatWasNeverSent() public {
        Packet memory packet = Packet(7, onA, onB, soon(), one(payload("scripted", "echo")));
        RelayBatch memory batch = receiveBatch(packet);
        vm.expectRevert(ValueAbsent.selector);
        _router.relay(batch);
    }

    function test_RefusesABadProof() public {
        RelayBatch memory batch = receiveBatch(_sent("echo"));
        batch.proof = "";
        vm.expectRevert(InvalidStorageProof.selector);
        _router.relay(batch);
    }

    function test_RefusesAZeroTimestamp() public {
        RelayBatch memory batch = receiveBatch(_sent("echo"));
        batch.proof = proofAt(0);
        vm.expectRevert(ZeroTimestamp.selector);
        _router.relay(batch);
    }

    function test_APacketPastItsTimeoutIsNotReceived() public {
        Packet memory packet = _sent("echo");
        vm.warp(packet.timeoutTimestamp);
        vm.recordLogs();
        receiveOn(b, packet);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(logs.length, 1, "one event");
        equal(logs[0].topics[0], IPacketRouter.CallbackFailed.selector, "not carried out");
        equal(
            abi.decode(logs[0].data, (bytes)),
            abi.encodeWithSelector(TimeoutElapsed.selector, packet.timeoutTimestamp, block.timestamp),
            "reason"
        );
        equal(receiptOn(b, packet), bytes32(0), "no receipt");
        vm.expectRevert(abi.encodeWithSelector(TimeoutElapsed.selector, packet.timeoutTimestamp, block.timestamp));
        _router.recvPacket(packet, PROOF);
    }

    function test_ReceivesInTheLastSecond() public {
        Packet memory packet = _sent("echo");
        vm.warp(packet.timeoutTimestamp - 1);
        receiveOn(b, packet);
        equal(_receiver.received(), 1, "received");
    }

    function test_ARefusalWritesTheUniversalErrorAndUndoesTheApp() public {
        Packet memory packet = _sent("refuse");
        vm.recordLogs();
        receiveOn(b, packet);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(countEvents(logs, IPacketRouter.PacketRefused.selector), 1, "reason shown");
        equal(acknowledgementOn(b, packet), PacketCommitments.acknowledgements(one(ERROR_ACKNOWLEDGEMENT)), "error");
        equal(_receiver.received(), 0, "undone");
        receiveOn(b, packet);
        equal(_receiver.received(), 0, "not again");
    }

    function test_APanicIsARefusal() public {
        Packet memory packet = _sent("panic");
        equal(deliver(b, packet)[0], ERROR_ACKNOWLEDGEMENT, "error");
    }

    function test_AnUnboundPortIsARefusal() public {
        vm.recordLogs();
        _sender.send(onA, soon(), one(Payload("scripted", "nobody", "v1", "raw", "x")));
        Packet memory packet = lastSent();
        vm.recordLogs();
        receiveOn(b, packet);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(countEvents(logs, IPacketRouter.PacketRefused.selector), 1, "refused");
        equal(acknowledgementOn(b, packet), PacketCommitments.acknowledgements(one(ERROR_ACKNOWLEDGEMENT)), "error");
    }

    function test_AFailureWithoutReasonChangesNothing() public {
        Packet memory packet = _sent("quiet");
        vm.recordLogs();
        receiveOn(b, packet);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(logs.length, 1, "one event");
        equal(logs[0].topics[0], IPacketRouter.CallbackFailed.selector, "CallbackFailed");
        equal(receiptOn(b, packet), bytes32(0), "no receipt");
        equal(acknowledgementOn(b, packet), bytes32(0), "no acknowledgement");
        vm.expectRevert(CallbackRevertedWithoutReason.selector);
        _router.recvPacket(packet, PROOF);
    }

    function test_AMalformedReturnValueRevertsAll() public {
        RelayBatch memory batch = receiveBatch(_sent("malformed"));
        vm.expectRevert();
        _router.relay(batch);
    }

    function test_ATooLongAcknowledgementRevertsAll() public {
        RelayBatch memory batch = receiveBatch(_sent("long"));
        vm.expectRevert(abi.encodeWithSelector(InvalidAcknowledgement.selector, 40_000));
        _router.relay(batch);
    }

    function test_OnePacketAlone() public {
        Packet memory packet = _sent("echo");
        _router.recvPacket(packet, PROOF);
        equal(_receiver.received(), 1, "received");
        Packet memory refused = _sent("refuse");
        _router.recvPacket(refused, PROOF);
        equal(acknowledgementOn(b, refused), PacketCommitments.acknowledgements(one(ERROR_ACKNOWLEDGEMENT)), "error");
    }

    // --- asynchronous acknowledgements

    function test_AcknowledgesLater() public {
        Packet memory packet = _sent("answer later");
        equal(deliver(b, packet).length, 0, "none yet");
        isTrue(receiptOn(b, packet) != 0, "receipt");
        equal(acknowledgementOn(b, packet), bytes32(0), "no acknowledgement");
        vm.prank(address(_receiver));
        _router.writeAcknowledgement(packet, "at last");
        equal(
            acknowledgementOn(b, packet),
            PacketCommitments.acknowledgements(one(bytes("at last"))),
            "acknowledgement"
        );
        acknowledgeOn(a, packet, one(bytes("at last")));
        equal(_sender.lastAcknowledgement(), "at last", "acknowledged");
    }

    function test_AcknowledgesOnce() public {
        Packet memory packet = _sent("echo");
        receiveOn(b, packet);
        vm.prank(address(_receiver));
        vm.expectRevert(abi.encodeWithSelector(AcknowledgementAlreadyWritten.selector, 1));
        _router.writeAcknowledgement(packet, "again");
    }

    function test_OnlyTheReceivingAppAcknowledges() public {
        Packet memory packet = _sent("answer later");
        receiveOn(b, packet);
        vm.expectRevert(abi.encodeWithSelector(CallerDoesNotOwnPort.selector, "scripted", address(this)));
        _router.writeAcknowledgement(packet, "forged");
    }

    function test_OnlyAReceivedPacketIsAcknowledged() public {
        Packet memory packet = _sent("answer later");
        vm.startPrank(address(_receiver));
        vm.expectRevert(abi.encodeWithSelector(PacketNotReceived.selector, 1));
        _router.writeAcknowledgement(packet, "early");
        vm.stopPrank();
        receiveOn(b, packet);
        vm.startPrank(address(_receiver));
        packet.payloads[0].value = "answer another";
        vm.expectRevert(abi.encodeWithSelector(PacketNotReceived.selector, 1));
        _router.writeAcknowledgement(packet, "other");
        packet.payloads[0].value = "answer later";
        packet.sourceClient = onB;
        vm.expectRevert(abi.encodeWithSelector(PacketFromAnotherCounterparty.selector, onB));
        _router.writeAcknowledgement(packet, "other source");
        packet.sourceClient = onA;
        vm.expectRevert(abi.encodeWithSelector(InvalidAcknowledgement.selector, 0));
        _router.writeAcknowledgement(packet, "");
        vm.expectRevert(abi.encodeWithSelector(InvalidAcknowledgement.selector, 32_769));
        _router.writeAcknowledgement(packet, new bytes(32_769));
        packet.payloads = new Payload[](2);
        vm.expectRevert(AsynchronousAcknowledgementOfSeveralPayloads.selector);
        _router.writeAcknowledgement(packet, "two");
    }
}

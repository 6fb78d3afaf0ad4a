// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ClientNotFound, CounterpartyNotRegistered} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {ClientFrozen, InvalidStorageProof, ValueAbsent} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {ClientStatus} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {AckMsg, IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {Vm, vm} from "../support/Vm.sol";

contract BatchTest is TwoHosts {
    ScriptedApp private _onA;
    ScriptedApp private _onB;

    function setUp() public override {
        super.setUp();
        _onA = new ScriptedApp(a.router());
        a.bindPort("scripted", address(_onA));
        _onB = new ScriptedApp(b.router());
        b.bindPort("scripted", address(_onB));
    }

    function _sentByA(bytes memory value) private returns (Packet memory) {
        vm.recordLogs();
        _onA.send(onA, soon(), one(payload("scripted", value)));
        return lastSent();
    }

    function test_OneBadAppNeverBlocksABatch() public {
        bytes[5] memory values = [bytes("echo 1"), "quiet", "refuse", "gas", "echo 2"];
        RelayBatch memory batch = emptyBatch(onB);
        batch.proof = PROOF;
        batch.recvs = new Packet[](5);
        for (uint256 i = 0; i < 5; ++i) batch.recvs[i] = _sentByA(values[i]);
        vm.recordLogs();
        b.router().relay(batch);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(_onB.received(), 2, "received");
        equal(countEvents(logs, IPacketRouter.CallbackFailed.selector), 2, "failed");
        equal(countEvents(logs, IPacketRouter.PacketRefused.selector), 1, "refused");
        equal(countEvents(logs, IPacketRouter.WriteAcknowledgement.selector), 3, "acknowledgements");
    }

    function test_OneBadProofOrPacketRevertsAll() public {
        RelayBatch memory batch = emptyBatch(onB);
        batch.recvs = new Packet[](2);
        batch.recvs[0] = _sentByA("echo 1");
        batch.recvs[1] = _sentByA("echo 2");
        batch.proof = "nonsense";
        PacketRouter router = b.router();
        vm.expectRevert(InvalidStorageProof.selector);
        router.relay(batch);
        batch.proof = PROOF;
        batch.recvs[1].sequence = 3;
        vm.expectRevert(ValueAbsent.selector);
        router.relay(batch);
        equal(_onB.received(), 0, "received");
    }

    function test_UpdatesThenReceivesAcknowledgesAndTimesOut() public {
        vm.recordLogs();
        _onB.send(onB, soon(), one(payload("scripted", "echo")));
        Packet memory incoming = lastSent();
        Packet memory acknowledged = _sentByA("echo");
        bytes[] memory acknowledgements = deliver(b, acknowledged);
        vm.recordLogs();
        _onA.send(onA, uint64(block.timestamp + 10), one(payload("scripted", "late")));
        Packet memory late = lastSent();
        vm.warp(block.timestamp + 10);

        RelayBatch memory batch = emptyBatch(onA);
        batch.updates = new bytes[](2);
        batch.proof = PROOF;
        batch.recvs = one(incoming);
        batch.acks = new AckMsg[](1);
        batch.acks[0] = AckMsg(acknowledged, acknowledgements);
        batch.timeouts = one(late);
        a.router().relay(batch);
        equal(clientOnA.updates(), 2, "updates");
        equal(_onA.received(), 1, "received");
        equal(_onA.acknowledged(), 1, "acknowledged");
        equal(_onA.timedOut(), 1, "timed out");
    }

    function test_TheSamePacketTwiceInABatchIsDeliveredOnce() public {
        Packet memory packet = _sentByA("echo");
        RelayBatch memory batch = emptyBatch(onB);
        batch.proof = PROOF;
        batch.recvs = new Packet[](2);
        batch.recvs[0] = packet;
        batch.recvs[1] = packet;
        b.router().relay(batch);
        equal(_onB.received(), 1, "received");
    }

    function test_AnUpdateAloneNeedsNoRootAndNoCounterparty() public {
        (string memory alone, ) = a.createClient(b.router());
        RelayBatch memory batch = emptyBatch(alone);
        batch.updates = new bytes[](1);
        PacketRouter router = a.router();
        router.relay(batch);
        batch.recvs = new Packet[](1);
        vm.expectRevert(abi.encodeWithSelector(CounterpartyNotRegistered.selector, alone));
        router.relay(batch);
        batch.clientId = "simple-9";
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, "simple-9"));
        router.relay(batch);
    }

    function test_MisbehaviourFreezesAndDeliversNothing() public {
        RelayBatch memory batch = receiveBatch(_sentByA("echo"));
        batch.updates = new bytes[](2);
        batch.updates[0] = "misbehaviour";
        PacketRouter router = b.router();
        router.relay(batch);
        equal(uint256(clientOnB.status()), uint256(ClientStatus.Frozen), "frozen");
        equal(_onB.received(), 0, "received");
        vm.expectRevert(ClientFrozen.selector);
        router.relay(batch);
        batch.updates = new bytes[](0);
        vm.expectRevert(ClientFrozen.selector);
        router.relay(batch);
    }

    function test_PausedMeansPaused() public {
        Packet memory packet = _sentByA("answer later");
        receiveOn(b, packet);
        RelayBatch memory batch = receiveBatch(_sentByA("echo"));
        b.pause();
        PacketRouter router = b.router();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        router.relay(batch);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        router.recvPacket(batch.recvs[0], PROOF);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        router.acknowledgePacket(packet, new bytes[](1), PROOF);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        router.timeoutPacket(packet, PROOF);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        router.sendPacket(onB, soon(), one(payload("scripted", "e")));
        vm.prank(address(_onB));
        vm.expectRevert(Pausable.EnforcedPause.selector);
        router.writeAcknowledgement(packet, "x");
        b.unpause();
        router.relay(batch);
        equal(_onB.received(), 2, "received");
    }
}

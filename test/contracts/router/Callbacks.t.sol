// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CallerIsNotRouter, GasTooLow, TooManyPayloads} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {PacketContext} from "../../../contracts/evm/interfaces/IPacketApp.sol";
import {IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {PacketCommitments} from "../../../contracts/evm/store/PacketCommitments.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @dev Calls the router again from every callback, and remembers how that ended.
contract ReentrantApp is ScriptedApp {
    bytes public attack;
    bytes public answer;

    constructor(PacketRouter router_) ScriptedApp(router_) {}

    function arm(bytes calldata attack_) external {
        attack = attack_;
    }

    function onRecvPacket(PacketContext calldata context) external override returns (bytes memory) {
        _strike();
        ++received;
        return bytes.concat("ack:", context.payload.value);
    }

    function onAcknowledgementPacket(PacketContext calldata, bytes calldata) external override {
        _strike();
        ++acknowledged;
    }

    function onTimeoutPacket(PacketContext calldata) external override {
        _strike();
        ++timedOut;
    }

    function _strike() private {
        (, answer) = address(router).call(attack);
    }
}

contract CallbacksTest is TwoHosts {
    ScriptedApp private _sender;
    ReentrantApp private _attacker;
    ScriptedApp private _receiver;
    bytes private _locked = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);

    function setUp() public override {
        super.setUp();
        _attacker = new ReentrantApp(a.router());
        a.bindPort("attack", address(_attacker));
        ReentrantApp other = new ReentrantApp(b.router());
        b.bindPort("attack", address(other));
        _sender = new ScriptedApp(a.router());
        a.bindPort("scripted", address(_sender));
        _receiver = new ScriptedApp(b.router());
        b.bindPort("scripted", address(_receiver));
    }

    function _sent(string memory port, bytes memory value) private returns (Packet memory) {
        ScriptedApp app = keccak256(bytes(port)) == keccak256("attack") ? _attacker : _sender;
        vm.recordLogs();
        app.send(onA, soon(), one(payload(port, value)));
        return lastSent();
    }

    // --- re-entering

    /// @dev Huckleberry (GO-2024-2874) and ASA-2024-007: a timeout or acknowledgement re-entered before the packet was gone.
    function test_Incident7_ReenteringAnAcknowledgementSettlesOnce() public {
        Packet memory packet = _sent("attack", "x");
        bytes[] memory acknowledgements = deliver(b, packet);
        _attacker.arm(abi.encodeCall(PacketRouter.acknowledgePacket, (packet, acknowledgements, PROOF)));
        acknowledgeOn(a, packet, acknowledgements);
        equal(_attacker.answer(), _locked, "locked");
        equal(_attacker.acknowledged(), 1, "once");
        equal(commitmentOn(a, packet), bytes32(0), "gone");
    }

    function test_Incident7_ReenteringATimeoutSettlesOnce() public {
        Packet memory packet = _sent("attack", "x");
        vm.warp(packet.timeoutTimestamp);
        _attacker.arm(abi.encodeCall(PacketRouter.timeoutPacket, (packet, PROOF)));
        timeOutOn(a, packet);
        equal(_attacker.answer(), _locked, "locked");
        equal(_attacker.timedOut(), 1, "once");
    }

    /// @dev Messina, March 2026: one approval claimed many times by calling back from inside.
    function test_Incident13_ReenteringAReceiptDeliversOnce() public {
        Packet memory packet = _sent("attack", "x");
        ReentrantApp attacker = ReentrantApp(b.router().getApp("attack"));
        attacker.arm(abi.encodeCall(IPacketRouter.relay, (receiveBatch(packet))));
        receiveOn(b, packet);
        equal(attacker.answer(), _locked, "locked");
        attacker.arm(abi.encodeCall(PacketRouter.recvPacket, (packet, PROOF)));
        receiveOn(b, packet);
        equal(attacker.received(), 1, "once");
    }

    function test_AnAppMaySendFromItsCallback() public {
        Packet memory packet = _sent("attack", "x");
        ReentrantApp attacker = ReentrantApp(b.router().getApp("attack"));
        attacker.arm(abi.encodeCall(IPacketRouter.sendPacket, (onB, soon(), one(payload("attack", "answer")))));
        receiveOn(b, packet);
        equal(attacker.answer(), abi.encode(uint64(1)), "sent");
        equal(b.router().nextSequenceSend(onB), 2, "next sequence");
    }

    function test_AnAppCannotAcknowledgeTwiceFromItsCallback() public {
        Packet memory packet = _sent("attack", "x");
        ReentrantApp attacker = ReentrantApp(b.router().getApp("attack"));
        attacker.arm(abi.encodeCall(IPacketRouter.writeAcknowledgement, (packet, "first")));
        PacketRouter router = b.router();
        RelayBatch memory batch = receiveBatch(packet);
        vm.expectRevert();
        router.relay(batch);
        equal(receiptOn(b, packet), bytes32(0), "all undone");
    }

    function test_OnlyTheRouterOpensItsOwnFrame() public {
        Packet memory packet = _sent("scripted", "x");
        PacketRouter router = b.router();
        vm.expectRevert(abi.encodeWithSelector(CallerIsNotRouter.selector, address(this)));
        router.callEach(PacketRouter.Callback.Receive, packet, new bytes[](0), address(this));
    }

    // --- starving

    /// @dev For every amount of gas: the packet is delivered, or nothing happened. Never an error out of too little gas.
    function testFuzz_NobodyTurnsAPacketIntoAnErrorByStarvingIt(uint256 gas_) public {
        Packet memory packet = _sent("scripted", "heavy");
        gas_ = 100_000 + (gas_ % 1_900_000);
        (bool ok, bytes memory answer) = address(b.router()).call{gas: gas_}(
            abi.encodeCall(IPacketRouter.relay, (receiveBatch(packet)))
        );
        bytes32 acknowledgement = acknowledgementOn(b, packet);
        if (ok) {
            equal(acknowledgement, PacketCommitments.acknowledgements(one(bytes("ack:heavy"))), "delivered");
        } else {
            equal(receiptOn(b, packet), bytes32(0), "nothing happened");
            isTrue(answer.length == 0 || bytes4(answer) == GasTooLow.selector, "for want of gas");
        }
    }

    function test_EnoughGasDelivers() public {
        Packet memory packet = _sent("scripted", "heavy");
        PacketRouter router = b.router();
        router.relay{gas: 2_000_000}(receiveBatch(packet));
        equal(acknowledgementOn(b, packet), PacketCommitments.acknowledgements(one(bytes("ack:heavy"))), "delivered");
    }

    // --- several payloads

    function _two(bytes memory first, bytes memory second) private returns (Packet memory) {
        Payload[] memory payloads = new Payload[](2);
        payloads[0] = payload("scripted", first);
        payloads[1] = payload("scripted", second);
        vm.recordLogs();
        _sender.send(onA, soon(), payloads);
        return lastSent();
    }

    function test_SeveralPayloadsHaveAnAcknowledgementEach() public {
        Packet memory packet = _two("e1", "e2");
        bytes[] memory acknowledgements = deliver(b, packet);
        equal(acknowledgements.length, 2, "count");
        equal(acknowledgements[1], "ack:e2", "second");
        acknowledgeOn(a, packet, acknowledgements);
        equal(_sender.acknowledged(), 2, "acknowledged");
        equal(_sender.lastAcknowledgement(), "ack:e2", "in order");
    }

    function test_OneRefusalUndoesAllPayloads() public {
        bytes[4] memory seconds_ = [bytes("refuse"), "answer later", "universal error", "long"];
        for (uint256 i = 0; i < 4; ++i) {
            Packet memory packet = _two("e1", seconds_[i]);
            bytes[] memory acknowledgements = deliver(b, packet);
            equal(acknowledgements.length, 1, "one for all");
            equal(acknowledgements[0], ERROR_ACKNOWLEDGEMENT, "error");
            equal(_receiver.received(), 0, "first undone");
            acknowledgeOn(a, packet, acknowledgements);
            equal(_sender.acknowledged(), 2 * (i + 1), "both hear of it");
        }
    }

    function test_AFailureWithoutReasonChangesNothingOfSeveral() public {
        bytes[2] memory seconds_ = [bytes("quiet"), "malformed"];
        for (uint256 i = 0; i < 2; ++i) {
            Packet memory packet = _two("e1", seconds_[i]);
            vm.recordLogs();
            receiveOn(b, packet);
            Vm.Log[] memory logs = vm.getRecordedLogs();
            equal(countEvents(logs, IPacketRouter.CallbackFailed.selector), 1, "failed");
            equal(_receiver.received(), 0, "first undone");
            equal(receiptOn(b, packet), bytes32(0), "no receipt");
        }
    }

    function test_SeveralPayloadsTimeOutTogetherOrNotAtAll() public {
        Packet memory stuck = _two("e1", "not now");
        Packet memory packet = _two("e1", "e2");
        vm.warp(packet.timeoutTimestamp);
        timeOutOn(a, stuck);
        equal(_sender.timedOut(), 0, "first undone");
        isTrue(commitmentOn(a, stuck) != 0, "kept");
        timeOutOn(a, packet);
        equal(_sender.timedOut(), 2, "timed out");
    }

    function test_ACounterpartyThatTakesOnePayloadGetsOne() public {
        (string memory id, ) = a.createClient(b.router());
        a.registerCounterparty(id, "simple-7", 1);
        Payload[] memory payloads = new Payload[](2);
        vm.expectRevert(abi.encodeWithSelector(TooManyPayloads.selector, 2, 1));
        _sender.send(id, soon(), payloads);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {
    ClientFrozen,
    ValueAbsent,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {evmAccount} from "../../../contracts/evm/types/ForeignAccount.sol";
import {Stage, TestLink, Trip} from "../../../contracts/evm-testing/TestLink.sol";
import {Inbox} from "../apps/base/support/Inbox.sol";
import {Outbox} from "../apps/base/support/Outbox.sol";
import {Expect} from "../support/Expect.sol";
import {newLink} from "../support/Link.sol";
import {vm} from "../support/Vm.sol";

contract TestLinkTest is Expect {
    TestLink private _link;
    Outbox private _outbox;
    Inbox private _inbox;

    function setUp() public {
        _link = newLink();
        _outbox = new Outbox(_link.a().messageApp());
        _inbox = new Inbox(_link.b().messageApp());
        _inbox.accept(evmAccount(_link.onB(), address(_outbox)));
    }

    function _send(bytes memory payload) private {
        _outbox.send(evmAccount(_link.onA(), address(_inbox)), payload, 1 hours);
    }

    function test_NothingWithoutAPacket() public {
        vm.expectRevert(TestLink.NothingToDeliver.selector);
        _link.deliver();
        vm.expectRevert(TestLink.NothingToDeliver.selector);
        _link.timeOut();
        vm.expectRevert(TestLink.NothingToDeliver.selector);
        _link.refuse("no");
        vm.expectRevert(TestLink.NothingToAcknowledge.selector);
        _link.acknowledge();
        vm.expectRevert();
        _link.deliver(0);
        equal(_link.trips(), 0, "none");
    }

    function test_NothingIsAcknowledgedBeforeItIsReceived() public {
        _send("x");
        vm.expectRevert(TestLink.NothingToAcknowledge.selector);
        _link.acknowledge(0);
    }

    function test_TheLightClientProvesNothingThatIsNotThere() public {
        _send("x");
        Packet memory packet = _link.trip(0).packet;
        PacketRouter router = _link.b().router();
        packet.payloads[0].value = "forged";
        vm.expectRevert(ValueMismatch.selector);
        router.recvPacket(packet, "");
        packet.sequence = 2;
        vm.expectRevert(ValueAbsent.selector);
        router.recvPacket(packet, "");
    }

    function test_AFrozenLightClientDeliversNothing() public {
        _send("x");
        _link.collect();
        PacketRouter router = _link.b().router();
        router.getClient(_link.onB()).lightClient.reportMisbehaviour("");
        vm.expectRevert(ClientFrozen.selector);
        _link.deliver();
    }

    function test_RefusesForTheReceiver() public {
        _send("x");
        Trip memory trip = _link.refuse("not today");
        isTrue(trip.refused, "refused");
        equal(trip.reason, "not today", "why");
        _link.acknowledge();
        equal(_outbox.failed(), 1, "heard of");
        _send("y");
        isTrue(!_link.deliver().refused, "the next is not");
    }

    function test_AnswersForTheReceiver() public {
        _send("r");
        equal(_link.answer("fine").answerOf(), "fine", "answered");
        _link.acknowledge();
        equal(_outbox.lastAnswer(), "fine", "heard");
        equal(_inbox.received(), 0, "the receiver was not asked");
    }

    function test_ARefusalIsTheRoutersOwn() public {
        _send("x");
        _link.refuse("no");
        _link.deliver(0);
        equal(_inbox.received(), 0, "received already");
        vm.expectRevert(ValuePresent.selector);
        _link.timeOut(0);
    }

    function test_SendsAsAnybody() public {
        _link.send(address(0xA11CE), address(_inbox), "x");
        isTrue(_link.deliver().refused, "not accepted");
        _inbox.accept(evmAccount(_link.onB(), address(0xA11CE)));
        _link.send(address(0xA11CE), address(_inbox), "x");
        equal(_link.deliver().answerOf(), "x", "accepted");
    }

    function test_CarriesOutOfOrder() public {
        _send("1");
        _send("2");
        _link.deliver(1);
        isTrue(_link.trip(0).stage == Stage.Sent && _link.trip(1).stage == Stage.Received, "the second");
        _link.relay();
        isTrue(_link.trip(0).stage == Stage.Acknowledged && _link.trip(1).stage == Stage.Acknowledged, "all");
    }

    function test_RelayEnds() public {
        _send("x");
        _outbox.arm(
            address(_outbox),
            abi.encodeCall(Outbox.send, (evmAccount(_link.onA(), address(_inbox)), "again", 1 hours))
        );
        vm.expectRevert(TestLink.StillUnderWay.selector);
        _link.relay();
    }

    function test_TheTwoClientIdsDiffer() public view {
        isTrue(keccak256(bytes(_link.onA())) != keccak256(bytes(_link.onB())), "different");
    }

    /// @dev A failed call undoes what the link had read of the events, unless it had read them before.
    function test_CollectedPacketsSurviveAFailure() public {
        _send("q");
        _link.collect();
        vm.expectRevert();
        _link.deliver();
        equal(_link.trips(), 1, "still known");
    }
}

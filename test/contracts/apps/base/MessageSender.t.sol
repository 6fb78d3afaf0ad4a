// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EmptyMessage} from "../../../../contracts/evm/errors/AppErrors.sol";
import {CallerIsNotMessageApp, MessageNotPending} from "../../../../contracts/evm/errors/MessageErrors.sol";
import {ClientNotFound, TimeoutElapsed, TimeoutTooFar} from "../../../../contracts/evm/errors/PacketRouterErrors.sol";
import {ValuePresent} from "../../../../contracts/evm/errors/VerificationErrors.sol";
import {PacketRouter} from "../../../../contracts/evm/PacketRouter.sol";
import {evmAccount, ForeignAccount} from "../../../../contracts/evm/types/ForeignAccount.sol";
import {Stage, TestLink, Trip} from "../../../../contracts/evm-testing/TestLink.sol";
import {Expect} from "../../support/Expect.sol";
import {newLink} from "../../support/Link.sol";
import {vm} from "../../support/Vm.sol";
import {Inbox} from "./support/Inbox.sol";
import {Outbox} from "./support/Outbox.sol";

contract MessageSenderTest is Expect {
    TestLink private _link;
    Outbox private _outbox;
    Inbox private _inbox;
    ForeignAccount private _to;
    string private _onA;

    function setUp() public {
        _link = newLink();
        _onA = _link.onA();
        _outbox = new Outbox(_link.a().messageApp());
        _inbox = new Inbox(_link.b().messageApp());
        _inbox.accept(evmAccount(_link.onB(), address(_outbox)));
        _to = evmAccount(_onA, address(_inbox));
    }

    function _notPending(uint64 sequence) private view returns (bytes memory) {
        return abi.encodeWithSelector(MessageNotPending.selector, _onA, sequence);
    }

    // --- the three ends

    function test_HearsTheAnswer() public {
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        isTrue(_outbox.isPending(_onA, sequence), "pending");
        _link.relay();
        isTrue(!_outbox.isPending(_onA, sequence), "ended");
        equal(_outbox.lastAnswer(), "hello", "answer");
        equal(_outbox.answered(), 1, "answered");
        equal(_outbox.failed(), 0, "did not fail");
    }

    function test_HearsOfARefusal() public {
        uint64 sequence = _outbox.send(_to, "r", 1 hours);
        _link.relay();
        isTrue(!_outbox.isPending(_onA, sequence), "ended");
        equal(_outbox.failed(), 1, "failed");
        equal(_outbox.late(), 0, "and was not late");
    }

    function test_HearsOfARefusalByNobody() public {
        _outbox.send(ForeignAccount(_onA, "nobody"), "hello", 1 hours);
        isTrue(_link.deliver().refused, "refused");
        _link.acknowledge();
        equal(_outbox.failed(), 1, "failed");
    }

    function test_HearsOfATimeout() public {
        _outbox.send(_to, "hello", 1 hours);
        Trip memory trip = _link.timeOut();
        isTrue(trip.stage == Stage.TimedOut, "timed out");
        equal(_outbox.late(), 1, "late");
        equal(_inbox.received(), 0, "not received");
    }

    /// @dev The application says of both that they failed, no more.
    function test_ARefusalHeardOfLateLooksLikeATimeout() public {
        _outbox.send(_to, "r", 1 hours);
        _link.deliver();
        vm.warp(block.timestamp + 1 hours);
        _link.acknowledge();
        equal(_outbox.late(), 1, "late");
    }

    // --- who may say how it ended

    function test_OnlyTheMessageAppSaysHowItEnded() public {
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        address[3] memory callers = [address(this), address(_link.a().router()), address(_link.b().messageApp())];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(CallerIsNotMessageApp.selector, callers[i]));
            vm.prank(callers[i]);
            _outbox.onMessageResult(_onA, sequence, true, "lie");
        }
        isTrue(_outbox.isPending(_onA, sequence), "still pending");
    }

    function test_AnUnknownMessageHasNoEnd() public {
        address app = address(_outbox.messageApp());
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        vm.expectRevert(_notPending(sequence + 1));
        vm.prank(app);
        _outbox.onMessageResult(_onA, sequence + 1, true, "");
        vm.expectRevert(abi.encodeWithSelector(MessageNotPending.selector, "testonly-7", sequence));
        vm.prank(app);
        _outbox.onMessageResult("testonly-7", sequence, true, "");
    }

    /// @dev Past the helper, the message is not known here, and its end stays with the router.
    function test_WhatWasSentPastTheHelperIsUnknown() public {
        uint64 sequence = _outbox.sendPast(_to, "hello");
        _link.deliver();
        vm.expectRevert(_notPending(sequence));
        _link.acknowledge();
    }

    // --- once

    function test_EndsOnce() public {
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        _link.relay();
        _link.acknowledge(0);
        equal(_outbox.ends(sequence), 1, "the router saw to it");
        address app = address(_outbox.messageApp());
        vm.expectRevert(_notPending(sequence));
        vm.prank(app);
        _outbox.onMessageResult(_onA, sequence, true, "again");
    }

    function test_WhatTimedOutIsNotAnsweredLater() public {
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        _link.timeOut();
        vm.expectPartialRevert(TimeoutElapsed.selector);
        _link.deliver(0);
        vm.expectRevert(TestLink.NothingToAcknowledge.selector);
        _link.acknowledge(0);
        _link.timeOut(0);
        equal(_outbox.ends(sequence), 1, "once");
    }

    function test_WhatWasReceivedDoesNotTimeOut() public {
        _outbox.send(_to, "hello", 1 hours);
        _link.deliver();
        vm.expectRevert(ValuePresent.selector);
        _link.timeOut(0);
        _link.acknowledge();
        equal(_outbox.answered(), 1, "answered");
    }

    function test_WhatItWillNotHearNowItHearsLater() public {
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        _link.deliver();
        _outbox.setClosed(true);
        vm.expectRevert(Outbox.NotNow.selector);
        _link.acknowledge();
        isTrue(_outbox.isPending(_onA, sequence), "pending");
        _outbox.setClosed(false);
        _link.acknowledge();
        equal(_outbox.answered(), 1, "answered");
    }

    // --- from inside

    function test_NothingIsSettledFromInside() public {
        _outbox.send(_to, "first", 1 hours);
        _outbox.send(_to, "second", 1 hours);
        _link.deliver();
        Trip memory second = _link.deliver();
        bytes[] memory acknowledgements = new bytes[](1);
        acknowledgements[0] = second.acknowledgement;
        _outbox.arm(
            address(_link.a().router()),
            abi.encodeCall(PacketRouter.acknowledgePacket, (second.packet, acknowledgements, ""))
        );
        _link.acknowledge();
        equal(
            _outbox.struck(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "locked"
        );
        equal(_outbox.answered(), 1, "one");
        _link.acknowledge();
        equal(_outbox.answered(), 2, "and the other");
    }

    function test_MaySendFromInside() public {
        _outbox.send(_to, "first", 1 hours);
        _outbox.arm(address(_outbox), abi.encodeCall(Outbox.send, (_to, "next", 1 hours)));
        _link.deliver();
        _link.acknowledge();
        isTrue(_outbox.isPending(_onA, 2), "the next one");
        _outbox.arm(address(0), "");
        _link.relay();
        equal(_outbox.answered(), 2, "both");
    }

    function testFuzz_NoAmountOfGasLosesAnAnswer(uint256 gas_) public {
        gas_ = 30_000 + (gas_ % 400_000);
        uint64 sequence = _outbox.send(_to, "hello", 1 hours);
        _link.deliver();
        try _link.acknowledge{gas: gas_}() {} catch {
            isTrue(_outbox.isPending(_onA, sequence), "as before");
            _link.acknowledge();
        }
        equal(_outbox.answered(), 1, "answered");
    }

    // --- sending

    /// @dev What the documentation promises: remembering a message costs a slot.
    function test_CostsASlot() public {
        _outbox.sendPast(_to, "warm");
        uint256 before = gasleft();
        _outbox.sendPast(_to, "hello");
        uint256 past = before - gasleft();
        before = gasleft();
        _outbox.send(_to, "hello", 1 hours);
        uint256 used = before - gasleft() - past;
        isTrue(used > 20_000 && used < 25_000, "a slot");
    }

    function test_TimesThatCannotBeKeptAreRefused() public {
        vm.expectPartialRevert(TimeoutElapsed.selector);
        _outbox.send(_to, "hello", 0);
        vm.expectPartialRevert(TimeoutTooFar.selector);
        _outbox.send(_to, "hello", 1 days + 1);
        vm.expectRevert();
        _outbox.send(_to, "hello", type(uint64).max);
        equal(_outbox.send(_to, "hello", 1 days), 1, "the longest there is");
    }

    function test_UnknownLightClientsAreRefused() public {
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, "testonly-7"));
        _outbox.send(ForeignAccount("testonly-7", "x"), "hello", 1 hours);
    }

    function test_EmptyMessagesAreRefused() public {
        vm.expectRevert(EmptyMessage.selector);
        _outbox.send(_to, "", 1 hours);
    }

    /// @dev Whatever happens to messages, and in whatever order: each ends once, as what happened to it.
    function testFuzz_EachMessageEndsOnce(uint8[8] calldata fates) public {
        uint256 answers = 0;
        for (uint256 i = 0; i < fates.length; ++i) {
            uint64 sequence = _outbox.send(_to, fates[i] % 2 == 0 ? bytes("hello") : bytes("r"), 1 hours);
            if (fates[i] < 64) {
                _link.timeOut();
            } else {
                _link.deliver();
                if (fates[i] >= 128) vm.warp(block.timestamp + 2 hours);
                _link.acknowledge();
                if (fates[i] % 2 == 0) ++answers;
            }
            equal(_outbox.ends(sequence), 1, "ended");
            if (_link.trip(i).stage == Stage.TimedOut) _link.timeOut(i);
            else _link.acknowledge(i);
            equal(_outbox.ends(sequence), 1, "once");
        }
        equal(_outbox.answered(), answers, "answered");
        equal(_outbox.failed(), fates.length - answers, "failed");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {HexAddress} from "../../../../contracts/evm/apps/encoding/HexAddress.sol";
import {MessageApp} from "../../../../contracts/evm/apps/messages/MessageApp.sol";
import {EmptyMessage} from "../../../../contracts/evm/errors/AppErrors.sol";
import {CallerIsNotMessageApp, SenderNotAccepted} from "../../../../contracts/evm/errors/MessageErrors.sol";
import {
    CallbackRevertedWithoutReason,
    CallerIsNotRouter,
    GasTooLow,
    TimeoutElapsed
} from "../../../../contracts/evm/errors/PacketRouterErrors.sol";
import {IPacketApp, PacketContext} from "../../../../contracts/evm/interfaces/IPacketApp.sol";
import {PacketRouter} from "../../../../contracts/evm/PacketRouter.sol";
import {evmAccount, ForeignAccount} from "../../../../contracts/evm/types/ForeignAccount.sol";
import {Packet} from "../../../../contracts/evm/types/Packet.sol";
import {Stage, TestLink, Trip} from "../../../../contracts/evm-testing/TestLink.sol";
import {Expect} from "../../support/Expect.sol";
import {newLink} from "../../support/Link.sol";
import {vm} from "../../support/Vm.sol";
import {Inbox} from "./support/Inbox.sol";

contract MessageReceiverTest is Expect {
    address private constant ALICE = address(0xA11CE);
    address private constant MALLORY = address(0xBAD);

    TestLink private _link;
    Inbox private _inbox;
    MessageApp private _app;
    string private _onA;
    string private _onB;

    function setUp() public {
        _link = newLink();
        (_onA, _onB) = (_link.onA(), _link.onB());
        _app = _link.b().messageApp();
        _inbox = new Inbox(_app);
        _inbox.accept(evmAccount(_onB, ALICE));
    }

    function _send(address from, bytes memory payload) private {
        _link.send(from, address(_inbox), payload);
    }

    function _isRefused(Trip memory trip, bytes memory reason) private view {
        isTrue(trip.refused, "refused");
        equal(trip.reason, reason, "reason");
        equal(_inbox.received(), 0, "nothing happened");
    }

    function _notAccepted(string memory clientId, string memory account) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SenderNotAccepted.selector, clientId, account);
    }

    // --- who gets through

    function test_AnAcceptedSenderGetsThrough() public {
        _send(ALICE, "hello");
        Trip memory trip = _link.deliver();
        isTrue(!trip.refused, "received");
        equal(trip.answerOf(), "hello", "answer");
        equal(_inbox.lastClientId(), _onB, "client id");
        equal(_inbox.lastAccount(), "0x00000000000000000000000000000000000a11ce", "account");
    }

    function test_NobodyIsAcceptedAtFirst() public {
        _inbox = new Inbox(_app);
        _send(ALICE, "hello");
        _isRefused(_link.deliver(), _notAccepted(_onB, HexAddress.write(ALICE)));
    }

    function test_AnotherSenderIsRefused() public {
        _send(MALLORY, "hello");
        _isRefused(_link.deliver(), _notAccepted(_onB, HexAddress.write(MALLORY)));
    }

    function test_ADroppedSenderIsRefused() public {
        _inbox.drop(evmAccount(_onB, ALICE));
        isTrue(!_inbox.accepts(evmAccount(_onB, ALICE)), "dropped");
        _send(ALICE, "hello");
        _isRefused(_link.deliver(), _notAccepted(_onB, HexAddress.write(ALICE)));
    }

    /// @dev Anyone can put a light client of a chain of his own behind a new client id, and be ALICE there.
    function test_TheSameNameOverAnotherLightClientIsRefused() public {
        string memory name = HexAddress.write(ALICE);
        vm.expectRevert(_notAccepted("testonly-7", name));
        vm.prank(address(_app));
        _inbox.onMessage("testonly-7", name, "hello");
    }

    function test_OnlyTheMessageAppDelivers() public {
        string memory name = HexAddress.write(ALICE);
        address[3] memory callers = [ALICE, address(_link.b().router()), address(_link.a().messageApp())];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(CallerIsNotMessageApp.selector, callers[i]));
            vm.prank(callers[i]);
            _inbox.onMessage(_onB, name, "hello");
        }
    }

    /// @dev Accounts are compared as text: what messages never say is never accepted.
    function test_AnAccountInCapitalsIsAnother() public {
        _inbox = new Inbox(_app);
        _inbox.accept(ForeignAccount(_onB, "0x00000000000000000000000000000000000A11CE"));
        _send(ALICE, "hello");
        _isRefused(_link.deliver(), _notAccepted(_onB, HexAddress.write(ALICE)));
    }

    /// @dev Where the client id ends and the account begins matters.
    function test_ClientIdAndAccountAreKeptApart() public {
        _inbox.accept(ForeignAccount("client-1", "2"));
        isTrue(!_inbox.accepts(ForeignAccount("client-12", "")), "shifted");
        isTrue(!_inbox.accepts(ForeignAccount("client-", "12")), "shifted back");
        isTrue(!_inbox.accepts(ForeignAccount("2", "client-1")), "swapped");
    }

    function testFuzz_OnlyThePairCounts(string calldata clientId, string calldata account) public {
        bool same =
            keccak256(bytes(clientId)) == keccak256(bytes(_onB)) &&
                keccak256(bytes(account)) == keccak256(bytes(HexAddress.write(ALICE)));
        vm.assume(!same);
        vm.expectRevert(_notAccepted(clientId, account));
        vm.prank(address(_app));
        _inbox.onMessage(clientId, account, "hello");
    }

    // --- refusing

    function test_RevertingWithAReasonRefuses() public {
        _send(ALICE, "r");
        _isRefused(_link.deliver(), abi.encodeWithSelector(Inbox.Refused.selector, bytes("r")));
    }

    function test_RevertingWithoutAReasonWaits() public {
        _send(ALICE, "q");
        _link.collect();
        vm.expectRevert(CallbackRevertedWithoutReason.selector);
        _link.deliver();
        isTrue(_link.trip(0).stage == Stage.Sent, "deliverable");
        _link.timeOut();
    }

    /// @dev What the documentation warns of.
    function test_DecodingOtherBytesGivesNoReason() public {
        _send(ALICE, "d12");
        _link.collect();
        vm.expectRevert(CallbackRevertedWithoutReason.selector);
        _link.deliver();
        _send(ALICE, bytes.concat("d", bytes32(uint256(9))));
        isTrue(!_link.deliver(1).refused, "decoded");
    }

    function test_AnEmptyMessageIsNoMessage() public {
        MessageApp app = _link.a().messageApp();
        vm.expectRevert(EmptyMessage.selector);
        app.sendMessage(_onA, HexAddress.write(address(_inbox)), "", uint64(block.timestamp + 1));
    }

    // --- once

    function test_AReplayChangesNothing() public {
        _send(ALICE, "hello");
        _link.deliver();
        _link.deliver(0);
        _link.acknowledge();
        _link.deliver(0);
        equal(_inbox.received(), 1, "once");
    }

    function test_ARefusalStands() public {
        _inbox.drop(evmAccount(_onB, ALICE));
        _send(ALICE, "hello");
        _link.deliver();
        _inbox.accept(evmAccount(_onB, ALICE));
        _link.deliver(0);
        equal(_inbox.received(), 0, "accepting later does not revive it");
    }

    function test_WhatTimedOutIsNotReceivedLater() public {
        _send(ALICE, "hello");
        _link.timeOut();
        vm.expectPartialRevert(TimeoutElapsed.selector);
        _link.deliver(0);
        equal(_inbox.received(), 0, "never");
    }

    // --- from inside

    function test_NothingIsDeliveredFromInside() public {
        _send(ALICE, "s");
        _send(ALICE, "s");
        bytes memory locked = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        address router = address(_link.b().router());
        _inbox.arm(router, abi.encodeCall(PacketRouter.recvPacket, (_link.trip(1).packet, "")));
        equal(_link.deliver(0).answerOf(), locked, "another one");
        equal(_link.deliver(1).answerOf(), locked, "the same one");
        equal(_inbox.received(), 2, "each once");
    }

    function test_AReceiverCannotSpeakForTheRouter() public {
        _send(ALICE, "s");
        Packet memory packet = _link.trip(0).packet;
        PacketContext memory context = PacketContext(_onB, _onA, 1, packet.payloads[0], address(this));
        _inbox.arm(address(_app), abi.encodeCall(IPacketApp.onTimeoutPacket, (context)));
        equal(
            _link.deliver().answerOf(),
            abi.encodeWithSelector(CallerIsNotRouter.selector, address(_inbox)),
            "refused"
        );
    }

    // --- gas

    function test_StarvingAMessageRefusesNothing() public {
        _send(ALICE, "g");
        _link.collect();
        vm.expectRevert(GasTooLow.selector);
        _link.deliver{gas: 2_500_000}();
        isTrue(_link.trip(0).stage == Stage.Sent, "as before");
        isTrue(!_link.deliver().refused, "with enough, received");
        equal(_inbox.received(), 1, "once");
    }

    function testFuzz_NoAmountOfGasRefuses(uint256 gas_) public {
        gas_ = 50_000 + (gas_ % 8_000_000);
        _send(ALICE, "g");
        _link.collect();
        try _link.deliver{gas: gas_}() returns (Trip memory trip) {
            isTrue(!trip.refused, "received");
        } catch {
            isTrue(!_link.trip(0).refused && !_link.deliver().refused, "as before");
        }
        equal(_inbox.received(), 1, "once");
    }
}

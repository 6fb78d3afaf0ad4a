// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {Greeter} from "../../../contracts/evm/apps/examples/Greeter.sol";
import {MessageApp} from "../../../contracts/evm/apps/messages/MessageApp.sol";
import {MessageData, MessageResult} from "../../../contracts/evm/apps/messages/MessageData.sol";
import {
    EmptyMessage,
    MalformedPacketData,
    ReceiverMissing,
    ReceiverNotAllowed,
    UnexpectedVersion
} from "../../../contracts/evm/errors/AppErrors.sol";
import {CallerIsNotRouter} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {PacketContext} from "../../../contracts/evm/interfaces/IPacketApp.sol";
import {evmAccount} from "../../../contracts/evm/types/ForeignAccount.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {vm} from "../support/Vm.sol";
import {Inbox} from "./base/support/Inbox.sol";

contract MessageTest is TwoHosts {
    Greeter private _alice;
    Greeter private _bob;

    function setUp() public override {
        super.setUp();
        _alice = new Greeter(a.messageApp());
        _bob = new Greeter(b.messageApp());
    }

    function _greet(string memory receiver, bytes memory greeting) private returns (Packet memory) {
        vm.recordLogs();
        _alice.greet(onA, receiver, string(greeting), soon());
        return lastSent();
    }

    function test_CallsTheReceiverAndBringsBackItsAnswer() public {
        Packet memory packet = _greet(HexAddress.write(address(_bob)), "hello");
        bytes[] memory acknowledgements = deliver(b, packet);
        equal(acknowledgements[0], abi.encode(MessageResult("You said: hello")), "acknowledgement");
        equal(_bob.lastGreeting(), "hello", "greeting");
        acknowledgeOn(a, packet, acknowledgements);
        equal(_alice.lastReply(), "You said: hello", "reply");
    }

    /// @dev What the documentation of MessageReceiver promises of a short message, with the router and the app as they ship.
    function test_LeavesReceiversMostOfTheGas() public {
        Inbox inbox = new Inbox(b.messageApp());
        inbox.accept(evmAccount(onB, address(_alice)));
        bytes memory answer = deliver(b, _greet(HexAddress.write(address(inbox)), "n"))[0];
        uint256 left = abi.decode(abi.decode(answer, (MessageResult)).result, (uint256));
        isTrue(4_000_000 - left < 100_000, "used before");
    }

    function test_TheSenderLearnsOfFailureAndTimeout() public {
        Packet memory packet = _greet("0x0000000000000000000000000000000000000b0b", "hello");
        bytes[] memory acknowledgements = deliver(b, packet);
        equal(acknowledgements[0], ERROR_ACKNOWLEDGEMENT, "no code there");
        acknowledgeOn(a, packet, acknowledgements);
        equal(commitmentOn(a, packet), bytes32(0), "settled");
        packet = _greet(HexAddress.write(address(_bob)), "hello");
        vm.warp(packet.timeoutTimestamp);
        timeOutOn(a, packet);
        equal(commitmentOn(a, packet), bytes32(0), "settled");
        equal(_alice.lastReply(), "", "no reply");
    }

    /// @dev Poly Network, August 2021: a message reached the contract that held the keys. No core contract, application or
    /// access manager is ever a receiver, whatever the payload says.
    function test_Incident1_NoMessageReachesTheCore() public {
        address[4] memory core = [
            address(b.router()),
            address(b.manager()),
            address(b.messageApp()),
            address(b.transferApp())
        ];
        bytes memory takeOver = abi.encodeCall(AccessManager.grantRole, (0, address(_alice), 0));
        for (uint256 i = 0; i < core.length; ++i) {
            Packet memory packet = _greet(HexAddress.write(core[i]), takeOver);
            equal(deliver(b, packet)[0], ERROR_ACKNOWLEDGEMENT, "refused");
        }
    }

    /// @dev Hyperbridge, April 2026: administration by message. The payload never chooses the function that is called.
    function test_Incident14_APayloadIsNeverASelector() public {
        bytes memory payload_ = abi.encodeCall(Greeter.greet, ("x", "y", "z", 1));
        Packet memory packet = _greet(HexAddress.write(address(_bob)), payload_);
        receiveOn(b, packet);
        equal(bytes(_bob.lastGreeting()), payload_, "only text");
        equal(b.router().nextSequenceSend(onB), 1, "nothing was sent");
    }

    function test_OnlyTheRouterDelivers() public {
        PacketContext memory context = _context(abi.encode(_data(address(_bob), "hello")));
        MessageApp app = b.messageApp();
        bytes memory reason = abi.encodeWithSelector(CallerIsNotRouter.selector, address(this));
        vm.expectRevert(reason);
        app.onRecvPacket(context);
        vm.expectRevert(reason);
        app.onAcknowledgementPacket(context, ERROR_ACKNOWLEDGEMENT);
        vm.expectRevert(reason);
        app.onTimeoutPacket(context);
    }

    function test_OnlyTheMessageAppCallsReceivers() public {
        vm.expectRevert(abi.encodeWithSelector(Greeter.CallerIsNotMessageApp.selector, address(this)));
        _bob.onMessage(onB, "0x", "hello");
        vm.expectRevert(abi.encodeWithSelector(Greeter.CallerIsNotMessageApp.selector, address(this)));
        _bob.onMessageResult(onB, 1, true, "hello");
    }

    function test_RefusesBadPackets() public {
        bytes memory good = abi.encode(_data(address(_bob), "hello"));
        _refuses(_context("garbage"), abi.encodeWithSelector(MalformedPacketData.selector));
        _refuses(_context(bytes.concat(good, bytes32(0))), abi.encodeWithSelector(MalformedPacketData.selector));
        _refuses(_context(abi.encode(_data(address(_bob), ""))), abi.encodeWithSelector(EmptyMessage.selector));
        MessageData memory data = _data(address(_bob), "hello");
        data.receiver = "bob";
        _refuses(_context(abi.encode(data)), abi.encodeWithSelector(ReceiverNotAllowed.selector, "bob"));
        PacketContext memory context = _context(good);
        context.payload.version = "ics27-1";
        _refuses(context, abi.encodeWithSelector(UnexpectedVersion.selector, "ics27-1"));
    }

    function test_RefusesBadRequests() public {
        MessageApp app = a.messageApp();
        vm.expectRevert(EmptyMessage.selector);
        app.sendMessage(onA, "x", "", soon());
        vm.expectRevert(ReceiverMissing.selector);
        app.sendMessage(onA, "", "x", soon());
    }

    function _data(address receiver, bytes memory payload_) private pure returns (MessageData memory) {
        return MessageData("0x", HexAddress.write(receiver), "", payload_, "");
    }

    function _context(bytes memory value) private view returns (PacketContext memory) {
        Payload memory payload_ = Payload("gmpport", "gmpport", "ics27-2", "application/x-solidity-abi", value);
        return PacketContext(onA, onB, 1, payload_, address(this));
    }

    function _refuses(PacketContext memory context, bytes memory reason) private {
        MessageApp app = b.messageApp();
        vm.prank(address(b.router()));
        vm.expectRevert(reason);
        app.onRecvPacket(context);
    }
}

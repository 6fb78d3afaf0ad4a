// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {CallerIsNotRouter, PacketNotReceived} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {PacketPaths} from "../../../contracts/evm/store/PacketPaths.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {vm} from "../support/Vm.sol";
import {Forwarder, StrikingApp} from "./support/StrikingApp.sol";

/// @title Every entry of the router, called again from inside every callback
/// @notice Huckleberry (GO-2024-2874) and ASA-2024-007: a timeout or acknowledgement re-entered before its packet was gone.
/// Messina, March 2026: one approval claimed up to 143 times, each claim from inside the one before.
contract ReentryTest is TwoHosts {
    StrikingApp private _app;
    StrikingApp private _peer;
    PacketRouter private _router;
    bytes private _locked = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);

    /// What `b` could do next, were it not busy with one of the three; encoded, because only the IR pipeline copies arrays of structs
    /// to storage.
    bytes[4] private _packets;
    bytes[] private _answer;

    function setUp() public override {
        super.setUp();
        _peer = new StrikingApp(a.router());
        a.bindPort("striking", address(_peer));
        _app = new StrikingApp(b.router());
        b.bindPort("striking", address(_app));
        _router = b.router();

        _packets[3] = abi.encode(_sent(_app, onB, uint64(block.timestamp + 10), "late"));
        vm.warp(block.timestamp + 10);
        _packets[0] = abi.encode(_sent(_peer, onA, soon(), "incoming"));
        _packets[1] = abi.encode(_sent(_peer, onA, soon(), "other"));
        _packets[2] = abi.encode(_sent(_app, onB, soon(), "outgoing"));
        _answer = deliver(a, _outgoing());
        _peer.disarm();
    }

    function _packet(uint256 index) private view returns (Packet memory) {
        return abi.decode(_packets[index], (Packet));
    }

    function _incoming() private view returns (Packet memory) {
        return _packet(0);
    }

    function _other() private view returns (Packet memory) {
        return _packet(1);
    }

    function _outgoing() private view returns (Packet memory) {
        return _packet(2);
    }

    function _late() private view returns (Packet memory) {
        return _packet(3);
    }

    function _sent(
        StrikingApp app,
        string memory clientId,
        uint64 timeoutTimestamp,
        bytes memory value
    ) private returns (Packet memory) {
        vm.recordLogs();
        app.send(clientId, timeoutTimestamp, one(payload("striking", value)));
        return lastSent();
    }

    /// @dev Every delivering entry, for the packet at hand and for others, directly and through somebody else.
    function _armEverything() private returns (uint256 strikes) {
        bytes[8] memory calls = [
            receiveCall(_incoming()),
            receiveCall(_other()),
            acknowledgeCall(_outgoing(), _answer),
            timeoutCall(_late()),
            relayCall(receiveBatch(_incoming())),
            relayCall(acknowledgeBatch(_outgoing(), _answer)),
            relayCall(timeoutBatch(_late())),
            relayCall(emptyBatch(onB))
        ];
        Forwarder forwarder = new Forwarder();
        for (uint256 i = 0; i < calls.length; ++i) {
            _app.arm(address(_router), calls[i]);
            _app.arm(address(forwarder), abi.encodeCall(Forwarder.forward, (address(_router), calls[i])));
        }
        return 2 * calls.length;
    }

    function _expectLocked(uint256 strikes) private {
        bytes[] memory answers = _app.answers();
        equal(answers.length, strikes, "every strike was made");
        for (uint256 i = 0; i < strikes; i += 2) {
            equal(answers[i], _locked, "locked");
            equal(abi.decode(answers[i + 1], (bytes)), _locked, "locked for others, too");
        }
        _app.disarm();
    }

    /// @dev All four packets, each to its end, twice: whatever was struck before, each has one effect.
    function _settleAll() private {
        for (uint256 i = 0; i < 2; ++i) {
            receiveOn(b, _incoming());
            receiveOn(b, _other());
            acknowledgeOn(b, _outgoing(), _answer);
            timeOutOn(b, _late());
        }
        equal(_app.received(), 2, "each received once");
        equal(_app.acknowledged(), 1, "acknowledged once");
        equal(_app.timedOut(), 1, "timed out once");
    }

    function test_Incident13_NothingIsDeliveredFromInsideAReceipt() public {
        uint256 strikes = _armEverything();
        receiveOn(b, _incoming());
        equal(_app.received(), 1, "once");
        _expectLocked(strikes);
        _settleAll();
    }

    function test_Incident7_NothingIsDeliveredFromInsideAnAcknowledgement() public {
        uint256 strikes = _armEverything();
        acknowledgeOn(b, _outgoing(), _answer);
        equal(_app.acknowledged(), 1, "once");
        _expectLocked(strikes);
        _settleAll();
    }

    function test_Incident7_NothingIsDeliveredFromInsideATimeout() public {
        uint256 strikes = _armEverything();
        timeOutOn(b, _late());
        equal(_app.timedOut(), 1, "once");
        _expectLocked(strikes);
        _settleAll();
    }

    function test_Incident13_NothingIsDeliveredFromTheSingleEntriesEither() public {
        uint256 strikes = _armEverything();
        (bool ok, ) = address(_router).call(receiveCall(_incoming()));
        isTrue(ok, "received");
        _expectLocked(strikes);
        strikes = _armEverything();
        (ok, ) = address(_router).call(acknowledgeCall(_outgoing(), _answer));
        isTrue(ok, "acknowledged");
        _expectLocked(strikes);
        strikes = _armEverything();
        (ok, ) = address(_router).call(timeoutCall(_late()));
        isTrue(ok, "timed out");
        _expectLocked(strikes);
        _settleAll();
    }

    /// @dev Two payloads: the second callback runs in the same frame as the first, and finds the door locked as well.
    function test_Incident13_NothingIsDeliveredFromInsideSeveralPayloads() public {
        Payload[] memory payloads = new Payload[](2);
        payloads[0] = payload("striking", "one");
        payloads[1] = payload("striking", "two");
        vm.recordLogs();
        _peer.send(onA, soon(), payloads);
        Packet memory double = lastSent();
        uint256 strikes = _armEverything();
        receiveOn(b, double);
        _expectLocked(2 * strikes);
        equal(_app.received(), 2, "one callback for each payload");
        receiveOn(b, double);
        equal(_app.received(), 2, "once");
    }

    /// @dev One receipt per packet, written before the call; one commitment, deleted before the call.
    function test_Incident7And13_TheStoreIsWrittenBeforeTheCall() public {
        bytes32 receipt = keccak256(PacketPaths.receipt(onB, _incoming().sequence));
        bytes32 outgoing = keccak256(PacketPaths.commitment(onB, _outgoing().sequence));
        bytes32 late = keccak256(PacketPaths.commitment(onB, _late().sequence));
        _app.arm(address(_router), abi.encodeCall(IPacketRouter.getCommitment, (receipt)));
        receiveOn(b, _incoming());
        isTrue(abi.decode(_app.answers()[0], (bytes32)) == commitmentOn(a, _incoming()), "the receipt is there");
        _app.disarm();
        _app.arm(address(_router), abi.encodeCall(IPacketRouter.getCommitment, (outgoing)));
        acknowledgeOn(b, _outgoing(), _answer);
        isTrue(abi.decode(_app.answers()[0], (bytes32)) == 0, "the commitment is gone");
        _app.disarm();
        _app.arm(address(_router), abi.encodeCall(IPacketRouter.getCommitment, (late)));
        timeOutOn(b, _late());
        isTrue(abi.decode(_app.answers()[0], (bytes32)) == 0, "the commitment is gone");
    }

    /// @dev Sending is allowed from inside each callback, and makes a packet of its own each time: no sequence twice.
    function test_Incident13_SendingFromInsideMakesNewPackets() public {
        bytes memory send = abi.encodeCall(IPacketRouter.sendPacket, (onB, soon(), one(payload("striking", "again"))));
        uint64 next = _router.nextSequenceSend(onB);
        _app.arm(address(_router), send);
        _app.arm(address(_router), send);
        vm.recordLogs();
        receiveOn(b, _incoming());
        acknowledgeOn(b, _outgoing(), _answer);
        timeOutOn(b, _late());
        Packet[] memory packets = sentPackets();
        equal(packets.length, 6, "two from each");
        equal(_router.nextSequenceSend(onB), next + 6, "in sequence");
        _app.disarm();
        for (uint256 i = 0; i < 6; ++i) {
            equal(packets[i].sequence, next + i, "each its own");
            receiveOn(a, packets[i]);
            receiveOn(a, packets[i]);
        }
        equal(_peer.received(), 7, "each delivered once");
    }

    /// @dev Acknowledging from inside is for packets that were received: not for those that were sent.
    function test_Incident7_NoAcknowledgementOfWhatWasNotReceived() public {
        _app.arm(address(_router), abi.encodeCall(IPacketRouter.writeAcknowledgement, (_other(), "early")));
        _app.arm(address(_router), abi.encodeCall(IPacketRouter.writeAcknowledgement, (_incoming(), "late")));
        acknowledgeOn(b, _outgoing(), _answer);
        timeOutOn(b, _late());
        bytes[] memory answers = _app.answers();
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory reason = abi.encodeWithSelector(
                PacketNotReceived.selector,
                i % 2 == 0 ? _other().sequence : _incoming().sequence
            );
            equal(answers[i], reason, "not received");
        }
        equal(acknowledgementOn(b, _other()), bytes32(0), "nothing written");
        _app.disarm();
        _settleAll();
    }

    /// @dev The frame around several payloads belongs to the router, also while it is busy.
    function test_Incident13_TheRoutersFrameIsItsOwn() public {
        _app.arm(
            address(_router),
            abi.encodeCall(
                PacketRouter.callEach,
                (PacketRouter.Callback.Receive, _other(), new bytes[](0), address(this))
            )
        );
        receiveOn(b, _incoming());
        equal(_app.answers()[0], abi.encodeWithSelector(CallerIsNotRouter.selector, address(_app)), "refused");
        equal(_app.received(), 1, "one packet, one callback");
    }
}

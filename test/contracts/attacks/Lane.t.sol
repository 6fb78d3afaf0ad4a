// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {
    CallerDoesNotOwnPort,
    CallerIsNotRouter,
    ClientNotFound,
    CounterpartyNotRegistered,
    InvalidClientId,
    InvalidLightClient,
    PacketFromAnotherCounterparty,
    PacketHasNoPayload,
    PacketNotReceived,
    TimeoutNotReached
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {
    ClientExpired,
    InvalidStorageProof,
    Malformed,
    UnknownHeight,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {AckMsg, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {BeaconLightClient} from "../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {Shipped} from "../support/Shipped.sol";
import {vm} from "../support/Vm.sol";
import {BeaconVectors} from "./support/BeaconVectors.sol";

/// @title The router with the light client it is for, and genuine proofs of everything but what is claimed
/// @notice The packets are those of scripts/vectors/beacon/lane.ts. Hyperbridge, April 2026: a proof was not bound to the request.
contract LaneTest is BeaconVectors {
    PacketRouter private _router;
    ScriptedApp private _app;
    bytes[] private _answer;
    string[9] private _proofs = [
        "lane-commitment",
        "lane-commitment-of-another-client",
        "lane-commitment-of-another-sequence",
        "lane-acknowledgement",
        "lane-acknowledgement-of-another-client",
        "lane-receipt",
        "lane-no-receipt",
        "lane-no-receipt-of-another-client",
        "lane-no-receipt-of-another-sequence"
    ];

    function setUp() public {
        Vector memory v = vector("lane-batch");
        BeaconLightClient client = clientOf(v);
        _router = Shipped.router(address(Shipped.accessManager(address(this))));
        equal(_router.createClient(address(client)), "beacon-0", "client id");
        _router.registerCounterparty("beacon-0", "beacon-5", new bytes[](1), 4);
        _app = new ScriptedApp(_router);
        AccessManager(_router.authority()).execute(
            address(_router),
            abi.encodeCall(_router.bindPort, ("scripted", address(_app)))
        );
        _answer.push("ack:one");
        // Sent a minute before the block that everything is proven at.
        vm.warp(1_700_002_440);
        _app.send("beacon-0", 1_700_002_450, _payloads("one"));
        _app.send("beacon-0", 1_700_002_450, _payloads("one"));
        vm.warp(v.time);
    }

    function _incoming() private pure returns (Packet memory) {
        return Packet(7, "beacon-5", "beacon-0", 1_700_010_000, _payloads("echo"));
    }

    function _answered() private pure returns (Packet memory) {
        return Packet(1, "beacon-0", "beacon-5", 1_700_002_450, _payloads("one"));
    }

    function _late() private pure returns (Packet memory) {
        return Packet(2, "beacon-0", "beacon-5", 1_700_002_450, _payloads("one"));
    }

    function _payloads(bytes memory value) private pure returns (Payload[] memory payloads) {
        payloads = new Payload[](1);
        payloads[0] = Payload("scripted", "scripted", "v1", "raw", value);
    }

    function _proof(string memory name) private view returns (bytes memory) {
        return vector(name).proof;
    }

    function test_EachByItsOwnProof() public {
        _router.recvPacket(_incoming(), _proof("lane-commitment"));
        _router.acknowledgePacket(_answered(), _answer, _proof("lane-acknowledgement"));
        _router.timeoutPacket(_late(), _proof("lane-no-receipt"));
        equal(_app.received() + _app.acknowledged() + _app.timedOut(), 3, "all of them");
    }

    /// @dev Nomad, August 2022: what nobody had set was as good as what was proven. No client id, light client or counterparty
    /// is there by default, before anything was registered or between two registrations.
    function test_Incident4_NothingIsThereByDefault() public {
        bytes memory proof = _proof("lane-commitment");
        Packet memory packet = _incoming();
        packet.destClient = "";
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, ""));
        _router.recvPacket(packet, proof);
        packet.destClient = "beacon-1";
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, "beacon-1"));
        _router.recvPacket(packet, proof);
        BeaconLightClient other = clientOf(vector("lane-commitment"));
        _router.createClient(address(other));
        vm.expectRevert(abi.encodeWithSelector(CounterpartyNotRegistered.selector, "beacon-1"));
        _router.recvPacket(packet, proof);
        vm.expectRevert(abi.encodeWithSelector(InvalidClientId.selector, ""));
        _router.registerCounterparty("beacon-1", "", new bytes[](1), 1);
        vm.expectRevert(abi.encodeWithSelector(CounterpartyNotRegistered.selector, "beacon-1"));
        _app.send("beacon-1", uint64(block.timestamp + 1), _payloads("one"));
        vm.expectRevert(abi.encodeWithSelector(InvalidLightClient.selector, address(0)));
        _router.createClient(address(0));
        packet = _incoming();
        packet.sourceClient = "";
        vm.expectRevert(abi.encodeWithSelector(PacketFromAnotherCounterparty.selector, ""));
        _router.recvPacket(packet, proof);
        packet = _incoming();
        packet.sequence = 0;
        vm.expectRevert(InvalidStorageProof.selector);
        _router.recvPacket(packet, proof);
        packet.payloads = new Payload[](0);
        vm.expectRevert(PacketHasNoPayload.selector);
        _router.recvPacket(packet, proof);
    }

    /// @dev CrossCurve, February 2026: an express path skipped the check. There is none: each entry asks the light client, or the
    /// caller for what only the application of the packet may do.
    function test_Incident11_NoDoorWithoutAProof() public {
        bytes[3] memory proofs = [bytes(""), hex"00", bytes(new bytes(200))];
        for (uint256 i = 0; i < proofs.length; ++i) {
            bytes4 reason = i == 2 ? UnknownHeight.selector : Malformed.selector;
            vm.expectRevert(reason);
            _router.recvPacket(_incoming(), proofs[i]);
            vm.expectRevert(reason);
            _router.acknowledgePacket(_answered(), _answer, proofs[i]);
            vm.expectRevert(reason);
            _router.timeoutPacket(_late(), proofs[i]);
            RelayBatch memory batch = _batch();
            batch.proof = proofs[i];
            vm.expectRevert(reason);
            _router.relay(batch);
        }
        vm.expectRevert(abi.encodeWithSelector(CallerIsNotRouter.selector, address(this)));
        _router.callEach(PacketRouter.Callback.Receive, _incoming(), new bytes[](0), address(this));
        vm.expectRevert(abi.encodeWithSelector(CallerDoesNotOwnPort.selector, "scripted", address(this)));
        _router.writeAcknowledgement(_incoming(), "ack");
        vm.prank(address(_app));
        vm.expectRevert(abi.encodeWithSelector(PacketNotReceived.selector, 7));
        _router.writeAcknowledgement(_incoming(), "ack");
        equal(_app.received() + _app.acknowledged() + _app.timedOut(), 0, "nothing");
    }

    /// @dev Every genuine proof of another client, sequence or kind, at every door.
    function test_Incident14_NoOtherProofOpensADoor() public {
        for (uint256 i = 0; i < _proofs.length; ++i) {
            bytes memory proof = _proof(_proofs[i]);
            if (i != 0) {
                vm.expectRevert(InvalidStorageProof.selector);
                _router.recvPacket(_incoming(), proof);
            }
            if (i != 3) {
                vm.expectRevert(InvalidStorageProof.selector);
                _router.acknowledgePacket(_answered(), _answer, proof);
            }
            if (i != 6) {
                vm.expectRevert(InvalidStorageProof.selector);
                _router.timeoutPacket(_late(), proof);
            }
        }
        equal(_app.received() + _app.acknowledged() + _app.timedOut(), 0, "nothing");
    }

    /// @dev The right path with its right proof, and another claim about it.
    function test_Incident14And18_TheProofIsForTheseBytes() public {
        Packet memory packet = _incoming();
        bytes memory proof = _proof("lane-commitment");
        packet.payloads[0].value = "echo 1000";
        vm.expectRevert(ValueMismatch.selector);
        _router.recvPacket(packet, proof);
        packet = _incoming();
        packet.timeoutTimestamp += 1;
        vm.expectRevert(ValueMismatch.selector);
        _router.recvPacket(packet, proof);
        proof = _proof("lane-acknowledgement");
        bytes[] memory other = new bytes[](1);
        other[0] = "ack:two";
        vm.expectRevert(ValueMismatch.selector);
        _router.acknowledgePacket(_answered(), other, proof);
        proof = _proof("lane-receipt");
        vm.expectRevert(ValuePresent.selector);
        _router.timeoutPacket(_answered(), proof);
    }

    function _batch() private view returns (RelayBatch memory batch) {
        batch.clientId = "beacon-0";
        batch.proof = _proof("lane-batch");
        batch.recvs = new Packet[](1);
        batch.recvs[0] = _incoming();
        batch.acks = new AckMsg[](1);
        batch.acks[0] = AckMsg(_answered(), _answer);
        batch.timeouts = new Packet[](1);
        batch.timeouts[0] = _late();
    }

    function test_ABatchByItsOwnProof() public {
        _router.relay(_batch());
        equal(_app.received() + _app.acknowledged() + _app.timedOut(), 3, "all of them");
    }

    /// @dev The proof is of these claims in this order: neither fewer, nor more, nor others.
    function test_Incident15_ABatchIsWhatItsProofIsOf() public {
        RelayBatch memory batch = _batch();
        batch.recvs = new Packet[](0);
        vm.expectRevert(InvalidStorageProof.selector);
        _router.relay(batch);
        batch = _batch();
        batch.timeouts = new Packet[](0);
        vm.expectRevert(Malformed.selector);
        _router.relay(batch);
        batch = _batch();
        batch.recvs = new Packet[](2);
        (batch.recvs[0], batch.recvs[1]) = (_incoming(), _incoming());
        vm.expectRevert(InvalidStorageProof.selector);
        _router.relay(batch);
        batch = _batch();
        batch.timeouts[0] = _answered();
        vm.expectRevert(InvalidStorageProof.selector);
        _router.relay(batch);
        batch = _batch();
        batch.proof = "";
        vm.expectRevert(Malformed.selector);
        _router.relay(batch);
        equal(_app.received() + _app.acknowledged() + _app.timedOut(), 0, "nothing");
    }

    /// @dev That there is no receipt yet says nothing about the time after the timeout.
    function test_Incident25_ATimeoutNeedsABlockOfItsTime() public {
        Packet memory packet = Packet(3, "beacon-0", "beacon-5", 1_700_002_497, _payloads("one"));
        vm.warp(1_700_002_440);
        _app.send("beacon-0", packet.timeoutTimestamp, packet.payloads);
        vm.warp(1_700_009_000);
        bytes memory proof = _proof("lane-no-receipt-of-another-sequence");
        vm.expectRevert(abi.encodeWithSelector(TimeoutNotReached.selector, 1_700_002_497, 1_700_002_496));
        _router.timeoutPacket(packet, proof);
    }

    /// @dev A light client that nobody updated proves nothing any more, however genuine the proof.
    function test_Incident25_AnExpiredLightClientProvesNothing() public {
        bytes memory proof = _proof("lane-commitment");
        vm.warp(1_700_002_496 + 14 days);
        Packet memory packet = _incoming();
        packet.timeoutTimestamp = uint64(block.timestamp) + 1;
        vm.expectRevert(ValueMismatch.selector);
        _router.recvPacket(packet, proof);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(ClientExpired.selector);
        _router.recvPacket(packet, proof);
    }
}

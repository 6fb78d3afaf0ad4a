// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    CallerDoesNotOwnPort,
    ClientNotActive,
    ClientNotFound,
    CounterpartyNotRegistered,
    InvalidPayload,
    PacketHasNoPayload,
    PayloadsTooLarge,
    TimeoutElapsed,
    TimeoutTooFar,
    TooManyPayloads
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {ClientStatus} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {PacketCommitments} from "../../../contracts/evm/store/PacketCommitments.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {ScriptedApp} from "../support/ScriptedApp.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {vm} from "../support/Vm.sol";

contract SendTest is TwoHosts {
    ScriptedApp private _app;

    function setUp() public override {
        super.setUp();
        _app = new ScriptedApp(a.router());
        a.bindPort("scripted", address(_app));
    }

    function test_CommitsToThePacketUnderTheNextSequence() public {
        vm.recordLogs();
        equal(_app.send(onA, soon(), one(payload("scripted", "e1"))), 1, "first");
        equal(_app.send(onA, soon(), one(payload("scripted", "e2"))), 2, "second");
        Packet[] memory packets = sentPackets();
        equal(packets.length, 2, "events");
        for (uint256 i = 0; i < 2; ++i) {
            equal(packets[i].sequence, i + 1, "sequence");
            equal(packets[i].sourceClient, onA, "source");
            equal(packets[i].destClient, onB, "destination");
            equal(commitmentOn(a, packets[i]), this.commit(packets[i]), "commitment");
        }
        equal(a.router().nextSequenceSend(onA), 3, "next");
    }

    function test_TimeoutHasToLieWithinADay() public {
        Payload[] memory payloads = one(payload("scripted", "e"));
        uint64 now_ = uint64(block.timestamp);
        vm.expectRevert(abi.encodeWithSelector(TimeoutElapsed.selector, now_, now_));
        _app.send(onA, now_, payloads);
        vm.expectRevert(abi.encodeWithSelector(TimeoutElapsed.selector, 0, now_));
        _app.send(onA, 0, payloads);
        vm.expectRevert(abi.encodeWithSelector(TimeoutTooFar.selector, now_ + 1 days + 1, now_ + 1 days));
        _app.send(onA, now_ + 1 days + 1, payloads);
        vm.expectRevert(abi.encodeWithSelector(TimeoutTooFar.selector, type(uint64).max, now_ + 1 days));
        _app.send(onA, type(uint64).max, payloads);
        _app.send(onA, now_ + 1, payloads);
        _app.send(onA, now_ + 1 days, payloads);
    }

    function test_OnlyTheAppOfEveryPortSends() public {
        Payload[] memory payloads = new Payload[](2);
        payloads[0] = payload("scripted", "e");
        payloads[1] = payload("transfer", "e");
        vm.expectRevert(abi.encodeWithSelector(CallerDoesNotOwnPort.selector, "transfer", address(_app)));
        _app.send(onA, soon(), payloads);
        payloads[1] = payload("unbound", "e");
        vm.expectRevert(abi.encodeWithSelector(CallerDoesNotOwnPort.selector, "unbound", address(_app)));
        _app.send(onA, soon(), payloads);
    }

    function test_RefusesPayloadsNoHostAccepts() public {
        Payload[] memory payloads = one(payload("scripted", ""));
        vm.expectRevert(abi.encodeWithSelector(InvalidPayload.selector, 0));
        _app.send(onA, soon(), payloads);
        payloads[0] = Payload("scripted", "a/b", "v1", "raw", "e");
        vm.expectRevert(abi.encodeWithSelector(InvalidPayload.selector, 0));
        _app.send(onA, soon(), payloads);
        payloads[0] = Payload("scripted", "other", "", "raw", "e");
        vm.expectRevert(abi.encodeWithSelector(InvalidPayload.selector, 0));
        _app.send(onA, soon(), payloads);
        payloads[0] = Payload("scripted", "other", "v1", " ", "e");
        vm.expectRevert(abi.encodeWithSelector(InvalidPayload.selector, 0));
        _app.send(onA, soon(), payloads);
        vm.expectRevert(PacketHasNoPayload.selector);
        _app.send(onA, soon(), new Payload[](0));
    }

    function test_LimitsSizeAndNumberOfPayloads() public {
        Payload[] memory payloads = new Payload[](5);
        for (uint256 i = 0; i < 5; ++i) payloads[i] = payload("scripted", "e");
        vm.expectRevert(abi.encodeWithSelector(TooManyPayloads.selector, 5, 4));
        _app.send(onA, soon(), payloads);
        payloads = new Payload[](2);
        payloads[0] = payload("scripted", new bytes(200_000));
        payloads[1] = payload("scripted", new bytes(62_145));
        vm.expectRevert(abi.encodeWithSelector(PayloadsTooLarge.selector, 262_145, 262_144));
        _app.send(onA, soon(), payloads);
        payloads[1].value = new bytes(62_144);
        _app.send(onA, soon(), payloads);
    }

    function test_NeedsAnActiveClientWithACounterparty() public {
        Payload[] memory payloads = one(payload("scripted", "e"));
        vm.expectRevert(abi.encodeWithSelector(ClientNotFound.selector, "simple-9"));
        _app.send("simple-9", soon(), payloads);
        (string memory alone, ) = a.createClient(b.router());
        vm.expectRevert(abi.encodeWithSelector(CounterpartyNotRegistered.selector, alone));
        _app.send(alone, soon(), payloads);
        clientOnA.setStatus(ClientStatus.Frozen);
        vm.expectRevert(abi.encodeWithSelector(ClientNotActive.selector, onA, ClientStatus.Frozen));
        _app.send(onA, soon(), payloads);
        clientOnA.setStatus(ClientStatus.Expired);
        vm.expectRevert(abi.encodeWithSelector(ClientNotActive.selector, onA, ClientStatus.Expired));
        _app.send(onA, soon(), payloads);
    }

    function commit(Packet calldata packet) external view returns (bytes32) {
        return PacketCommitments.packet(packet.destClient, packet.timeoutTimestamp, packet.payloads);
    }
}

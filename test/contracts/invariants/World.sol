// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {DemoToken} from "../../../contracts/evm/apps/examples/DemoToken.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketPaths} from "../../../contracts/evm/store/PacketPaths.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {TestLightClient} from "../support/TestLightClient.sol";
import {TwoHosts} from "../support/TwoHosts.sol";
import {Vm, vm} from "../support/Vm.sol";
import {Correspondent} from "./Correspondent.sol";
import {HostileChain} from "./HostileChain.sol";

/// @title Two honest hosts and a hostile chain that both follow, three people, three tokens, and a journal of what happened
/// @notice The hostile chain goes by the same client ids as the honest ones: confusing the lanes would pay off.
abstract contract World is TwoHosts {
    /// @param token At home, where it is escrowed; `voucher` is what it becomes over the honest lane.
    struct Asset {
        Host home;
        Host away;
        string homeClient;
        address token;
        address voucher;
    }

    /// @param target The hostile chain's own end is nowhere: no host.
    /// @param amount Zero for messages.
    struct Sent {
        Host source;
        Host target;
        bool hostile;
        uint256 asset;
        uint256 amount;
        Packet packet;
        bytes message;
        bytes32 commitmentPath;
        bytes32 receiptPath;
        bytes32 acknowledgementPath;
    }

    uint256 internal constant SUPPLY = 3_000;
    /// @dev Sequences the hostile chain uses.
    uint64 internal constant HOSTILE_SEQUENCES = 6;
    bytes internal constant SUCCESS = '{"result":"AQ=="}';

    HostileChain internal hostileChain;
    string internal hostileOnA;
    string internal hostileOnB;
    Asset[3] internal assets;
    address[3] internal people = [address(0xA11CE), address(0xB0B), address(0xCA401)];
    Correspondent internal writerOnA;
    Correspondent internal writerOnB;
    bytes[] internal sent;
    mapping(bytes32 seenEvent => uint256) internal seen;
    mapping(bytes32 written => bytes) internal acknowledgementsSeen;

    function setUp() public virtual override {
        super.setUp();
        hostileChain = new HostileChain();
        TestLightClient unused;
        IPacketRouter claimed = IPacketRouter(address(hostileChain));
        (hostileOnA, unused) = a.createClient(claimed);
        (hostileOnB, unused) = b.createClient(claimed);
        a.registerCounterparty(hostileOnA, onB, 4);
        b.registerCounterparty(hostileOnB, onA, 4);
        writerOnA = new Correspondent(a.messageApp());
        writerOnB = new Correspondent(b.messageApp());
        assets[0] = _asset(a, _newToken());
        assets[1] = _asset(b, _newToken());
        assets[2] = _asset(a, a.transferApp().voucherOf(hostileOnA, "gold"));
    }

    function _newToken() private returns (address) {
        DemoToken token = new DemoToken("Demo", "DEMO", SUPPLY);
        for (uint256 i = 0; i < people.length; ++i) token.transfer(people[i], SUPPLY / people.length);
        return address(token);
    }

    function _asset(Host home, address token) private view returns (Asset memory) {
        Host away = other(home);
        bool isGold = token.code.length == 0;
        string memory denom = isGold ? string.concat("transfer/", hostileOnA, "/gold") : HexAddress.write(token);
        return Asset(home, away, honestOn(home), token, away.transferApp().voucherOf(honestOn(away), denom));
    }

    function other(Host host) internal view returns (Host) {
        return address(host) == address(a) ? b : a;
    }

    function honestOn(Host host) internal view returns (string memory) {
        return address(host) == address(a) ? onA : onB;
    }

    function hostileOn(Host host) internal view returns (string memory) {
        return address(host) == address(a) ? hostileOnA : hostileOnB;
    }

    function writerOn(Host host) internal view returns (Correspondent) {
        return address(host) == address(a) ? writerOnA : writerOnB;
    }

    // --- the journal

    function sentCount() public view returns (uint256) {
        return sent.length;
    }

    function sentAt(uint256 index) public view returns (Sent memory) {
        return abi.decode(sent[index], (Sent));
    }

    function timesSeen(
        Host host,
        bytes32 event_,
        string memory clientId,
        uint64 sequence
    ) internal view returns (uint256) {
        return seen[_eventKey(address(host.router()), event_, keccak256(bytes(clientId)), bytes32(uint256(sequence)))];
    }

    /// @dev Empty when none was written.
    function writtenFor(Sent memory entry) internal view returns (bytes[] memory acknowledgements) {
        bytes memory encoded = acknowledgementsSeen[
            _eventKey(
                address(entry.target.router()),
                0,
                keccak256(bytes(entry.packet.destClient)),
                bytes32(uint256(entry.packet.sequence))
            )
        ];
        if (encoded.length != 0) acknowledgements = abi.decode(encoded, (bytes[]));
    }

    /// @dev Takes down the routers' events since `vm.recordLogs`; returns the packet sent last, if any.
    function absorb() internal returns (Packet memory packet) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            Vm.Log memory log = logs[i];
            if (log.emitter != address(a.router()) && log.emitter != address(b.router())) continue;
            if (log.topics.length < 3) continue;
            ++seen[_eventKey(log.emitter, log.topics[0], log.topics[1], log.topics[2])];
            if (log.topics[0] == IPacketRouter.SendPacket.selector) packet = abi.decode(log.data, (Packet));
            if (log.topics[0] != IPacketRouter.WriteAcknowledgement.selector) continue;
            (, bytes[] memory values) = abi.decode(log.data, (string, bytes[]));
            acknowledgementsSeen[_eventKey(log.emitter, 0, log.topics[1], log.topics[2])] = abi.encode(values);
        }
    }

    function note(Host source, bool hostile, uint256 asset, uint256 amount, bytes memory message) internal {
        Packet memory packet = absorb();
        if (packet.sequence == 0) return;
        Sent memory entry = Sent(
            source,
            hostile ? Host(address(0)) : other(source),
            hostile,
            asset,
            amount,
            packet,
            message,
            keccak256(PacketPaths.commitment(packet.sourceClient, packet.sequence)),
            keccak256(PacketPaths.receipt(packet.destClient, packet.sequence)),
            keccak256(PacketPaths.acknowledgement(packet.destClient, packet.sequence))
        );
        sent.push(abi.encode(entry));
    }

    function _eventKey(address emitter, bytes32 event_, bytes32 client, bytes32 seq) private pure returns (bytes32) {
        return keccak256(abi.encode(emitter, event_, client, seq));
    }
}

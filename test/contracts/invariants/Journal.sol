// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketPaths} from "../../../contracts/evm/store/PacketPaths.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {Vm, vm} from "../support/Vm.sol";
import {World} from "./World.sol";

/// @title What was sent, and what the routers announced
abstract contract Journal is World {
    /// @param target Of the hostile lane: nowhere, as the hostile chain is no host.
    /// @param amount Zero for messages.
    /// @param time Unix seconds of the block that it was sent in.
    /// @param sourceId keccak256 of the client id, as events have it.
    struct Sent {
        Host source;
        Host target;
        uint8 lane;
        uint8 asset;
        uint64 sequence;
        uint64 time;
        uint128 amount;
        bytes32 sourceId;
        bytes32 destId;
        bytes32 commitmentPath;
        bytes32 receiptPath;
        bytes32 acknowledgementPath;
    }

    Sent[] internal sent;
    bytes[] private _packets;
    bytes[] internal messages;
    mapping(bytes32 seenEvent => uint256) private _seen;
    /// By event, wherever it came from.
    mapping(bytes32 event_ => uint256) internal announced;
    mapping(bytes32 written => bytes) private _acknowledgements;

    function packetAt(uint256 index) internal view returns (Packet memory) {
        return abi.decode(_packets[index], (Packet));
    }

    /// @dev One of the last six, mostly, as others are settled or late. None, with sequence zero, while nothing was sent.
    function pick(uint8 which) internal view returns (Sent memory entry, Packet memory packet) {
        uint256 count = sent.length;
        if (count == 0) return (entry, packet);
        uint256 index = which < 64 ? which % count : count - 1 - (which % (count < 6 ? count : 6));
        (entry, packet) = (sent[index], packetAt(index));
    }

    function timesSeen(Host host, bytes32 event_, bytes32 clientId, uint64 sequence) internal view returns (uint256) {
        return _seen[_key(address(host.router()), event_, clientId, sequence)];
    }

    /// @dev Empty when none was written.
    function writtenFor(Sent memory entry) internal view returns (bytes[] memory values) {
        bytes memory encoded = _acknowledgements[_key(address(entry.target.router()), 0, entry.destId, entry.sequence)];
        if (encoded.length != 0) values = abi.decode(encoded, (bytes[]));
    }

    /// @dev Takes down the routers' events since `vm.recordLogs`, and has the past look at the paths they are about.
    /// @return packet The one sent last, if any.
    function absorb() internal returns (Packet memory packet) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            Vm.Log memory log = logs[i];
            bool onA_ = log.emitter == address(a.router());
            if (log.topics.length < 3 || (!onA_ && log.emitter != address(b.router()))) continue;
            ++_seen[_key(log.emitter, log.topics[0], log.topics[1], uint64(uint256(log.topics[2])))];
            ++announced[log.topics[0]];
            Packet memory subject = _absorbOne(onA_ ? a : b, log);
            if (log.topics[0] == IPacketRouter.SendPacket.selector) packet = subject;
        }
    }

    function _absorbOne(Host host, Vm.Log memory log) private returns (Packet memory packet) {
        bytes32 event_ = log.topics[0];
        uint64 sequence = uint64(uint256(log.topics[2]));
        string memory clientId;
        if (event_ == IPacketRouter.WriteAcknowledgement.selector) {
            bytes[] memory values;
            (clientId, values) = abi.decode(log.data, (string, bytes[]));
            _acknowledgements[_key(log.emitter, 0, log.topics[1], sequence)] = abi.encode(values);
            look(host, keccak256(PacketPaths.receipt(clientId, sequence)));
            look(host, keccak256(PacketPaths.acknowledgement(clientId, sequence)));
            return packet;
        }
        if (event_ == IPacketRouter.SendPacket.selector) {
            packet = abi.decode(log.data, (Packet));
            clientId = packet.sourceClient;
        } else if (event_ == IPacketRouter.AckPacket.selector) {
            (clientId, ) = abi.decode(log.data, (string, bytes[]));
        } else if (event_ == IPacketRouter.TimeoutPacket.selector) {
            clientId = abi.decode(log.data, (string));
        } else {
            return packet;
        }
        look(host, keccak256(PacketPaths.commitment(clientId, sequence)));
    }

    function look(Host host, bytes32 path) internal {
        past[host].look(path, clock[host]);
    }

    /// @dev Notes the packet that was sent since `vm.recordLogs`, if one was.
    function note(Host source, uint8 lane, uint256 asset, uint256 amount, bytes memory message) internal {
        Packet memory packet = absorb();
        if (packet.sequence == 0) return;
        Sent storage entry = sent.push();
        entry.source = source;
        if (lane != HOSTILE) entry.target = other(source);
        (entry.lane, entry.asset, entry.sequence) = (lane, uint8(asset), packet.sequence);
        (entry.time, entry.amount) = (clock[source], uint128(amount));
        entry.sourceId = keccak256(bytes(packet.sourceClient));
        entry.destId = keccak256(bytes(packet.destClient));
        entry.commitmentPath = keccak256(PacketPaths.commitment(packet.sourceClient, packet.sequence));
        entry.receiptPath = keccak256(PacketPaths.receipt(packet.destClient, packet.sequence));
        entry.acknowledgementPath = keccak256(PacketPaths.acknowledgement(packet.destClient, packet.sequence));
        _packets.push(abi.encode(packet));
        messages.push(message);
    }

    function _key(address emitter, bytes32 event_, bytes32 client, uint64 sequence) private pure returns (bytes32) {
        return keccak256(abi.encode(emitter, event_, client, sequence));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TransferData} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {AckMsg, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {PastStore} from "./PastStore.sol";
import {Stillness} from "./Stillness.sol";

/// @title What relayers of the honest lanes do: anything that can be proven, at any height, as often as they like
abstract contract Relayers is Stillness {
    /// By the error that a router refused a batch with.
    mapping(bytes4 reason => uint256) internal refused;

    function receivePacket(uint8 which, uint8 age, bool again) external step(false) {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence == 0 || entry.lane == HOSTILE) return;
        RelayBatch memory batch = provenAt(receiveBatch(packet), _timeOf(entry.source, age));
        relay(entry.target, again ? twice(batch) : batch);
    }

    /// @dev What its source has settled, and nobody received, by the block that it was sent in: there it is still committed.
    function receiveTimedOut(uint8 which, bool again) external {
        for (uint256 i = 0; i < sent.length; ++i) {
            Sent memory entry = sent[(which + i) % sent.length];
            if (entry.lane == HOSTILE || entry.source.router().getCommitment(entry.commitmentPath) != 0) continue;
            if (entry.target.router().getCommitment(entry.receiptPath) != 0) continue;
            return _receive(entry, packetAt((which + i) % sent.length), again);
        }
    }

    /// @dev The moment its time is over it is timed out, and in the next block it arrives, as if nobody had heard of that.
    function race(uint8 which, bool again) external {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence == 0 || entry.lane == HOSTILE) return;
        waitUntil(entry, packet.timeoutTimestamp + 1);
        _timeOut(entry, packet, 0, again);
        _receive(entry, packet, again);
    }

    function _receive(Sent memory entry, Packet memory packet, bool again) private step(false) {
        RelayBatch memory batch = provenAt(receiveBatch(packet), entry.time);
        relay(entry.target, again ? twice(batch) : batch);
    }

    /// @param answer What was acknowledged, or one time in four each a forged success and a forged refusal.
    function acknowledge(uint8 which, uint8 answer, uint8 age, bool again) external step(false) {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence == 0 || entry.lane == HOSTILE) return;
        bytes[] memory acknowledgements = writtenFor(entry);
        if (answer % 4 == 2) acknowledgements = one(SUCCESS);
        if (answer % 4 == 3) acknowledgements = one(ERROR_ACKNOWLEDGEMENT);
        RelayBatch memory batch = provenAt(acknowledgeBatch(packet, acknowledgements), _timeOf(entry.target, age));
        relay(entry.source, again ? twice(batch) : batch);
    }

    function timeOut(uint8 which, uint8 age, bool again) external {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence != 0 && entry.lane != HOSTILE) _timeOut(entry, packet, age, again);
    }

    /// @dev Waits until the time of a packet is over that was received and is not acknowledged yet.
    function timeOutReceived(uint8 which, bool again) external {
        for (uint256 i = 0; i < sent.length; ++i) {
            Sent memory entry = sent[(which + i) % sent.length];
            if (entry.lane == HOSTILE || entry.source.router().getCommitment(entry.commitmentPath) == 0) continue;
            if (entry.target.router().getCommitment(entry.receiptPath) == 0) continue;
            Packet memory packet = packetAt((which + i) % sent.length);
            waitUntil(entry, packet.timeoutTimestamp + 1);
            return _timeOut(entry, packet, 0, again);
        }
    }

    function _timeOut(Sent memory entry, Packet memory packet, uint8 age, bool again) private step(false) {
        RelayBatch memory batch = provenAt(timeoutBatch(packet), _timeOf(entry.target, age));
        relay(entry.source, again ? twice(batch) : batch);
    }

    /// @dev All that can be proven to a host over a lane, in one transaction, from the last to the first: what it receives, what
    /// was answered, what is late, settled or not.
    function relayAll(bool toB, uint8 which, uint8 age, bool again) external step(false) {
        Host host = toB ? b : a;
        uint8 lane = which % HONEST_LANES;
        uint64 time = _timeOf(other(host), age);
        RelayBatch memory batch = emptyBatch(clientOn(host, lane));
        batch.recvs = new Packet[](sent.length);
        batch.acks = new AckMsg[](sent.length);
        batch.timeouts = new Packet[](sent.length);
        uint256[3] memory counts;
        for (uint256 i = sent.length; i > 0; --i) {
            if (sent[i - 1].lane == lane) _addTo(batch, counts, host, i - 1, time);
        }
        _cut(batch, counts);
        batch = provenAt(batch, time);
        relay(host, again ? twice(batch) : batch);
    }

    function _addTo(
        RelayBatch memory batch,
        uint256[3] memory counts,
        Host host,
        uint256 index,
        uint64 time
    ) private view {
        Sent memory entry = sent[index];
        Packet memory packet = packetAt(index);
        PastStore store = past[other(host)];
        if (address(entry.target) == address(host)) {
            if (store.valueAt(entry.commitmentPath, time) != 0) batch.recvs[counts[0]++] = packet;
        } else if (store.valueAt(entry.acknowledgementPath, time) != 0) {
            batch.acks[counts[1]++] = AckMsg(packet, writtenFor(entry));
        } else if (store.valueAt(entry.receiptPath, time) == 0 && time >= packet.timeoutTimestamp) {
            batch.timeouts[counts[2]++] = packet;
        }
    }

    function _cut(RelayBatch memory batch, uint256[3] memory counts) private pure {
        (Packet[] memory recvs, AckMsg[] memory acks, Packet[] memory timeouts) = (
            batch.recvs,
            batch.acks,
            batch.timeouts
        );
        assembly ("memory-safe") {
            mstore(recvs, mload(counts))
            mstore(acks, mload(add(counts, 0x20)))
            mstore(timeouts, mload(add(counts, 0x40)))
        }
    }

    /// @dev The same packet with another amount, at any of the three doors.
    function alter(uint8 which, uint8 door) external step(false) {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (entry.amount == 0 || entry.lane == HOSTILE) return;
        TransferData memory data = abi.decode(packet.payloads[0].value, (TransferData));
        data.amount += 1;
        packet.payloads[0].value = abi.encode(data);
        if (door % 3 == 0) relay(entry.target, provenAt(receiveBatch(packet), past[entry.source].latest()));
        else if (door % 3 == 1)
            relay(
                entry.source,
                provenAt(acknowledgeBatch(packet, one(ERROR_ACKNOWLEDGEMENT)), past[entry.target].latest())
            );
        else relay(entry.source, provenAt(timeoutBatch(packet), past[entry.target].latest()));
    }

    /// @dev The same packet over the other honest lane, where it was never sent.
    function redirect(uint8 which, bool settle) external step(false) {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence == 0 || entry.lane == HOSTILE) return;
        uint8 lane = HONEST_LANES - 1 - entry.lane;
        packet.sourceClient = clientOn(entry.source, lane);
        packet.destClient = clientOn(entry.target, lane);
        if (settle) relay(entry.source, provenAt(timeoutBatch(packet), past[entry.target].latest()));
        else relay(entry.target, provenAt(receiveBatch(packet), past[entry.source].latest()));
    }

    /// @dev Of the newest block, mostly; or of one up to an hour older.
    function _timeOf(Host proven, uint8 age) private view returns (uint64 time) {
        time = past[proven].latest();
        if (age >= 160) time -= (uint64(age) - 159) * 40;
    }

    function provenAt(RelayBatch memory batch, uint64 time) internal pure returns (RelayBatch memory) {
        batch.proof = abi.encodePacked(time);
        return batch;
    }

    function relay(Host host, RelayBatch memory batch) internal {
        enter(host);
        try host.router().relay(batch) {} catch (bytes memory reason) {
            ++refused[bytes4(reason)];
        }
    }
}

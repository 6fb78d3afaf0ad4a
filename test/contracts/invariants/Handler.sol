// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {MessageData} from "../../../contracts/evm/apps/messages/MessageData.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {TransferData} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {vm} from "../support/Vm.sol";
import {Invariants} from "./Invariants.sol";

/// @title What people, relayers, guardians and a hostile chain may do, in any order and with any argument
/// @notice Every argument is reduced to something that exists. A refusal is an outcome like any other: no action reverts.
abstract contract Handler is Invariants {
    uint256 internal clock;
    mapping(Host => bool) internal paused;

    function setUp() public virtual override {
        super.setUp();
        clock = block.timestamp;
    }

    /// @dev Sets the clock, which the calls of a campaign need not share; takes down what happened; sees that nothing moved
    /// that had to rest. What is recorded during the step is no change.
    modifier step(bool byHostile) {
        vm.warp(clock);
        uint256 known = sentCount();
        bytes32 onA_ = paused[a] ? stateOf(a, known) : bytes32(0);
        bytes32 onB_ = paused[b] ? stateOf(b, known) : bytes32(0);
        bytes32 honest = byHostile ? honestState() : bytes32(0);
        vm.recordLogs();
        _;
        absorb();
        if (paused[a] && stateOf(a, known) != onA_) broken = "moved while paused";
        if (paused[b] && stateOf(b, known) != onB_) broken = "moved while paused";
        if (byHostile && honestState() != honest) broken = "moved by the hostile chain";
    }

    // --- people

    /// @param lane The hostile one, one time in four.
    /// @param to Somebody, or one time in four nobody who could receive.
    function transfer(
        uint8 which,
        bool back,
        uint8 lane,
        uint8 who,
        uint16 amount,
        uint8 to,
        bool brief
    ) external step(false) {
        uint256 index = which % assets.length;
        Host host = back ? assets[index].away : assets[index].home;
        address what = back ? assets[index].voucher : assets[index].token;
        address from = people[who % people.length];
        uint256 balance = what.code.length == 0 ? 0 : IERC20(what).balanceOf(from);
        if (balance == 0) return;
        uint256 value = 1 + (amount % balance);
        bool hostile = lane % 4 == 3;
        TransferApp app = host.transferApp();
        string memory receiver = to % 4 == 3 ? "nobody" : HexAddress.write(people[to % 4]);
        string memory clientId = hostile ? hostileOn(host) : honestOn(host);
        vm.startPrank(from);
        IERC20(what).approve(address(app), value);
        try app.sendTransfer(clientId, what, value, receiver, _timeout(brief), "") {} catch {}
        vm.stopPrank();
        note(host, hostile, index, value, "");
    }

    /// @param what The receiver reads, refuses, fails without a reason, or is an application, which never receives.
    function write(bool fromB, uint8 lane, uint8 what, bool brief) external step(false) {
        Host host = fromB ? b : a;
        bool hostile = lane % 4 == 3;
        Host target = other(host);
        string memory receiver = HexAddress.write(
            what % 5 == 4 ? address(target.transferApp()) : address(writerOn(target))
        );
        bytes memory message = abi.encodePacked(bytes("orqoo")[what % 5], sentCount());
        string memory clientId = hostile ? hostileOn(host) : honestOn(host);
        try writerOn(host).write(clientId, receiver, message, _timeout(brief)) {} catch {}
        note(host, hostile, 0, 0, message);
    }

    function _timeout(bool brief) private view returns (uint64) {
        return uint64(clock + (brief ? 10 minutes : 2 hours));
    }

    function pass(uint16 time) external {
        clock += time % 1_200;
    }

    // --- relayers of the honest lane

    function receivePacket(uint8 which, bool twice) external step(false) {
        Sent memory entry = _pick(which);
        if (entry.packet.sequence == 0 || entry.hostile) return;
        RelayBatch memory batch = receiveBatch(entry.packet);
        if (twice) {
            batch.recvs = new Packet[](2);
            batch.recvs[0] = entry.packet;
            batch.recvs[1] = entry.packet;
        }
        _relay(entry.target, batch);
    }

    /// @dev All that a chain was ever sent, in one transaction and from the last to the first.
    function receiveAll(bool onA_) external step(false) {
        Host target = onA_ ? a : b;
        uint256 count = 0;
        Packet[] memory recvs = new Packet[](sentCount());
        for (uint256 i = sentCount(); i > 0; --i) {
            Sent memory entry = sentAt(i - 1);
            if (address(entry.target) != address(target)) continue;
            if (entry.source.router().getCommitment(entry.commitmentPath) != 0) recvs[count++] = entry.packet;
        }
        assembly ("memory-safe") {
            mstore(recvs, count)
        }
        RelayBatch memory batch = emptyBatch(honestOn(target));
        batch.proof = PROOF;
        batch.recvs = recvs;
        _relay(target, batch);
    }

    /// @param answer What was acknowledged, or one time in four each a forged success and a forged refusal.
    function acknowledge(uint8 which, uint8 answer) external step(false) {
        Sent memory entry = _pick(which);
        if (entry.packet.sequence == 0 || entry.hostile) return;
        bytes[] memory acknowledgements = writtenFor(entry);
        if (answer % 4 == 2) acknowledgements = one(SUCCESS);
        if (answer % 4 == 3) acknowledgements = one(ERROR_ACKNOWLEDGEMENT);
        _relay(entry.source, acknowledgeBatch(entry.packet, acknowledgements));
    }

    function timeOut(uint8 which) external step(false) {
        Sent memory entry = _pick(which);
        if (entry.packet.sequence == 0 || entry.hostile) return;
        _relay(entry.source, timeoutBatch(entry.packet));
    }

    /// @dev The same packet with another amount, at any of the three doors.
    function alter(uint8 which, uint8 door) external step(false) {
        Sent memory entry = _pick(which);
        if (entry.amount == 0 || entry.hostile) return;
        Packet memory packet = entry.packet;
        TransferData memory data = abi.decode(packet.payloads[0].value, (TransferData));
        data.amount += 1;
        packet.payloads[0].value = abi.encode(data);
        if (door % 3 == 0) _relay(entry.target, receiveBatch(packet));
        else if (door % 3 == 1) _relay(entry.source, acknowledgeBatch(packet, one(ERROR_ACKNOWLEDGEMENT)));
        else _relay(entry.source, timeoutBatch(packet));
    }

    // --- the guardian, and the administrator after a delay

    /// @dev Mostly un-pauses: else nothing would ever happen.
    function pause(bool ofB, uint8 chance) external {
        Host host = ofB ? b : a;
        bool wanted = chance % 4 == 0;
        if (paused[host] == wanted) return;
        paused[host] = wanted;
        if (wanted) host.pause();
        else host.unpause();
    }

    // --- the hostile chain

    /// @dev Claims to have sent something, and has it delivered. The same sequence may come again with other contents.
    function claimSent(bool toB, uint8 what, uint8 sequence, uint16 amount, uint8 to) external step(true) {
        Host host = toB ? b : a;
        Packet memory packet = Packet(
            1 + (uint64(sequence) % HOSTILE_SEQUENCES),
            honestOn(other(host)),
            hostileOn(host),
            uint64(clock + 1 hours),
            one(_claim(host, what, 1 + (amount % 500), people[to % people.length]))
        );
        hostileChain.claimSent(packet);
        _relay(host, receiveBatch(packet));
    }

    function _claim(Host host, uint8 what, uint256 amount, address to) internal view returns (Payload memory) {
        if (what % 6 == 5) {
            MessageData memory message = MessageData("0x00", HexAddress.write(address(writerOn(host))), "", "o", "");
            return Payload("gmpport", "gmpport", "ics27-2", "application/x-solidity-abi", abi.encode(message));
        }
        // Tokens of this host, or vouchers of the other chain's tokens, that would return: the chain goes by that name.
        string memory returning = string.concat("transfer/", honestOn(other(host)), "/");
        Asset memory mine = assets[address(host) == address(a) ? 0 : 1];
        Asset memory foreign = assets[address(host) == address(a) ? 1 : 0];
        string memory arrived = string.concat("transfer/", honestOn(host), "/", HexAddress.write(foreign.token));
        string[5] memory denoms = [
            "gold",
            string.concat(returning, HexAddress.write(mine.token)),
            string.concat(returning, arrived),
            arrived,
            string.concat(returning, "transfer/", hostileOnA, "/gold")
        ];
        TransferData memory data = TransferData(denoms[what % 6], "somebody", HexAddress.write(to), amount, "");
        return Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", abi.encode(data));
    }

    /// @dev Claims success, claims refusal, or denies receipt at any time, of what was sent to it, again and again.
    function claimOutcome(uint8 which, uint8 outcome) external step(true) {
        Sent memory entry = _pick(which);
        if (entry.packet.sequence == 0 || !entry.hostile) return;
        _claimOutcome(entry.source, entry.packet, outcome);
    }

    /// @dev The same about a packet of the honest lane, under the hostile chain's client ids or those of the packet.
    function claimOutcomeOfOthers(uint8 which, uint8 outcome, bool rename) external step(true) {
        Sent memory entry = _pick(which);
        if (entry.packet.sequence == 0 || entry.hostile) return;
        // A packet that was also sent to the hostile chain under that number would be its own business.
        if (rename) entry.packet.sourceClient = hostileOn(entry.source);
        _claimOutcome(entry.source, entry.packet, outcome);
        hostileChain.claimSent(entry.packet);
        RelayBatch memory batch = receiveBatch(entry.packet);
        batch.clientId = hostileOn(entry.target);
        _relay(entry.target, batch);
    }

    function _claimOutcome(Host source, Packet memory packet, uint8 outcome) private {
        RelayBatch memory batch;
        if (outcome % 3 == 2) {
            batch = timeoutBatch(packet);
            batch.proof = proofAt(packet.timeoutTimestamp);
        } else {
            bytes[] memory claimed = one(outcome % 3 == 0 ? SUCCESS : ERROR_ACKNOWLEDGEMENT);
            hostileChain.claimAcknowledged(packet, claimed);
            batch = acknowledgeBatch(packet, claimed);
        }
        batch.clientId = hostileOn(source);
        _relay(source, batch);
    }

    function _pick(uint8 which) private view returns (Sent memory entry) {
        if (sentCount() != 0) entry = sentAt(which % sentCount());
    }

    function _relay(Host host, RelayBatch memory batch) internal {
        try host.router().relay(batch) {} catch {}
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    PacketDiffersFromCommitment,
    PacketForAnotherClient,
    TimeoutNotReached
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {
    UnknownHeight,
    ValueAbsent,
    ValueMismatch,
    ValuePresent
} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {vm} from "../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title The actions do what they are called, and break nothing
abstract contract ActionsAct is Handler {
    error NotReached(bytes4 reason);

    function test_AHealthyHistoryBreaksNothing() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        healthy();
        equal(sent.length, 1, "sent");
        this.receivePacket(0, 0, true);
        equal(IERC20(assets[0].voucher).balanceOf(people[1]), 300, "minted once");
        this.acknowledge(0, 0, 0, false);
        this.transfer(0, true, 0, 1, 99, 0, false);
        healthy();
        this.relayAll(false, 0, 0, false);
        this.relayAll(false, 0, 0, false);
        equal(IERC20(assets[0].token).balanceOf(people[0]), 800, "released once");
        this.transfer(0, false, 0, 2, 49, 3, false);
        this.receivePacket(2, 0, false);
        healthy();
        this.acknowledge(2, 0, 0, false);
        equal(IERC20(assets[0].token).balanceOf(people[2]), 1_000, "refused and refunded");
        this.transfer(1, false, 0, 0, 49, 1, true);
        equal(IERC20(assets[1].token).balanceOf(people[0]), 950, "escrowed");
        this.pass(1_199);
        this.timeOut(3, 0, false);
        this.timeOut(3, 0, false);
        equal(IERC20(assets[1].token).balanceOf(people[0]), 1_000, "refunded once");
        healthy();
    }

    function test_AHealthyCorrespondenceBreaksNothing() public {
        for (uint8 what = 0; what < 5; ++what) {
            this.write(false, 0, what, true);
            this.receivePacket(what, 0, true);
            this.acknowledge(what, 0, 0, false);
            healthy();
        }
        equal(writerOnB.calls(), 2, "read");
        equal(writerOnA.calls(), 4, "answered");
        this.pass(1_199);
        this.timeOut(2, 0, false);
        equal(writerOnA.calls(), 5, "the one that failed timed out");
        healthy();
    }

    function test_AHostileChainSpendsWhatItWasGivenAndNoMore() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.transfer(0, false, 3, 0, 199, 1, false);
        TransferApp app = a.transferApp();
        address token = assets[0].token;
        equal(app.escrowed(idsOnA[HOSTILE], token), 200, "given");
        this.claimSent(false, 1, 1, 200, 2);
        equal(IERC20(token).balanceOf(people[2]), 1_000, "not 201");
        this.claimSent(false, 1, 2, 99, 2);
        this.claimSent(false, 1, 2, 98, 2);
        equal(IERC20(token).balanceOf(people[2]), 1_100, "100 once");
        this.claimOutcome(1, 1);
        equal(IERC20(token).balanceOf(people[0]), 500, "200 refused would be more than is left");
        this.claimOutcomeOfOthers(0, 1, false);
        this.claimOutcomeOfOthers(0, 2, true);
        equal(app.escrowed(clientOn(a, 0), token), 300, "not its business");
        this.claimSent(false, 0, 3, 9, 0);
        equal(IERC20(assets[2].token).balanceOf(people[0]), 10, "its own gold");
        this.transfer(2, false, 0, 0, 9, 0, false);
        this.relayAll(true, 0, 0, false);
        equal(IERC20(assets[2].voucher).balanceOf(people[0]), 10, "travels on");
        this.claimSent(false, 6, 4, 0, 0);
        equal(writerOnA.calls(), 1, "its message");
        healthy();
    }

    function test_APauseStopsEverything() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.pause(true, 0);
        this.receivePacket(0, 0, false);
        this.transfer(1, false, 0, 0, 1, 1, false);
        equal(assets[0].voucher.code.length, 0, "not delivered");
        equal(sent.length, 1, "not sent");
        this.pause(true, 1);
        this.receivePacket(0, 0, false);
        equal(IERC20(assets[0].voucher).balanceOf(people[1]), 300, "delivered");
        healthy();
    }

    function test_AFreezeStopsOneLaneOnOneHostUntilItIsMigrated() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.transfer(3, false, 0, 0, 99, 1, false);
        this.freeze(true, 0, 0, 0);
        equal(assets[0].voucher.code.length, 0, "not delivered with the proof of misbehaviour");
        this.receivePacket(0, 0, false);
        equal(assets[0].voucher.code.length, 0, "nor later");
        healthy();
        this.receivePacket(1, 0, false);
        equal(IERC20(assets[3].voucher).balanceOf(people[1]), 100, "the other lane goes on");
        this.transfer(1, false, 0, 0, 9, 1, false);
        equal(sent.length, 2, "nothing is sent over a frozen lane");
        this.freeze(true, 0, 1, 0);
        this.receivePacket(0, 0, false);
        equal(IERC20(assets[0].voucher).balanceOf(people[1]), 300, "delivered after the migration");
        healthy();
    }

    function test_TwoLanesAreTwoTokens() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.transfer(3, false, 0, 0, 199, 1, false);
        this.redirect(0, true);
        equal(refused[PacketDiffersFromCommitment.selector], 1, "another packet of that number");
        this.relayAll(true, 0, 0, false);
        this.relayAll(true, 1, 0, false);
        equal(IERC20(assets[0].voucher).balanceOf(people[1]), 300, "one");
        equal(IERC20(assets[3].voucher).balanceOf(people[1]), 200, "and another");
        this.transfer(0, false, 0, 0, 99, 1, false);
        this.redirect(2, false);
        equal(refused[ValueAbsent.selector], 1, "never sent over the other lane");
        // Back over the wrong lane, it is a voucher of a voucher; and from there it comes back the same way.
        this.transfer(4, false, 0, 1, 299, 2, false);
        this.relayAll(false, 1, 0, false);
        equal(IERC20(assets[4].voucher).balanceOf(people[2]), 300, "a voucher of a voucher");
        this.transfer(4, true, 0, 2, 299, 0, false);
        this.relayAll(true, 1, 0, false);
        equal(IERC20(assets[0].voucher).balanceOf(people[0]), 300, "and back");
        this.transfer(0, true, 0, 0, 299, 0, false);
        this.relayAll(false, 0, 0, true);
        equal(IERC20(assets[0].token).balanceOf(people[0]), 700, "home over the right one");
        healthy();
    }

    function test_TimeoutsHaveASecondWhenTheyBegin() public {
        this.transfer(1, false, 0, 0, 49, 1, true);
        this.transfer(1, false, 0, 1, 49, 1, true);
        this.passUntil(0, 0);
        this.receivePacket(0, 0, false);
        equal(IERC20(assets[1].voucher).balanceOf(people[1]), 50, "received in the last second");
        this.passUntil(1, 1);
        this.timeOut(1, 0, false);
        equal(refused[TimeoutNotReached.selector], 1, "the newest block is a second older than the timeout");
        this.receivePacket(1, 0, false);
        equal(IERC20(assets[1].voucher).balanceOf(people[1]), 50, "too late");
        this.timeOut(1, 255, false);
        equal(refused[TimeoutNotReached.selector], 2, "nor by an older block");
        this.timeOut(0, 0, false);
        equal(refused[ValuePresent.selector], 1, "what was received does not time out");
        this.timeOut(1, 0, true);
        equal(IERC20(assets[1].token).balanceOf(people[1]), 1_000, "refunded once");
        healthy();
    }

    function test_APacketTimedOutNeverArrives() public {
        this.transfer(1, false, 0, 0, 49, 1, true);
        this.transfer(1, false, 0, 1, 49, 1, true);
        this.race(0, true);
        this.receiveTimedOut(0, true);
        equal(announced[IPacketRouter.CallbackFailed.selector], 4, "twice each, and late each time");
        equal(assets[1].voucher.code.length, 0, "never minted");
        equal(IERC20(assets[1].token).balanceOf(people[0]), 1_000, "refunded");
        this.receivePacket(1, 0, false);
        this.timeOutReceived(1, true);
        equal(IERC20(assets[1].token).balanceOf(people[1]), 950, "too late to arrive, and not received");
        healthy();
    }

    function test_AClosedTokenIsRefusedAndRefundedLater() public {
        this.transfer(1, false, 0, 0, 299, 1, false);
        this.relayAll(false, 0, 0, false);
        this.transfer(1, true, 0, 1, 99, 0, false);
        this.transfer(1, false, 0, 0, 49, 3, false);
        this.close(0);
        this.relayAll(true, 0, 0, false);
        this.relayAll(false, 0, 0, false);
        this.relayAll(true, 0, 0, false);
        equal(IERC20(assets[1].voucher).balanceOf(people[1]), 300, "the return was refused and refunded");
        equal(moody.balanceOf(people[0]), 650, "the other refund failed");
        healthy();
        this.close(1);
        this.relayAll(true, 0, 0, true);
        equal(moody.balanceOf(people[0]), 700, "and was paid later, once");
        healthy();
    }

    function test_ALimitRefuses() public {
        this.limit(0, false, 99, 0);
        this.transfer(0, false, 0, 0, 99, 1, false);
        this.receivePacket(0, 0, false);
        this.acknowledge(0, 0, 0, true);
        equal(IERC20(assets[0].token).balanceOf(people[0]), 1_000, "refused and refunded");
        healthy();
    }

    /// @dev The light clients of the honest lanes prove what was, at its time, and nothing of the block that is being made.
    function test_ThePastIsProvenAsItWas() public {
        Packet memory packet = delivered();
        uint64 then_ = past[a].latest();
        this.acknowledge(0, 0, 0, false);
        equal(past[a].valueAt(sent[0].commitmentPath, then_) != 0 ? 1 : 0, 1, "it was committed");
        equal(past[a].valueAt(sent[0].commitmentPath, past[a].latest()), 0, "it is settled");
        enter(b);
        relay(b, provenAt(receiveBatch(packet), clock[a]));
        equal(refused[UnknownHeight.selector], 1, "no block of the future");
        vm.expectRevert("the past stays as it was");
        past[a].look(sent[0].commitmentPath, then_);
        vm.expectRevert("blocks have their times in order");
        past[a].seal(then_);
    }

    /// @dev As the campaign does it, with numbers of its own: what can come of an action has come of one after a while.
    function test_RandomHistoriesReachEveryOutcome() public {
        for (uint256 i = 0; i < 160; ++i) _act(uint256(keccak256(abi.encode("history", i))));
        healthy();
        bytes32[7] memory events = [
            IPacketRouter.SendPacket.selector,
            IPacketRouter.WriteAcknowledgement.selector,
            IPacketRouter.AckPacket.selector,
            IPacketRouter.TimeoutPacket.selector,
            IPacketRouter.Noop.selector,
            IPacketRouter.PacketRefused.selector,
            IPacketRouter.CallbackFailed.selector
        ];
        for (uint256 i = 0; i < events.length; ++i) if (announced[events[i]] == 0) revert NotReached(bytes4(events[i]));
        bytes4[6] memory reasons = [
            ValueAbsent.selector,
            ValueMismatch.selector,
            ValuePresent.selector,
            TimeoutNotReached.selector,
            PacketDiffersFromCommitment.selector,
            PacketForAnotherClient.selector
        ];
        for (uint256 i = 0; i < reasons.length; ++i) if (refused[reasons[i]] == 0) revert NotReached(reasons[i]);
    }

    function _act(uint256 n) private {
        (uint8 w, uint8 x, uint8 y, uint8 z) = (uint8(n), uint8(n >> 8), uint8(n >> 16), uint8(n >> 24));
        (uint16 v, bool p, bool q) = (uint16(n >> 32), n & (1 << 48) != 0, n & (1 << 49) != 0);
        uint256 what = (n >> 64) % 25;
        if (what < 4) this.transfer(w, p, x, y, v, z, q);
        else if (what == 4) this.write(p, w, x, q);
        else if (what == 5) this.pass(v);
        else if (what == 6) this.passUntil(w, x);
        else if (what == 7) this.drift(p, w);
        else if (what == 8) this.receivePacket(w, x, p);
        else if (what == 9) this.acknowledge(w, x, y, p);
        else if (what == 10) this.timeOut(w, x, p);
        else if (what < 14) this.relayAll(p, w, x, q);
        else if (what == 14) this.alter(w, x);
        else if (what == 15) this.redirect(w, p);
        else if (what == 16) this.pause(p, w);
        else if (what == 17) this.freeze(p, w, x, y);
        else if (what == 18) this.limit(w, p, v, x);
        else if (what == 19) this.claimSent(p, w, x, v, y);
        else if (what == 20) this.claimOutcome(w, x);
        else if (what == 21) this.claimOutcomeOfOthers(w, x, p);
        else if (what == 22) this.timeOutReceived(w, p);
        else if (what == 23) this.receiveTimedOut(w, p);
        else this.race(w, p);
        if (what == 7) this.close(x);
    }

    function delivered() internal returns (Packet memory) {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.receivePacket(0, 0, false);
        healthy();
        return packetAt(0);
    }

    function healthy() internal view {
        checkBacking();
        checkHoldings();
        checkDelivery();
        checkStillness();
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PacketContext} from "../../../contracts/evm/interfaces/IPacketApp.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {PacketStore} from "../../../contracts/evm/store/PacketStore.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {vm} from "../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title Each invariant notices the defect it is there for, and the actions do what they are called
/// @notice A defective router is played by the router's own address, its storage, or the administrator.
contract InvariantsCanFailTest is Handler {
    error NotNoticed(string expected, bytes got);

    // --- the actions act

    function test_AHealthyHistoryBreaksNothing() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        _healthy();
        equal(sentCount(), 1, "sent");
        this.receivePacket(0, true);
        equal(IERC20(assets[0].voucher).balanceOf(people[1]), 300, "minted once");
        this.acknowledge(0, 0);
        this.transfer(0, true, 0, 1, 99, 0, false);
        _healthy();
        this.receiveAll(true);
        this.receiveAll(true);
        equal(IERC20(assets[0].token).balanceOf(people[0]), 800, "released once");
        this.transfer(0, false, 0, 2, 49, 3, false);
        this.receivePacket(2, false);
        _healthy();
        this.acknowledge(2, 0);
        equal(IERC20(assets[0].token).balanceOf(people[2]), 1_000, "refused and refunded");
        this.transfer(1, false, 0, 0, 49, 1, true);
        equal(IERC20(assets[1].token).balanceOf(people[0]), 950, "escrowed");
        this.pass(1_199);
        this.timeOut(3);
        this.timeOut(3);
        equal(IERC20(assets[1].token).balanceOf(people[0]), 1_000, "refunded once");
        _healthy();
    }

    function test_AHealthyCorrespondenceBreaksNothing() public {
        for (uint8 what = 0; what < 5; ++what) {
            this.write(false, 0, what, true);
            this.receivePacket(what, true);
            this.acknowledge(what, 0);
            _healthy();
        }
        equal(writerOnB.calls(), 2, "read");
        equal(writerOnA.calls(), 4, "answered");
        this.pass(1_199);
        this.timeOut(2);
        equal(writerOnA.calls(), 5, "the one that failed timed out");
        _healthy();
    }

    function test_AHostileChainSpendsWhatItWasGivenAndNoMore() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.transfer(0, false, 3, 0, 199, 1, false);
        TransferApp app = a.transferApp();
        address token = assets[0].token;
        equal(app.escrowed(hostileOnA, token), 200, "given");
        this.claimSent(false, 1, 1, 200, 2);
        equal(IERC20(token).balanceOf(people[2]), 1_000, "not 201");
        this.claimSent(false, 1, 2, 99, 2);
        this.claimSent(false, 1, 2, 98, 2);
        equal(IERC20(token).balanceOf(people[2]), 1_100, "100 once");
        this.claimOutcome(1, 1);
        equal(IERC20(token).balanceOf(people[0]), 500, "200 refused would be more than is left");
        this.claimOutcomeOfOthers(0, 1, false);
        this.claimOutcomeOfOthers(0, 2, true);
        equal(app.escrowed(onA, token), 300, "not its business");
        this.claimSent(false, 0, 3, 9, 0);
        equal(IERC20(assets[2].token).balanceOf(people[0]), 10, "its own gold");
        this.transfer(2, false, 0, 0, 9, 0, false);
        this.receiveAll(false);
        equal(IERC20(assets[2].voucher).balanceOf(people[0]), 10, "travels on");
        this.claimSent(false, 5, 4, 0, 0);
        equal(writerOnA.calls(), 1, "its message");
        _healthy();
    }

    function test_APauseStopsEverything() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.pause(true, 0);
        this.receivePacket(0, false);
        this.transfer(1, false, 0, 0, 1, 1, false);
        equal(assets[0].voucher.code.length, 0, "not delivered");
        equal(sentCount(), 1, "not sent");
        this.pause(true, 1);
        this.receivePacket(0, false);
        equal(IERC20(assets[0].voucher).balanceOf(people[1]), 300, "delivered");
        _healthy();
    }

    // --- the invariants see

    function test_SeesAMintForEachDelivery() public {
        Packet memory packet = _delivered();
        TransferApp app = _asRouter(b);
        app.onRecvPacket(_context(packet));
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesASecondRefund() public {
        _delivered();
        this.transfer(0, false, 0, 0, 99, 1, true);
        this.pass(1_199);
        this.timeOut(1);
        _healthy();
        PacketContext memory context = _context(sentAt(1).packet);
        TransferApp app = _asRouter(a);
        app.onTimeoutPacket(context);
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesARefundOfWhatArrived() public {
        Packet memory packet = _delivered();
        TransferApp app = _asRouter(a);
        app.onTimeoutPacket(_context(packet));
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesAnEscrowSpentElsewhere() public {
        _delivered();
        vm.startPrank(address(a.transferApp()));
        IERC20(assets[0].token).transfer(people[0], 1);
        vm.stopPrank();
        _unhealthy(this.checkHoldings, "held is accounted for");
    }

    function test_SeesTokensLost() public {
        vm.startPrank(people[0]);
        IERC20(assets[0].token).transfer(address(0xDEAD), 1);
        vm.stopPrank();
        _unhealthy(this.checkHoldings, "somebody has all of it");
    }

    function test_SeesAForgottenReceipt() public {
        _delivered();
        _overwrite(b, sentAt(0).receiptPath, 0);
        _unhealthy(this.checkDelivery, "a receipt for what was delivered");
        _overwrite(b, sentAt(0).acknowledgementPath, 0);
        this.receivePacket(0, false);
        _unhealthy(this.checkDelivery, "delivered once");
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesADeliveredPacketTimeOut() public {
        _delivered();
        _overwrite(b, sentAt(0).receiptPath, 0);
        for (uint256 i = 0; i < 7; ++i) this.pass(1_199);
        this.timeOut(0);
        _overwrite(b, sentAt(0).receiptPath, bytes32(uint256(1)));
        _unhealthy(this.checkDelivery, "not delivered and timed out");
    }

    function test_SeesAForgottenCommitment() public {
        _delivered();
        bytes32 path = sentAt(0).commitmentPath;
        bytes32 commitment = a.router().getCommitment(path);
        this.acknowledge(0, 0);
        _healthy();
        _overwrite(a, path, commitment);
        _unhealthy(this.checkDelivery, "committed until settled");
        this.acknowledge(0, 0);
        _unhealthy(this.checkDelivery, "settled once");
    }

    function test_SeesAnAcknowledgementOfWhatNeverArrived() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        Sent memory entry = sentAt(0);
        hostileChain.claimAcknowledged(entry.packet, one(SUCCESS));
        _overwrite(b, entry.acknowledgementPath, hostileChain.getCommitment(entry.acknowledgementPath));
        this.acknowledge(0, 2);
        _unhealthy(this.checkDelivery, "acknowledged if delivered");
    }

    function test_SeesAMessageReadTwice() public {
        this.write(false, 0, 0, false);
        this.receivePacket(0, false);
        this.acknowledge(0, 0);
        _healthy();
        vm.startPrank(address(b.messageApp()));
        writerOnB.onMessage(onB, "", sentAt(0).message);
        vm.stopPrank();
        _unhealthy(this.checkDelivery, "called once");
    }

    function test_SeesASenderToldTwice() public {
        this.write(false, 0, 0, false);
        vm.startPrank(address(a.messageApp()));
        writerOnA.onMessageResult(onA, 1, true, "");
        vm.stopPrank();
        _unhealthy(this.checkDelivery, "told once");
    }

    function test_SeesAPauseThatDoesNotHold() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        paused[b] = true;
        this.receivePacket(0, false);
        _unhealthy(this.checkStillness, "stillness");
    }

    function test_SeesASendThatAPauseDoesNotStop() public {
        paused[a] = true;
        this.transfer(0, false, 0, 0, 299, 1, false);
        _unhealthy(this.checkStillness, "stillness");
    }

    /// @dev What a router would do that took a packet for its word about the light client.
    function test_SeesTheHostileChainServeTheHonestLane() public {
        _delivered();
        this.trustHostile();
        _unhealthy(this.checkStillness, "stillness");
    }

    function trustHostile() external step(true) {
        a.migrateClient(onA, address(a.router().getClient(hostileOnA).lightClient));
        Packet memory packet = Packet(7, onB, onA, uint64(clock + 1 hours), one(_claim(a, 1, 10, people[2])));
        hostileChain.claimSent(packet);
        _relay(a, receiveBatch(packet));
    }

    function _delivered() private returns (Packet memory) {
        this.transfer(0, false, 0, 0, 299, 1, false);
        this.receivePacket(0, false);
        _healthy();
        return sentAt(0).packet;
    }

    function _healthy() private view {
        checkBacking();
        checkHoldings();
        checkDelivery();
        checkStillness();
    }

    /// @dev The check fails, and with this sentence.
    function _unhealthy(function() external view check, string memory expected) private view {
        try check() {
            revert NotNoticed(expected, "");
        } catch (bytes memory reason) {
            bytes memory arguments = new bytes(reason.length - 4);
            for (uint256 i = 0; i < arguments.length; ++i) arguments[i] = reason[i + 4];
            equal(_firstString(arguments), expected, "noticed");
        }
    }

    /// @dev All errors of `Expect` begin with the sentence.
    function _firstString(bytes memory arguments) private pure returns (string memory text) {
        uint256 offset = abi.decode(arguments, (uint256));
        assembly ("memory-safe") {
            text := add(add(arguments, 0x20), offset)
        }
    }

    /// @dev The next call is the router's.
    function _asRouter(Host host) private returns (TransferApp app) {
        app = host.transferApp();
        vm.prank(address(host.router()));
    }

    function _context(Packet memory packet) private view returns (PacketContext memory) {
        return
            PacketContext(packet.sourceClient, packet.destClient, packet.sequence, packet.payloads[0], address(this));
    }

    function _overwrite(Host host, bytes32 path, bytes32 value) private {
        vm.store(address(host.router()), keccak256(abi.encode(path, PacketStore.SLOT)), value);
    }
}

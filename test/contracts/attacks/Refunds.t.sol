// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {ValueAbsent, ValueMismatch, ValuePresent} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {AppFixture} from "../support/AppFixture.sol";
import {MoodyToken} from "../support/MoodyToken.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @title What was not delivered goes back to its sender once: not twice, not to anybody else, not never
contract RefundsTest is AppFixture {
    bytes private constant SUCCESS = '{"result":"AQ=="}';
    TransferApp private _app;
    PacketRouter private _router;

    function setUp() public override {
        super.setUp();
        _app = a.transferApp();
        _router = a.router();
    }

    /// @dev 300 to a receiver that `b` refuses.
    function _refused() private returns (Packet memory packet, bytes[] memory acknowledgements) {
        packet = sendTransfer(a, onA, ALICE, address(token), 300, address(b.transferApp()));
        acknowledgements = deliver(b, packet);
        equal(acknowledgements[0], ERROR_ACKNOWLEDGEMENT, "refused");
    }

    function _expectWhole() private view {
        equal(token.balanceOf(ALICE), 1_000, "all of it, once");
        equal(_app.escrowed(onA, address(token)), 0, "accounted");
        equal(token.balanceOf(address(_app)), 0, "nothing kept");
    }

    function test_Incident18_ARefusalRefundsOnce() public {
        (Packet memory packet, bytes[] memory refused) = _refused();
        sendToB(200);
        acknowledgeOn(a, packet, refused);
        vm.warp(packet.timeoutTimestamp);
        RelayBatch memory batch = timeoutBatch(packet);
        for (uint256 i = 0; i < 3; ++i) {
            acknowledgeOn(a, packet, refused);
            vm.expectRevert(ValuePresent.selector);
            _router.relay(batch);
        }
        equal(token.balanceOf(ALICE), 800, "300 of 300, with 200 of others in escrow");
        equal(_app.escrowed(onA, address(token)), 200, "the others' are still there");
    }

    function test_Incident18_ATimeoutRefundsOnce() public {
        Packet memory packet = sendToB(300);
        sendToB(200);
        vm.warp(packet.timeoutTimestamp);
        RelayBatch memory batch = acknowledgeBatch(packet, one(ERROR_ACKNOWLEDGEMENT));
        for (uint256 i = 0; i < 3; ++i) {
            timeOutOn(a, packet);
            vm.expectRevert(ValueAbsent.selector);
            _router.relay(batch);
        }
        equal(token.balanceOf(ALICE), 800, "300 of 300");
        equal(_app.escrowed(onA, address(token)), 200, "the others' are still there");
        batch = receiveBatch(packet);
        PacketRouter target = b.router();
        vm.expectRevert(ValueAbsent.selector);
        target.relay(batch);
        equal(address(voucher).code.length, 0, "and never arrives");
    }

    /// @dev All of it in one transaction: the acknowledgement twice, and the timeout twice.
    function test_Incident18_ABatchRefundsOnce() public {
        (Packet memory packet, bytes[] memory refused) = _refused();
        vm.warp(packet.timeoutTimestamp);
        _router.relay(twice(acknowledgeBatch(packet, refused)));
        _expectWhole();
        Packet memory late = sendToB(300);
        vm.warp(late.timeoutTimestamp);
        _router.relay(twice(timeoutBatch(late)));
        _expectWhole();
    }

    function test_Incident18_WhatArrivedIsNotRefunded() public {
        Packet memory packet = sendToB(300);
        bytes[] memory arrived = deliver(b, packet);
        RelayBatch memory batch = acknowledgeBatch(packet, one(ERROR_ACKNOWLEDGEMENT));
        vm.expectRevert(ValueMismatch.selector);
        _router.relay(batch);
        vm.warp(packet.timeoutTimestamp);
        batch = timeoutBatch(packet);
        vm.expectRevert(ValuePresent.selector);
        _router.relay(batch);
        acknowledgeOn(a, packet, arrived);
        vm.expectRevert(ValuePresent.selector);
        _router.relay(batch);
        equal(token.balanceOf(ALICE), 700, "not refunded");
        equal(voucher.totalSupply(), 300, "arrived");
    }

    /// @dev What was refused is not also a success, however the acknowledgement is written.
    function test_Incident8_ARefusalHasOneReading() public {
        (Packet memory packet, bytes[] memory refused) = _refused();
        bytes[4] memory others = [
            SUCCESS,
            bytes.concat(ERROR_ACKNOWLEDGEMENT, hex"00"),
            bytes('{"error":"refused"}'),
            bytes("")
        ];
        for (uint256 i = 0; i < others.length; ++i) {
            RelayBatch memory batch = acknowledgeBatch(packet, one(others[i]));
            vm.expectRevert(ValueMismatch.selector);
            _router.relay(batch);
        }
        acknowledgeOn(a, packet, refused);
        _expectWhole();
    }

    /// @dev A refund that fails is kept, and is paid when it can be: once.
    function test_Incident18_AFailedRefundWaitsAndIsPaidOnce() public {
        MoodyToken moody = new MoodyToken(1_000);
        moody.transfer(ALICE, 1_000);
        vm.prank(ALICE);
        moody.approve(address(_app), 1_000);
        Packet memory refused = sendTransfer(a, onA, ALICE, address(moody), 300, address(b.transferApp()));
        Packet memory late = sendTransfer(a, onA, ALICE, address(moody), 200, BOB);
        bytes[] memory acknowledgements = deliver(b, refused);
        vm.warp(late.timeoutTimestamp);
        moody.setClosed(true);
        vm.recordLogs();
        acknowledgeOn(a, refused, acknowledgements);
        timeOutOn(a, late);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        equal(countEvents(logs, IPacketRouter.CallbackFailed.selector), 2, "both wait");
        isTrue(commitmentOn(a, refused) != 0 && commitmentOn(a, late) != 0, "nothing forgotten");
        equal(_app.escrowed(onA, address(moody)), 500, "nothing spent");
        moody.setClosed(false);
        for (uint256 i = 0; i < 2; ++i) {
            acknowledgeOn(a, refused, acknowledgements);
            timeOutOn(a, late);
        }
        equal(moody.balanceOf(ALICE), 1_000, "paid once each");
        equal(_app.escrowed(onA, address(moody)), 0, "accounted");
    }

    /// @dev The refund goes to whom the committed bytes name, whoever relays.
    function test_Incident18_TheRelayerGainsNothing() public {
        (Packet memory packet, bytes[] memory refused) = _refused();
        RelayBatch memory batch = acknowledgeBatch(packet, refused);
        vm.prank(BOB);
        _router.relay(batch);
        equal(token.balanceOf(BOB), 0, "nothing for the relayer");
        _expectWhole();
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {
    CallerIsNotTransferApp,
    EscrowTooLow,
    InvalidDenom,
    MalformedAcknowledgement,
    MalformedPacketData,
    MemoTooLong,
    ReceiverMissing,
    ReceiverNotAllowed,
    ReceiverTooLong,
    TokenTookFee,
    UnexpectedEncoding,
    UnexpectedPort,
    UnexpectedVersion,
    UnknownDenom,
    ZeroAmount
} from "../../../contracts/evm/errors/AppErrors.sol";
import {CallerIsNotRouter} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {PacketContext} from "../../../contracts/evm/interfaces/IPacketApp.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {AppFixture} from "../support/AppFixture.sol";
import {vm} from "../support/Vm.sol";

contract FeeToken is ERC20("Fee", "FEE") {
    constructor() {
        _mint(msg.sender, 1_000);
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from != address(0)) super._update(from, address(0xFEE), 1);
        super._update(from, to, from == address(0) ? amount : amount - 1);
    }
}

contract TransferTest is AppFixture {
    bytes private constant SUCCESS = '{"result":"AQ=="}';

    function test_GoesOutAsVoucherAndComesBackAsItself() public {
        Packet memory packet = sendToB(300);
        equal(token.balanceOf(ALICE), 700, "escrowed");
        equal(a.transferApp().escrowed(onA, address(token)), 300, "accounted");
        bytes[] memory acknowledgements = deliver(b, packet);
        equal(acknowledgements[0], SUCCESS, "success");
        equal(voucher.balanceOf(BOB), 300, "minted");
        equal(voucher.trace(), string.concat("transfer/", onB, "/", HexAddress.write(address(token))), "trace");
        acknowledgeOn(a, packet, acknowledgements);

        equal(deliver(a, sendBack(100))[0], SUCCESS, "success");
        equal(voucher.totalSupply(), 200, "burnt");
        equal(token.balanceOf(ALICE), 800, "released");
        equal(a.transferApp().escrowed(onA, address(token)), 200, "accounted");
    }

    function test_RefundsOnError() public {
        TransferApp app = a.transferApp();
        vm.recordLogs();
        vm.prank(ALICE);
        app.sendTransfer(onA, address(token), 300, "not an address", soon(), "");
        Packet memory packet = lastSent();
        bytes[] memory acknowledgements = deliver(b, packet);
        equal(acknowledgements[0], ERROR_ACKNOWLEDGEMENT, "refused");
        acknowledgeOn(a, packet, acknowledgements);
        acknowledgeOn(a, packet, acknowledgements);
        equal(token.balanceOf(ALICE), 1_000, "refunded once");
        equal(app.escrowed(onA, address(token)), 0, "accounted");
    }

    function test_RefundsOnTimeout() public {
        Packet memory packet = sendToB(300);
        vm.warp(packet.timeoutTimestamp);
        timeOutOn(a, packet);
        timeOutOn(a, packet);
        equal(token.balanceOf(ALICE), 1_000, "refunded once");
    }

    function test_RefundsVouchersByMinting() public {
        receiveOn(b, sendToB(300));
        Packet memory packet = sendBack(300);
        equal(voucher.totalSupply(), 0, "burnt");
        vm.warp(packet.timeoutTimestamp);
        timeOutOn(b, packet);
        equal(voucher.balanceOf(BOB), 300, "minted back");
    }

    function test_RefusesBadRequests() public {
        TransferApp app = a.transferApp();
        vm.startPrank(ALICE);
        vm.expectRevert(ZeroAmount.selector);
        app.sendTransfer(onA, address(token), 0, "x", soon(), "");
        vm.expectRevert(ReceiverMissing.selector);
        app.sendTransfer(onA, address(token), 1, "", soon(), "");
        vm.expectRevert(abi.encodeWithSelector(ReceiverTooLong.selector, 2_049, 2_048));
        app.sendTransfer(onA, address(token), 1, string(new bytes(2_049)), soon(), "");
        vm.expectRevert(abi.encodeWithSelector(MemoTooLong.selector, 32_769, 32_768));
        app.sendTransfer(onA, address(token), 1, "x", soon(), string(new bytes(32_769)));
    }

    function test_RefusesTokensThatTakeAFee() public {
        FeeToken fee = new FeeToken();
        TransferApp app = a.transferApp();
        fee.approve(address(app), 1_000);
        vm.expectRevert(abi.encodeWithSelector(TokenTookFee.selector, address(fee), 100, 99));
        app.sendTransfer(onA, address(fee), 100, "x", soon(), "");
    }

    // --- what may arrive

    function _context(bytes memory value) private view returns (PacketContext memory) {
        return PacketContext(onA, onB, 1, transferPayload(value), address(this));
    }

    function _refuses(PacketContext memory context, bytes memory reason) private {
        TransferApp app = b.transferApp();
        vm.prank(address(b.router()));
        vm.expectRevert(reason);
        app.onRecvPacket(context);
    }

    function test_RefusesMalformedData() public {
        bytes memory good = transferValue("uatom", HexAddress.write(BOB), 1);
        bytes memory reason = abi.encodeWithSelector(MalformedPacketData.selector);
        _refuses(_context("garbage"), reason);
        _refuses(_context(bytes.concat(good, bytes32(0))), reason);
        _refuses(_context(bytes.concat(good, hex"00")), reason);
        // The tuple's offset, the second member's offset, padding of the denom, and a length beyond the end.
        uint256[4] memory places = [uint256(31), 95, 255, 198];
        for (uint256 i = 0; i < 4; ++i) {
            bytes memory bad = bytes.concat(good);
            bad[places[i]] ^= 0x01;
            _refuses(_context(bad), reason);
        }
    }

    function test_RefusesBadValues() public {
        string memory bob = HexAddress.write(BOB);
        _refuses(_context(transferValue("uatom", bob, 0)), abi.encodeWithSelector(ZeroAmount.selector));
        _refuses(_context(transferValue("", bob, 1)), abi.encodeWithSelector(InvalidDenom.selector));
        _refuses(_context(transferValue("u atom", bob, 1)), abi.encodeWithSelector(InvalidDenom.selector));
        _refuses(
            _context(transferValue(string(new bytes(513)), bob, 1)),
            abi.encodeWithSelector(InvalidDenom.selector)
        );
        string[4] memory receivers = [
            "0x0000000000000000000000000000000000000000",
            HexAddress.write(address(b.transferApp())),
            "cosmos1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnrujsuw",
            "0xg00000000000000000000000000000000000000b"
        ];
        for (uint256 i = 0; i < receivers.length; ++i)
            _refuses(
                _context(transferValue("uatom", receivers[i], 1)),
                abi.encodeWithSelector(ReceiverNotAllowed.selector, receivers[i])
            );
        string memory gone = string.concat("transfer/", onA, "/nothing");
        _refuses(_context(transferValue(gone, bob, 1)), abi.encodeWithSelector(UnknownDenom.selector, "nothing"));
    }

    function test_RefusesOtherPortsVersionsAndEncodings() public {
        PacketContext memory context = _context(transferValue("uatom", HexAddress.write(BOB), 1));
        context.payload.sourcePort = "other";
        _refuses(context, abi.encodeWithSelector(UnexpectedPort.selector, "other"));
        context.payload.sourcePort = "transfer";
        context.payload.version = "ics20-2";
        _refuses(context, abi.encodeWithSelector(UnexpectedVersion.selector, "ics20-2"));
        context.payload.version = "ics20-1";
        context.payload.encoding = "application/json";
        _refuses(context, abi.encodeWithSelector(UnexpectedEncoding.selector, "application/json"));
    }

    /// @dev SagaEVM, January 2026: value came out through an entry that did not ask who was calling.
    function test_Incident10_OnlyTheRouterDeliversToApplications() public {
        PacketContext memory context = _context(transferValue("uatom", HexAddress.write(BOB), 1));
        TransferApp app = b.transferApp();
        address[4] memory callers = [address(this), BOB, address(b.messageApp()), address(a.router())];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.startPrank(callers[i]);
            bytes memory reason = abi.encodeWithSelector(CallerIsNotRouter.selector, callers[i]);
            vm.expectRevert(reason);
            app.onRecvPacket(context);
            vm.expectRevert(reason);
            app.onAcknowledgementPacket(context, SUCCESS);
            vm.expectRevert(reason);
            app.onTimeoutPacket(context);
            vm.stopPrank();
        }
    }

    function test_OnlyTheTransferAppMintsAndBurns() public {
        receiveOn(b, sendToB(1));
        vm.expectRevert(abi.encodeWithSelector(CallerIsNotTransferApp.selector, address(this)));
        voucher.mint(BOB, 1);
        vm.expectRevert(abi.encodeWithSelector(CallerIsNotTransferApp.selector, address(this)));
        voucher.burn(BOB, 1);
    }

    function test_RefusesAnUnknownAcknowledgement() public {
        sendToB(10);
        PacketContext memory context = _context(transferValue(HexAddress.write(address(token)), "x", 10));
        TransferApp app = a.transferApp();
        vm.prank(address(a.router()));
        vm.expectRevert(MalformedAcknowledgement.selector);
        app.onAcknowledgementPacket(context, '{"result":"AQ==" }');
    }

    /// @dev Secret, June 2026; Verus, May 2026: value left for which none had come in. What a light client's chain sends can
    /// only release what went out over that light client.
    function test_Incident18And19_AnotherLightClientReleasesNothing() public {
        sendToB(500);
        string memory denom = string.concat("transfer/evil-0/", HexAddress.write(address(token)));
        PacketContext memory context = PacketContext(
            "evil-0",
            "other-1",
            1,
            transferPayload(transferValue(denom, HexAddress.write(BOB), 1)),
            BOB
        );
        TransferApp app = a.transferApp();
        vm.prank(address(a.router()));
        vm.expectRevert(abi.encodeWithSelector(EscrowTooLow.selector, "other-1", address(token), 0, 1));
        app.onRecvPacket(context);
    }

    function test_Incident18_NeverMoreThanWasEscrowed() public {
        sendToB(500);
        string memory denom = string.concat("transfer/", onB, "/", HexAddress.write(address(token)));
        Payload memory payload_ = transferPayload(transferValue(denom, HexAddress.write(BOB), 501));
        TransferApp app = a.transferApp();
        vm.prank(address(a.router()));
        vm.expectRevert(abi.encodeWithSelector(EscrowTooLow.selector, onA, address(token), 500, 501));
        app.onRecvPacket(PacketContext(onB, onA, 1, payload_, BOB));
    }

    /// @dev ZetaChain, April 2026: users' allowances were spent for somebody else.
    function test_Incident17_AllowancesServeTheirOwnersOnly() public {
        TransferApp app = a.transferApp();
        vm.prank(BOB);
        vm.expectRevert();
        app.sendTransfer(onA, address(token), 1, HexAddress.write(BOB), soon(), "");
        equal(token.balanceOf(ALICE), 1_000, "untouched");
    }

    // --- limits

    function test_LimitsWhatArrivesPerDay() public {
        b.setRateLimit(onB, address(voucher), 100);
        equal(deliver(b, sendToB(60))[0], SUCCESS, "within");
        equal(deliver(b, sendToB(41))[0], ERROR_ACKNOWLEDGEMENT, "beyond");
        equal(b.transferApp().available(onB, address(voucher)), 40, "left");
        vm.warp(block.timestamp + 6 hours);
        equal(b.transferApp().available(onB, address(voucher)), 65, "refilled");
        equal(deliver(b, sendToB(65))[0], SUCCESS, "within again");
        b.setRateLimit(onB, address(voucher), 0);
        equal(deliver(b, sendToB(1))[0], ERROR_ACKNOWLEDGEMENT, "stopped");
        b.removeRateLimit(onB, address(voucher));
        equal(deliver(b, sendToB(500))[0], SUCCESS, "unlimited");
    }

    function test_LimitsReleasesToo() public {
        receiveOn(b, sendToB(300));
        a.setRateLimit(onA, address(token), 50);
        Packet memory packet = sendBack(51);
        bytes[] memory acknowledgements = deliver(a, packet);
        equal(acknowledgements[0], ERROR_ACKNOWLEDGEMENT, "refused");
        acknowledgeOn(b, packet, acknowledgements);
        equal(voucher.balanceOf(BOB), 300, "refunded");
    }

    function test_LimitsAreForTheRateLimiter() public {
        TransferApp app = b.transferApp();
        vm.startPrank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BOB));
        app.setRateLimit(onB, address(voucher), 1);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BOB));
        app.removeRateLimit(onB, address(voucher));
    }

    /// @dev Whatever goes back and forth: what is escrowed covers what is minted, and nobody gains or loses.
    function testFuzz_ConservesValue(uint8[12] calldata steps) public {
        for (uint256 i = 0; i < steps.length; ++i) {
            uint256 amount = uint256(steps[i] % 64) + 1;
            bool back = steps[i] >= 128;
            if (back && (address(voucher).code.length == 0 || voucher.balanceOf(BOB) < amount)) continue;
            Packet memory packet = back ? sendBack(amount) : sendToB(amount);
            if (steps[i] & 64 == 0) receiveOn(back ? a : b, packet);
            else {
                vm.warp(packet.timeoutTimestamp);
                timeOutOn(back ? b : a, packet);
            }
            if (address(voucher).code.length == 0) continue;
            uint256 escrowed = a.transferApp().escrowed(onA, address(token));
            equal(escrowed, voucher.totalSupply(), "escrowed covers minted");
            equal(escrowed, token.balanceOf(address(a.transferApp())), "escrow is there");
            equal(token.balanceOf(ALICE) + voucher.totalSupply(), 1_000, "conserved");
        }
    }
}

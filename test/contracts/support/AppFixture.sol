// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {DemoToken} from "../../../contracts/evm/apps/examples/DemoToken.sol";
import {TransferData} from "../../../contracts/evm/apps/transfer/TransferData.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Voucher} from "../../../contracts/evm/apps/transfer/Voucher.sol";
import {Packet, Payload} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "./Host.sol";
import {TwoHosts} from "./TwoHosts.sol";
import {vm} from "./Vm.sol";

/// @title Two hosts, a token on `a`, and two people
abstract contract AppFixture is TwoHosts {
    address internal constant ALICE = address(0xA11CE);
    address internal constant BOB = address(0xB0B);

    DemoToken internal token;
    Voucher internal voucher;

    function setUp() public virtual override {
        super.setUp();
        token = new DemoToken("Demo", "DEMO", 1_000_000);
        token.transfer(ALICE, 1_000);
        address app = address(a.transferApp());
        vm.prank(ALICE);
        token.approve(app, type(uint256).max);
        voucher = Voucher(b.transferApp().voucherOf(onB, HexAddress.write(address(token))));
    }

    function sendToB(uint256 amount) internal returns (Packet memory) {
        return sendTransfer(a, onA, ALICE, address(token), amount, BOB);
    }

    function sendBack(uint256 amount) internal returns (Packet memory) {
        return sendTransfer(b, onB, BOB, address(voucher), amount, ALICE);
    }

    function sendTransfer(
        Host host,
        string memory clientId,
        address from,
        address what,
        uint256 amount,
        address to
    ) internal returns (Packet memory) {
        TransferApp app = host.transferApp();
        vm.recordLogs();
        vm.prank(from);
        app.sendTransfer(clientId, what, amount, HexAddress.write(to), soon(), "");
        return lastSent();
    }

    function transferPayload(bytes memory value) internal pure returns (Payload memory) {
        return Payload("transfer", "transfer", "ics20-1", "application/x-solidity-abi", value);
    }

    function transferValue(
        string memory denom,
        string memory receiver,
        uint256 amount
    ) internal pure returns (bytes memory) {
        return abi.encode(TransferData(denom, "0x00000000000000000000000000000000000000ee", receiver, amount, ""));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../../contracts/evm/apps/encoding/HexAddress.sol";
import {TwinToken} from "../../../../contracts/evm/apps/examples/TwinToken.sol";
import {TransferApp} from "../../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Voucher} from "../../../../contracts/evm/apps/transfer/Voucher.sol";
import {CallerIsNotTransferApp} from "../../../../contracts/evm/errors/AppErrors.sol";
import {TimeoutElapsed} from "../../../../contracts/evm/errors/PacketRouterErrors.sol";
import {TestChain} from "../../../../contracts/evm-testing/TestChain.sol";
import {TestLink} from "../../../../contracts/evm-testing/TestLink.sol";
import {Expect} from "../../support/Expect.sol";
import {newLink} from "../../support/Link.sol";
import {vm} from "../../support/Vm.sol";

/// @dev What the documentation warns of: sends for its holders.
contract Forwarding {
    function send(TransferApp app, TwinToken token, string calldata clientId, string calldata to) external {
        app.sendTransfer(clientId, address(token), 10, to, uint64(block.timestamp + 1 hours), "");
    }
}

contract TwinTokenTest is Expect {
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);

    TestLink private _link;
    TwinToken private _token;
    Voucher private _twin;
    string private _onA;
    string private _onB;

    function setUp() public {
        _link = newLink();
        (_onA, _onB) = (_link.onA(), _link.onB());
        _token = new TwinToken(_link.a().transferApp(), _onA, 1_000);
        _token.transfer(ALICE, 100);
        _twin = Voucher(_link.b().transferApp().voucherOf(_onB, HexAddress.write(address(_token))));
    }

    function _send(
        TestChain chain,
        string memory clientId,
        address from,
        address token,
        uint256 amount,
        address to
    ) private {
        TransferApp app = chain.transferApp();
        vm.prank(from);
        app.sendTransfer(clientId, token, amount, HexAddress.write(to), uint64(block.timestamp + 1 hours), "");
    }

    function _sendThere(uint256 amount) private {
        _send(_link.a(), _onA, ALICE, address(_token), amount, BOB);
    }

    function _sendHome(uint256 amount) private {
        _send(_link.b(), _onB, BOB, address(_twin), amount, ALICE);
    }

    function test_ThereAndBack() public {
        _sendThere(40);
        equal(_token.balanceOf(ALICE), 60, "taken without an approval");
        _link.relay();
        equal(_twin.balanceOf(BOB), 40, "arrived");
        equal(_token.abroad(), 40, "abroad");
        _sendHome(15);
        _link.relay();
        equal(_token.balanceOf(ALICE), 75, "home");
        equal(_token.abroad(), _twin.totalSupply(), "covered");
    }

    function test_WhatTimesOutIsRefunded() public {
        _sendThere(40);
        _link.timeOut();
        equal(_token.balanceOf(ALICE), 100, "refunded");
        equal(_token.abroad(), 0, "nothing abroad");
        vm.expectPartialRevert(TimeoutElapsed.selector);
        _link.deliver(0);
        isTrue(address(_twin).code.length == 0, "no twin made");
    }

    function test_WhatTimesOutOnTheWayHomeIsRefundedThere() public {
        _sendThere(40);
        _link.relay();
        _sendHome(40);
        equal(_twin.totalSupply(), 0, "burnt");
        _link.timeOut();
        equal(_twin.balanceOf(BOB), 40, "refunded");
        equal(_token.abroad(), 40, "still covered");
    }

    function test_WhatIsRefusedIsRefunded() public {
        _send(_link.a(), _onA, ALICE, address(_token), 40, address(0));
        isTrue(_link.deliver().refused, "refused");
        _link.acknowledge();
        equal(_token.balanceOf(ALICE), 100, "refunded");
    }

    function test_RefundsComeOnce() public {
        _sendThere(40);
        _link.timeOut();
        _link.timeOut(0);
        equal(_token.balanceOf(ALICE), 100, "once");
    }

    function test_NobodySendsWhatIsNotTheirs() public {
        TransferApp app = _link.a().transferApp();
        string memory to = HexAddress.write(BOB);
        vm.expectRevert();
        vm.prank(BOB);
        app.sendTransfer(_onA, address(_token), 1, to, uint64(block.timestamp + 1 hours), "");
        vm.expectRevert();
        vm.prank(BOB);
        _token.transferFrom(ALICE, BOB, 1);
        equal(_token.balanceOf(ALICE), 100, "untouched");
    }

    function test_OnlyTransferAppMakesTheTwin() public {
        _sendThere(40);
        _link.relay();
        vm.expectRevert(abi.encodeWithSelector(CallerIsNotTransferApp.selector, address(this)));
        _twin.mint(address(this), 1);
    }

    function test_OverAnotherLightClientItIsAnotherToken() public {
        TransferApp app = _link.b().transferApp();
        isTrue(app.voucherOf("testonly-7", HexAddress.write(address(_token))) != address(_twin), "not the twin");
    }

    /// @dev Why a token must not send for its holders.
    function test_TheRefundGoesToWhoeverSent() public {
        Forwarding forwarding = new Forwarding();
        vm.prank(ALICE);
        _token.transfer(address(forwarding), 10);
        forwarding.send(_link.a().transferApp(), _token, _onA, HexAddress.write(BOB));
        _link.timeOut();
        equal(_token.balanceOf(ALICE), 90, "not to the holder");
        equal(_token.balanceOf(address(forwarding)), 10, "to the sender");
    }

    /// @dev Whatever moves, in whatever order: the twin is covered, and nobody gains.
    function testFuzz_TheTwinIsCovered(uint8[12] calldata steps) public {
        for (uint256 i = 0; i < steps.length; ++i) {
            uint256 amount = 1 + (steps[i] % 32);
            if (steps[i] >= 128) {
                if (address(_twin).code.length == 0 || _twin.balanceOf(BOB) < amount) continue;
                _sendHome(amount);
            } else {
                if (_token.balanceOf(ALICE) < amount) continue;
                _sendThere(amount);
            }
            if (steps[i] & 64 == 0) _link.relay();
            else _link.timeOut();
            uint256 supply = address(_twin).code.length == 0 ? 0 : _twin.totalSupply();
            equal(_token.abroad(), supply, "covered");
            equal(_token.balanceOf(ALICE) + supply, 100, "conserved");
        }
    }
}

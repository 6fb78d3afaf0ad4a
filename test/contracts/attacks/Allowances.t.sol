// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {DemoToken} from "../../../contracts/evm/apps/examples/DemoToken.sol";
import {MessageApp} from "../../../contracts/evm/apps/messages/MessageApp.sol";
import {MessageResult} from "../../../contracts/evm/apps/messages/MessageData.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {CallerIsNotTransferApp, TokenTookFee} from "../../../contracts/evm/errors/AppErrors.sol";
import {IMessageReceiver} from "../../../contracts/evm/interfaces/IMessageReceiver.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {AppFixture} from "../support/AppFixture.sol";
import {vm} from "../support/Vm.sol";

/// @dev Tells whoever asks for it before their tokens move, as ERC-777 does.
contract HookToken is DemoToken {
    mapping(address => bool) private _hooked;

    constructor() DemoToken("Hook", "HOOK", 1_000_000) {}

    function hook() external {
        _hooked[msg.sender] = true;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (_hooked[from]) HookedThief(from).onTokensSent();
        super._update(from, to, amount);
    }
}

/// @dev Sends once, and makes a call of its choosing from inside the token's hook.
contract HookedThief {
    TransferApp private immutable _app;
    HookToken private immutable _token;
    address private _target;
    bytes private _data;
    bytes public answer;

    constructor(TransferApp app, HookToken token) {
        _app = app;
        _token = token;
        token.hook();
        token.approve(address(app), 100);
    }

    function arm(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function send(string calldata clientId, uint256 amount, uint64 timeoutTimestamp) external {
        _app.sendTransfer(clientId, address(_token), amount, HexAddress.write(address(this)), timeoutTimestamp, "");
    }

    function onTokensSent() external {
        (address target, bytes memory data) = (_target, _data);
        _target = address(0);
        if (target != address(0)) (, answer) = target.call(data);
    }
}

/// @dev Receives messages, and spends with them what it can.
contract SpendingReceiver is IMessageReceiver {
    function onMessage(string calldata, string calldata, bytes calldata message) external returns (bytes memory) {
        (address target, bytes memory data) = abi.decode(message, (address, bytes));
        (bool ok, bytes memory answer) = target.call(data);
        return abi.encode(ok, answer);
    }
}

/// @title Nobody's approval serves anybody else, and no contract here approves anything
/// @notice ZetaChain, April 2026: a message chose the call, and the call spent what users had approved. Poly Network, August
/// 2021: a message reached the contract that held the keys.
contract AllowancesTest is AppFixture {
    address private constant THIEF = address(0x7417F);
    TransferApp private _app;

    function setUp() public override {
        super.setUp();
        _app = a.transferApp();
        // Alice approved everything in sight, without limit.
        address[3] memory spenders = [address(a.router()), address(a.messageApp()), address(a.manager())];
        for (uint256 i = 0; i < spenders.length; ++i) {
            vm.prank(ALICE);
            token.approve(spenders[i], type(uint256).max);
        }
        receiveOn(b, sendToB(400));
        vm.prank(BOB);
        voucher.approve(address(b.transferApp()), type(uint256).max);
    }

    function _expectUntouched() private view {
        equal(token.balanceOf(ALICE), 600, "Alice's");
        equal(token.balanceOf(address(_app)), 400, "in escrow");
        equal(token.balanceOf(THIEF), 0, "nothing for the thief");
        equal(voucher.balanceOf(BOB), 400, "Bob's");
    }

    /// @dev The caller pays, and there is no argument that names anybody else.
    function test_Incident17_NobodySendsWithAnothersApproval() public {
        vm.startPrank(THIEF);
        token.approve(address(_app), type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, THIEF, 0, 1));
        _app.sendTransfer(onA, address(token), 1, HexAddress.write(THIEF), soon(), "");
        vm.stopPrank();
        _expectUntouched();
    }

    /// @dev Vouchers are burnt without an approval: from the caller, and from nobody else.
    function test_Incident17_NobodyBurnsAnothersVouchers() public {
        TransferApp app = b.transferApp();
        address held = address(voucher);
        vm.prank(THIEF);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, THIEF, 0, 1));
        app.sendTransfer(onB, held, 1, HexAddress.write(THIEF), soon(), "");
        vm.prank(THIEF);
        vm.expectRevert(abi.encodeWithSelector(CallerIsNotTransferApp.selector, THIEF));
        voucher.burn(BOB, 1);
        _expectUntouched();
    }

    /// @dev The payload of a message is never a call: tokens, vouchers and light clients have no function that takes one.
    function test_Incident1And17_NoMessageSpendsOrMints() public {
        receiveOn(a, sendBack(100));
        address[4] memory targets = [
            address(token),
            _app.voucherImplementation(),
            address(clientOnA),
            address(a.transferApp())
        ];
        bytes[3] memory calls = [
            abi.encodeCall(IERC20.transferFrom, (ALICE, THIEF, 1)),
            abi.encodeCall(IERC20.transfer, (THIEF, 1)),
            abi.encodeCall(IERC20.approve, (THIEF, type(uint256).max))
        ];
        for (uint256 i = 0; i < targets.length; ++i)
            for (uint256 j = 0; j < calls.length; ++j) {
                Packet memory packet = _message(targets[i], calls[j]);
                receiveOn(a, packet);
                // Without `onMessage` there is nobody to refuse, and the message is never delivered.
                equal(acknowledgementOn(a, packet), i == 3 ? ERROR_COMMITMENT : bytes32(0), "not accepted");
            }
        equal(token.balanceOf(THIEF), 0, "nothing for the thief");
        equal(token.balanceOf(ALICE), 700, "Alice's");
        equal(token.allowance(address(_app), THIEF), 0, "nothing approved");
    }

    bytes32 private constant ERROR_COMMITMENT = sha256(abi.encodePacked(bytes1(0x02), sha256(ERROR_ACKNOWLEDGEMENT)));

    function _message(address receiver, bytes memory message) private returns (Packet memory) {
        MessageApp app = b.messageApp();
        vm.recordLogs();
        vm.prank(THIEF);
        app.sendMessage(onB, HexAddress.write(receiver), message, soon());
        return lastSent();
    }

    /// @dev A receiver may do anything, with what is its own.
    function test_Incident17_AReceiverSpendsOnlyItsOwn() public {
        SpendingReceiver receiver = new SpendingReceiver();
        bytes[4] memory calls = [
            abi.encode(token, abi.encodeCall(IERC20.transferFrom, (ALICE, THIEF, 1))),
            abi.encode(token, abi.encodeCall(IERC20.transferFrom, (address(_app), THIEF, 1))),
            abi.encode(_app, abi.encodeCall(_app.sendTransfer, (onA, address(token), 1, "x", soon(), ""))),
            abi.encode(_app, abi.encodeCall(_app.setRateLimit, (onA, address(token), 0)))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes[] memory answer = deliver(a, _message(address(receiver), calls[i]));
            (bool ok, ) = abi.decode(abi.decode(answer[0], (MessageResult)).result, (bool, bytes));
            isTrue(!ok, "not with others' tokens or roles");
        }
        _expectUntouched();
    }

    /// @dev After every kind of traffic, nothing has been approved by any of the contracts, to anybody.
    function test_Incident17_TheContractsApproveNothing() public {
        receiveOn(a, sendBack(100));
        Packet memory refused = sendTransfer(a, onA, ALICE, address(token), 10, address(b.transferApp()));
        acknowledgeOn(a, refused, deliver(b, refused));
        address[5] memory owners = [
            address(a.router()),
            address(_app),
            address(a.messageApp()),
            address(a.manager()),
            address(voucher)
        ];
        address[6] memory spenders = [ALICE, BOB, THIEF, address(a.router()), address(_app), address(this)];
        for (uint256 i = 0; i < owners.length; ++i)
            for (uint256 j = 0; j < spenders.length; ++j)
                equal(token.allowance(owners[i], spenders[j]), 0, "no allowance");
        equal(token.balanceOf(address(a.router())), 0, "the router holds nothing");
        equal(token.balanceOf(address(a.messageApp())), 0, "nor does the message application");
    }

    // --- hooks

    function _thief() private returns (HookToken hooks, HookedThief thief) {
        hooks = new HookToken();
        thief = new HookedThief(_app, hooks);
        hooks.transfer(address(thief), 100);
    }

    /// @dev One approval, spent again from inside the transfer that spends it.
    function test_Incident13_OneApprovalIsOneTransfer() public {
        (HookToken hooks, HookedThief thief) = _thief();
        thief.arm(address(thief), abi.encodeCall(thief.send, (onA, 100, soon())));
        vm.recordLogs();
        thief.send(onA, 100, soon());
        equal(sentPackets().length, 1, "one packet");
        equal(
            thief.answer(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "locked"
        );
        equal(_app.escrowed(onA, address(hooks)), 100, "escrowed once");
        equal(hooks.balanceOf(address(_app)), 100, "and held");
    }

    /// @dev Tokens that come back while others go out are not counted as having gone out.
    function test_Incident18_WhatReturnsMeanwhileIsNotSent() public {
        (HookToken hooks, HookedThief thief) = _thief();
        vm.recordLogs();
        thief.send(onA, 60, soon());
        receiveOn(b, lastSent());
        address away = b.transferApp().voucherOf(onB, HexAddress.write(address(hooks)));
        Packet memory back = sendTransfer(b, onB, address(thief), away, 20, address(thief));
        thief.arm(address(a.router()), receiveCall(back));
        vm.expectRevert(abi.encodeWithSelector(TokenTookFee.selector, address(hooks), 40, 20));
        thief.send(onA, 40, soon());
        equal(_app.escrowed(onA, address(hooks)), 60, "as before");
        equal(hooks.balanceOf(address(_app)), 60, "and held");
        receiveOn(a, back);
        equal(_app.escrowed(onA, address(hooks)), 40, "and then it returns");
        equal(hooks.balanceOf(address(_app)), 40, "from what is held");
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Voucher} from "../../../contracts/evm/apps/transfer/Voucher.sol";
import {EscrowTooLow, UnknownDenom} from "../../../contracts/evm/errors/AppErrors.sol";
import {
    PacketDiffersFromCommitment,
    PacketDiffersFromReceipt,
    PacketForAnotherClient,
    PacketFromAnotherCounterparty
} from "../../../contracts/evm/errors/PacketRouterErrors.sol";
import {ValueAbsent, ValueMismatch} from "../../../contracts/evm/errors/VerificationErrors.sol";
import {IPacketRouter, RelayBatch} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {HostileChain} from "../invariants/HostileChain.sol";
import {AppFixture} from "../support/AppFixture.sol";
import {Vm, vm} from "../support/Vm.sol";

/// @title A chain of one validator, which proves whatever it likes under a client id of its own
/// @notice Secret, June 2026: a token was accepted that came over the attacker's own chain. Verus, May 2026: all proofs were
/// valid, and what was paid out had never been sent. `a` and `b` are honest; `a` has 500 tokens in escrow for `b`.
contract HostileChainTest is AppFixture {
    bytes private constant SUCCESS = '{"result":"AQ=="}';
    HostileChain private _chain;
    /// The hostile chain on `a`: under this client id, and by the honest counterparty's name at its own end.
    string private _evil;
    PacketRouter private _router;
    TransferApp private _app;
    uint64 private _sequence;

    function setUp() public override {
        super.setUp();
        _chain = new HostileChain();
        (_evil, ) = a.createClient(IPacketRouter(address(_chain)));
        a.registerCounterparty(_evil, onB, 4);
        _router = a.router();
        _app = a.transferApp();
        receiveOn(b, sendToB(500));
    }

    /// @dev Proves to `a` that the hostile chain sent this, and returns why the application refused, if it did.
    function _claim(string memory denom, address receiver, uint256 amount) private returns (bytes memory refusal) {
        return _deliverClaim(_packet(++_sequence, denom, receiver, amount));
    }

    function _packet(
        uint64 sequence,
        string memory denom,
        address receiver,
        uint256 amount
    ) private view returns (Packet memory) {
        bytes memory value = transferValue(denom, HexAddress.write(receiver), amount);
        return Packet(sequence, onB, _evil, soon(), one(transferPayload(value)));
    }

    function _deliverClaim(Packet memory packet) private returns (bytes memory refusal) {
        _chain.claimSent(packet);
        vm.recordLogs();
        _router.relay(receiveBatch(packet));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i)
            if (logs[i].topics[0] == IPacketRouter.PacketRefused.selector) refusal = abi.decode(logs[i].data, (bytes));
    }

    function _returning(string memory denom) private view returns (string memory) {
        return string.concat("transfer/", onB, "/", denom);
    }

    function _expectUntouched() private view {
        equal(_app.escrowed(onA, address(token)), 500, "escrowed for the honest chain");
        equal(token.balanceOf(address(_app)), 500, "held");
        equal(token.balanceOf(ALICE), 500, "with its owner");
        equal(voucher.totalSupply(), 500, "minted on the honest chain");
    }

    // --- tokens of others

    function test_Incident19_ReleasesNothingThatWasSentToOthers() public {
        string memory native = _returning(HexAddress.write(address(token)));
        equal(
            _claim(native, BOB, 1),
            abi.encodeWithSelector(EscrowTooLow.selector, _evil, address(token), 0, 1),
            "nothing was sent there"
        );
        equal(token.balanceOf(BOB), 0, "nothing released");
        _expectUntouched();
    }

    function test_Incident19_MintsOnlyUnderItsOwnName() public {
        string memory native = HexAddress.write(address(token));
        equal(_claim(native, BOB, 1_000_000), "", "accepted: a voucher of its own");
        Voucher own = Voucher(_app.voucherOf(_evil, native));
        equal(own.balanceOf(BOB), 1_000_000, "minted");
        equal(own.trace(), string.concat("transfer/", _evil, "/", native), "named after where it came from");
        isTrue(address(own) != address(token) && address(own) != _app.voucherOf(onA, native), "a token of its own");
        _expectUntouched();
    }

    /// @dev Its voucher sent to the honest chain is a voucher there, too, and comes back as what it was.
    function test_Incident19_ItsVouchersAreNobodysTokensAnywhere() public {
        string memory native = HexAddress.write(address(token));
        _claim(native, ALICE, 900);
        address own = _app.voucherOf(_evil, native);
        vm.prank(ALICE);
        Voucher(own).approve(address(_app), 900);
        Packet memory packet = sendTransfer(a, onA, ALICE, own, 900, BOB);
        equal(deliver(b, packet)[0], SUCCESS, "delivered");
        equal(voucher.totalSupply(), 500, "not as the honest token");
        string memory trace = string.concat("transfer/", _evil, "/", native);
        Voucher there = Voucher(b.transferApp().voucherOf(onB, trace));
        equal(there.balanceOf(BOB), 900, "as what it is");
        equal(deliver(a, sendTransfer(b, onB, BOB, address(there), 900, ALICE))[0], SUCCESS, "delivered");
        equal(Voucher(own).balanceOf(ALICE), 900, "and back as what it was");
        _expectUntouched();
    }

    /// @dev Each of these reads almost like a token that is held here, or like the way back to it.
    function test_Incident19_NoNameReadsLikeAnother() public {
        string memory native = HexAddress.write(address(token));
        bytes memory upper = bytes(native);
        for (uint256 i = 2; i < upper.length; ++i) if (upper[i] > 0x60) upper[i] = bytes1(uint8(upper[i]) - 32);
        string[4] memory unknown = [
            string(upper),
            string.concat(native, "/"),
            string.concat("transfer/", onA, "/", native),
            string.concat(" ", native)
        ];
        for (uint256 i = 0; i < unknown.length; ++i)
            equal(
                _claim(_returning(unknown[i]), BOB, 1),
                abi.encodeWithSelector(UnknownDenom.selector, unknown[i]),
                "no such token"
            );
        // Not the way back at all: what arrives is a new voucher, named after the hostile chain.
        string[4] memory foreign = [
            string.concat("transfer/", onB, native),
            string.concat("transfer/", onB, "0/", native),
            string.concat("Transfer/", onB, "/", native),
            string.concat("transfer/", onA, "/", native)
        ];
        for (uint256 i = 0; i < foreign.length; ++i) {
            equal(_claim(foreign[i], BOB, 1), "", "accepted");
            equal(Voucher(_app.voucherOf(_evil, foreign[i])).balanceOf(BOB), 1, "a voucher of its own");
        }
        equal(token.balanceOf(BOB), 0, "nothing released");
        _expectUntouched();
    }

    // --- more than was sent

    function test_Incident18_PaysOutNoMoreThanCameIn() public {
        sendTransfer(a, _evil, ALICE, address(token), 200, BOB);
        string memory native = _returning(HexAddress.write(address(token)));
        equal(
            _claim(native, BOB, 201),
            abi.encodeWithSelector(EscrowTooLow.selector, _evil, address(token), 200, 201),
            "200 were sent"
        );
        equal(_claim(native, BOB, 150), "", "150 of them come back");
        equal(
            _claim(native, BOB, 51),
            abi.encodeWithSelector(EscrowTooLow.selector, _evil, address(token), 50, 51),
            "50 are left"
        );
        isTrue(_claim(native, BOB, type(uint256).max).length != 0, "nor all there is");
        equal(token.balanceOf(BOB), 150, "paid out");
        equal(_app.escrowed(onA, address(token)), 500, "others' escrow");
    }

    /// @dev What the committed bytes say is paid: another amount, receiver or token is another packet.
    function test_Incident18_PaysWhatTheCommittedBytesSay() public {
        string memory native = _returning(HexAddress.write(address(token)));
        Packet memory packet = sendBack(100);
        bytes memory committed = packet.payloads[0].value;
        bytes[3] memory altered = [
            transferValue(native, HexAddress.write(ALICE), 101),
            transferValue(native, HexAddress.write(BOB), 100),
            bytes.concat(committed, bytes32(0))
        ];
        for (uint256 i = 0; i < altered.length; ++i) {
            packet.payloads[0].value = altered[i];
            RelayBatch memory batch = receiveBatch(packet);
            vm.expectRevert(ValueMismatch.selector);
            _router.relay(batch);
        }
        packet.payloads[0].value = committed;
        equal(deliver(a, packet)[0], SUCCESS, "as committed");
        equal(token.balanceOf(ALICE), 600, "100 and no more");
    }

    // --- the same again

    function test_Incident13_OneSequenceIsOnePacket() public {
        Packet memory packet = _packet(7, "gold", BOB, 10);
        _deliverClaim(packet);
        _deliverClaim(packet);
        Voucher gold = Voucher(_app.voucherOf(_evil, "gold"));
        equal(gold.balanceOf(BOB), 10, "once");
        Packet memory other = _packet(7, "gold", BOB, 11);
        _chain.claimSent(other);
        RelayBatch memory batch = receiveBatch(other);
        vm.expectRevert(abi.encodeWithSelector(PacketDiffersFromReceipt.selector, 7));
        _router.relay(batch);
        equal(gold.balanceOf(BOB), 10, "and nothing else under its number");
    }

    // --- packets of others

    function test_Incident14_SpeaksForNoPacketOfOthers() public {
        Packet memory packet = sendToB(100);
        bytes[] memory refused = one(ERROR_ACKNOWLEDGEMENT);
        _chain.claimAcknowledged(packet, refused);
        // By the packet's own client id, its light client is asked, and knows nothing of it.
        RelayBatch memory batch = acknowledgeBatch(packet, refused);
        vm.expectRevert(ValueAbsent.selector);
        _router.relay(batch);
        // By the hostile client id, the packet is another chain's.
        batch.clientId = _evil;
        vm.expectRevert(abi.encodeWithSelector(PacketForAnotherClient.selector, onA));
        _router.relay(batch);
        batch = timeoutBatch(packet);
        batch.clientId = _evil;
        vm.expectRevert(abi.encodeWithSelector(PacketForAnotherClient.selector, onA));
        _router.relay(batch);
        // Renamed, it is no packet that was sent.
        Packet memory renamed = sendTransfer(a, _evil, ALICE, address(token), 7, BOB);
        packet.sourceClient = _evil;
        packet.sequence = renamed.sequence;
        _chain.claimAcknowledged(packet, refused);
        batch = acknowledgeBatch(packet, refused);
        vm.expectRevert(abi.encodeWithSelector(PacketDiffersFromCommitment.selector, renamed.sequence));
        _router.relay(batch);
        equal(_app.escrowed(onA, address(token)), 600, "still escrowed");
    }

    function test_Incident14_DeliversNothingInTheNameOfOthers() public {
        Packet memory packet = _packet(9, _returning(HexAddress.write(address(token))), BOB, 100);
        packet.destClient = onA;
        _chain.claimSent(packet);
        RelayBatch memory batch = receiveBatch(packet);
        vm.expectRevert(ValueAbsent.selector);
        _router.relay(batch);
        batch.clientId = _evil;
        vm.expectRevert(abi.encodeWithSelector(PacketForAnotherClient.selector, onA));
        _router.relay(batch);
        packet.destClient = _evil;
        packet.sourceClient = onA;
        _chain.claimSent(packet);
        batch = receiveBatch(packet);
        vm.expectRevert(abi.encodeWithSelector(PacketFromAnotherCounterparty.selector, onA));
        _router.relay(batch);
        _expectUntouched();
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PacketContext} from "../../../contracts/evm/interfaces/IPacketApp.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {PacketStore} from "../../../contracts/evm/store/PacketStore.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {vm} from "../support/Vm.sol";
import {PastLightClient} from "./PastLightClient.sol";
import {ActionsAct} from "./ActionsAct.sol";

/// @title Each invariant notices the defect it is there for
/// @notice A defective router is played by the router's own address, its storage, or the administrator.
abstract contract InvariantsCanFail is ActionsAct {
    error NotNoticed(string expected, bytes got);

    function test_SeesAMintForEachDelivery() public {
        Packet memory packet = delivered();
        TransferApp app = _asRouter(b);
        app.onRecvPacket(_context(packet));
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesASecondRefund() public {
        delivered();
        this.transfer(0, false, 0, 0, 99, 1, true);
        this.pass(1_199);
        this.timeOut(1, 0, false);
        healthy();
        PacketContext memory context = _context(packetAt(1));
        TransferApp app = _asRouter(a);
        app.onTimeoutPacket(context);
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesARefundOfWhatArrived() public {
        Packet memory packet = delivered();
        TransferApp app = _asRouter(a);
        app.onTimeoutPacket(_context(packet));
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesAnEscrowSpentElsewhere() public {
        delivered();
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
        delivered();
        _overwrite(b, sent[0].receiptPath, 0);
        _unhealthy(this.checkDelivery, "a receipt for what was delivered");
        _overwrite(b, sent[0].acknowledgementPath, 0);
        this.receivePacket(0, 0, false);
        _unhealthy(this.checkDelivery, "delivered once");
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesADeliveredPacketTimeOut() public {
        delivered();
        _overwrite(b, sent[0].receiptPath, 0);
        for (uint256 i = 0; i < 7; ++i) this.pass(1_199);
        this.timeOut(0, 0, false);
        _overwrite(b, sent[0].receiptPath, bytes32(uint256(1)));
        _unhealthy(this.checkDelivery, "not delivered and timed out");
    }

    function test_SeesAForgottenCommitment() public {
        delivered();
        bytes32 path = sent[0].commitmentPath;
        bytes32 commitment = a.router().getCommitment(path);
        this.acknowledge(0, 0, 0, false);
        healthy();
        _overwrite(a, path, commitment);
        _unhealthy(this.checkDelivery, "committed until settled");
        this.acknowledge(0, 0, 0, false);
        _unhealthy(this.checkDelivery, "settled once");
    }

    function test_SeesAnAcknowledgementOfWhatNeverArrived() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        Sent memory entry = sent[0];
        hostileChain.claimAcknowledged(packetAt(0), one(SUCCESS));
        _overwrite(b, entry.acknowledgementPath, hostileChain.getCommitment(entry.acknowledgementPath));
        this.acknowledge(0, 2, 0, false);
        _unhealthy(this.checkDelivery, "acknowledged if delivered");
    }

    function test_SeesAMessageReadTwice() public {
        this.write(false, 0, 0, false);
        this.receivePacket(0, 0, false);
        this.acknowledge(0, 0, 0, false);
        healthy();
        vm.startPrank(address(b.messageApp()));
        writerOnB.onMessage(clientOn(b, 0), "", messages[0]);
        vm.stopPrank();
        _unhealthy(this.checkDelivery, "called once");
    }

    function test_SeesASenderToldTwice() public {
        this.write(false, 0, 0, false);
        vm.startPrank(address(a.messageApp()));
        writerOnA.onMessageResult(clientOn(a, 0), 1, true, "");
        vm.stopPrank();
        _unhealthy(this.checkDelivery, "told once");
    }

    function test_SeesAPauseThatDoesNotHold() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        paused[b] = true;
        this.receivePacket(0, 0, false);
        _unhealthy(this.checkStillness, "stillness");
    }

    function test_SeesAFrozenLaneThatMoves() public {
        this.transfer(0, false, 0, 0, 299, 1, false);
        frozen[b][0] = true;
        this.receivePacket(0, 0, false);
        _unhealthy(this.checkStillness, "stillness");
    }

    function test_SeesAFreezeThatIsForgotten() public {
        this.freeze(true, 1, 0, 0);
        healthy();
        b.migrateClient(clientOn(b, 1), address(new PastLightClient(past[a])));
        _unhealthy(this.checkStillness, "frozen means frozen");
    }

    function test_SeesALaneThatSpendsTheEscrowOfAnother() public {
        delivered();
        this.transfer(3, false, 0, 0, 99, 1, false);
        // The first lane's voucher, as if it were the second's.
        Packet memory packet = packetAt(0);
        packet.payloads[0] = claim(a, 5, 50, people[2]);
        (packet.sourceClient, packet.destClient) = (clientOn(b, 1), clientOn(a, 1));
        TransferApp app = _asRouter(a);
        app.onRecvPacket(_context(packet));
        _unhealthy(this.checkBacking, "escrow is vouchers and flight");
    }

    function test_SeesASendThatAPauseDoesNotStop() public {
        paused[a] = true;
        this.transfer(0, false, 0, 0, 299, 1, false);
        _unhealthy(this.checkStillness, "stillness");
    }

    /// @dev What a router would do that took a packet for its word about the light client.
    function test_SeesTheHostileChainServeTheHonestLane() public {
        delivered();
        this.trustHostile();
        _unhealthy(this.checkStillness, "stillness");
    }

    function trustHostile() external step(true) {
        string memory clientId = clientOn(a, 0);
        a.migrateClient(clientId, address(a.router().getClient(idsOnA[HOSTILE]).lightClient));
        Packet memory packet = Packet(7, clientOn(b, 0), clientId, clock[a] + 1 hours, one(claim(a, 1, 10, people[2])));
        hostileChain.claimSent(packet);
        relay(a, receiveBatch(packet));
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

    /// @dev In a block of its own, so that it can be proven.
    function _overwrite(Host host, bytes32 path, bytes32 value) private {
        vm.store(address(host.router()), keccak256(abi.encode(path, PacketStore.SLOT)), value);
        look(host, path);
        endBlock(host);
    }
}

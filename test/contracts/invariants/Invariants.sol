// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {PacketCommitments} from "../../../contracts/evm/store/PacketCommitments.sol";
import {Host} from "../support/Host.sol";
import {Journal} from "./Journal.sol";

/// @title What holds after every step, whoever did what
/// @notice Judged from what the contracts store and what the routers announced, never from what the actions meant to do.
/// All applications here answer at once, so that an acknowledgement written is a packet delivered.
abstract contract Invariants is Journal {
    bytes32 private immutable SUCCESS_COMMITMENT = PacketCommitments.acknowledgements(one(SUCCESS));

    /// @notice What one chain holds for an honest lane is what circulates on the other, and what is on its way.
    function checkBacking() public view {
        uint256[5] memory inFlight = _inFlight();
        for (uint256 i = 0; i < assets.length; ++i) {
            Asset memory asset = assets[i];
            equal(
                asset.home.transferApp().escrowed(clientOn(asset.home, asset.lane), asset.token),
                supply(asset.voucher) + inFlight[i],
                "escrow is vouchers and flight"
            );
        }
    }

    /// @dev Committed, and not paid out on the other side: going either way.
    function _inFlight() private view returns (uint256[5] memory amounts) {
        for (uint256 i = 0; i < sent.length; ++i) {
            Sent storage entry = sent[i];
            uint256 amount = entry.amount;
            if (entry.lane == HOSTILE || amount == 0) continue;
            if (
                entry.source.router().getCommitment(entry.commitmentPath) != 0 &&
                entry.target.router().getCommitment(entry.acknowledgementPath) != SUCCESS_COMMITMENT
            ) amounts[entry.asset] += amount;
        }
    }

    /// @notice The application has what it says it holds, lane by lane, and people have the rest.
    function checkHoldings() public view {
        for (uint256 i = 0; i < assets.length; ++i) {
            _checkHolding(assets[i].home, assets[i].token);
            _checkHolding(assets[i].away, assets[i].voucher);
            if (i < 2) equal(supply(assets[i].token), SUPPLY, "tokens neither made nor lost");
        }
    }

    function _checkHolding(Host host, address token) private view {
        if (token.code.length == 0) return;
        TransferApp app = host.transferApp();
        uint256 held = IERC20(token).balanceOf(address(app));
        uint256 accounted = 0;
        for (uint8 lane = 0; lane <= HOSTILE; ++lane) accounted += app.escrowed(clientOn(host, lane), token);
        equal(held, accounted, "held is accounted for");
        uint256 owned = 0;
        for (uint256 i = 0; i < people.length; ++i) owned += IERC20(token).balanceOf(people[i]);
        equal(owned + held, supply(token), "somebody has all of it");
    }

    /// @notice Every packet is delivered at most once and settled at most once, and never both delivered and timed out.
    function checkDelivery() public view {
        for (uint256 i = 0; i < sent.length; ++i) {
            Sent memory entry = sent[i];
            uint256 settled = _checkSettled(entry);
            bytes memory message = messages[i];
            if (message.length != 0)
                equal(
                    writerOn(entry.source).results(clientOn(entry.source, entry.lane), entry.sequence),
                    settled,
                    "told once"
                );
            if (entry.lane != HOSTILE) _checkReceived(entry, message);
        }
        for (uint64 i = 1; i <= HOSTILE_SEQUENCES; ++i) {
            isTrue(_timesWritten(a, keccak256(bytes(idsOnA[HOSTILE])), i) <= 1, "delivered once");
            isTrue(_timesWritten(b, keccak256(bytes(idsOnB[HOSTILE])), i) <= 1, "delivered once");
        }
    }

    function _checkSettled(Sent memory entry) private view returns (uint256 settled) {
        settled = _timesSettled(entry, IPacketRouter.AckPacket.selector);
        settled += _timesSettled(entry, IPacketRouter.TimeoutPacket.selector);
        isTrue(settled <= 1, "settled once");
        bool committed = entry.source.router().getCommitment(entry.commitmentPath) != 0;
        isTrue(committed == (settled == 0), "committed until settled");
    }

    function _checkReceived(Sent memory entry, bytes memory message) private view {
        uint256 received = _timesWritten(entry.target, entry.destId, entry.sequence);
        isTrue(received <= 1, "delivered once");
        bool receipt = entry.target.router().getCommitment(entry.receiptPath) != 0;
        isTrue(receipt == (received == 1), "a receipt for what was delivered");
        if (received == 0)
            equal(_timesSettled(entry, IPacketRouter.AckPacket.selector), 0, "acknowledged if delivered");
        else equal(_timesSettled(entry, IPacketRouter.TimeoutPacket.selector), 0, "not delivered and timed out");
        if (message.length != 0)
            isTrue(
                writerOn(entry.target).deliveries(clientOn(entry.target, entry.lane), message) <= received,
                "called once"
            );
    }

    function _timesSettled(Sent memory entry, bytes32 event_) private view returns (uint256) {
        return timesSeen(entry.source, event_, entry.sourceId, entry.sequence);
    }

    function _timesWritten(Host host, bytes32 clientId, uint64 sequence) private view returns (uint256) {
        return timesSeen(host, IPacketRouter.WriteAcknowledgement.selector, clientId, sequence);
    }

    function supply(address token) internal view returns (uint256) {
        return token.code.length == 0 ? 0 : IERC20(token).totalSupply();
    }
}

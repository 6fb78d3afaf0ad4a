// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {PacketCommitments} from "../../../contracts/evm/store/PacketCommitments.sol";
import {Host} from "../support/Host.sol";
import {World} from "./World.sol";

/// @title What holds after every step, whoever did what
/// @notice Judged from what the contracts store and what the routers announced, never from what the actions meant to do.
/// All applications here answer at once, so that an acknowledgement written is a packet delivered.
abstract contract Invariants is World {
    /// @dev What an action saw change that may not change.
    string internal broken;

    /// @notice What one chain holds for the honest lane is what circulates on the other, and what is on its way.
    function checkBacking() public view {
        for (uint256 i = 0; i < assets.length; ++i) {
            Asset memory asset = assets[i];
            equal(
                asset.home.transferApp().escrowed(asset.homeClient, asset.token),
                _supply(asset.voucher) + _inFlight(i),
                "escrow is vouchers and flight"
            );
        }
    }

    /// @notice The application has what it says it holds, lane by lane, and people have the rest.
    function checkHoldings() public view {
        for (uint256 i = 0; i < assets.length; ++i) {
            _checkHolding(assets[i].home, assets[i].token);
            _checkHolding(assets[i].away, assets[i].voucher);
            if (i < 2) equal(_supply(assets[i].token), SUPPLY, "tokens neither made nor lost");
        }
    }

    function _checkHolding(Host host, address token) private view {
        if (token.code.length == 0) return;
        TransferApp app = host.transferApp();
        uint256 held = IERC20(token).balanceOf(address(app));
        uint256 accounted = app.escrowed(honestOn(host), token) + app.escrowed(hostileOn(host), token);
        equal(held, accounted, "held is accounted for");
        uint256 owned = 0;
        for (uint256 i = 0; i < people.length; ++i) owned += IERC20(token).balanceOf(people[i]);
        equal(owned + held, _supply(token), "somebody has all of it");
    }

    /// @notice Every packet is delivered at most once and settled at most once, and never both delivered and timed out.
    function checkDelivery() public view {
        for (uint256 i = 0; i < sentCount(); ++i) {
            Sent memory entry = sentAt(i);
            uint256 settled = _checkSettled(entry);
            if (entry.message.length != 0)
                equal(
                    writerOn(entry.source).results(entry.packet.sourceClient, entry.packet.sequence),
                    settled,
                    "told once"
                );
            if (!entry.hostile) _checkReceived(entry);
        }
        for (uint64 i = 1; i <= HOSTILE_SEQUENCES; ++i) {
            isTrue(timesSeen(a, IPacketRouter.WriteAcknowledgement.selector, hostileOnA, i) <= 1, "delivered once");
            isTrue(timesSeen(b, IPacketRouter.WriteAcknowledgement.selector, hostileOnB, i) <= 1, "delivered once");
        }
    }

    function _checkSettled(Sent memory entry) private view returns (uint256 settled) {
        settled = _timesSettled(entry, IPacketRouter.AckPacket.selector);
        settled += _timesSettled(entry, IPacketRouter.TimeoutPacket.selector);
        isTrue(settled <= 1, "settled once");
        bool committed = entry.source.router().getCommitment(entry.commitmentPath) != 0;
        isTrue(committed == (settled == 0), "committed until settled");
    }

    function _checkReceived(Sent memory entry) private view {
        uint256 received = timesSeen(
            entry.target,
            IPacketRouter.WriteAcknowledgement.selector,
            entry.packet.destClient,
            entry.packet.sequence
        );
        isTrue(received <= 1, "delivered once");
        bool receipt = entry.target.router().getCommitment(entry.receiptPath) != 0;
        isTrue(receipt == (received == 1), "a receipt for what was delivered");
        if (received == 0)
            equal(_timesSettled(entry, IPacketRouter.AckPacket.selector), 0, "acknowledged if delivered");
        else equal(_timesSettled(entry, IPacketRouter.TimeoutPacket.selector), 0, "not delivered and timed out");
        if (entry.message.length != 0)
            isTrue(
                writerOn(entry.target).deliveries(entry.packet.destClient, entry.message) <= received,
                "called once"
            );
    }

    /// @notice Nothing moves on a paused chain, and the hostile chain moves nothing of the honest lane.
    function checkStillness() public view {
        equal(broken, "", "stillness");
    }

    function _timesSettled(Sent memory entry, bytes32 event_) private view returns (uint256) {
        return timesSeen(entry.source, event_, entry.packet.sourceClient, entry.packet.sequence);
    }

    function _supply(address token) internal view returns (uint256) {
        return token.code.length == 0 ? 0 : IERC20(token).totalSupply();
    }

    /// @dev Committed, and not paid out on the other side: going either way.
    function _inFlight(uint256 asset) private view returns (uint256 amount) {
        bytes32 success = PacketCommitments.acknowledgements(one(SUCCESS));
        for (uint256 i = 0; i < sentCount(); ++i) {
            Sent memory entry = sentAt(i);
            if (entry.hostile || entry.asset != asset || entry.amount == 0) continue;
            if (
                entry.source.router().getCommitment(entry.commitmentPath) != 0 &&
                entry.target.router().getCommitment(entry.acknowledgementPath) != success
            ) amount += entry.amount;
        }
    }

    // --- what stillness compares

    /// @dev All that a chain keeps.
    /// @param known How many packets to look at.
    function stateOf(Host host, uint256 known) internal view returns (bytes32 state) {
        IPacketRouter router = host.router();
        state = keccak256(
            abi.encode(
                router.nextSequenceSend(honestOn(host)),
                router.nextSequenceSend(hostileOn(host)),
                writerOn(host).calls()
            )
        );
        for (uint256 i = 0; i < assets.length; ++i) {
            address token = address(assets[i].home) == address(host) ? assets[i].token : assets[i].voucher;
            TransferApp app = host.transferApp();
            state = _mix(state, app.escrowed(honestOn(host), token));
            state = _mix(state, app.escrowed(hostileOn(host), token));
            state = _mix(state, _supply(token));
            if (token.code.length == 0) continue;
            for (uint256 j = 0; j < people.length; ++j) state = _mix(state, IERC20(token).balanceOf(people[j]));
        }
        for (uint256 i = 0; i < known; ++i) state = _mixPaths(state, host, sentAt(i));
    }

    /// @dev All that is kept for the honest lane, on both chains.
    function honestState() internal view returns (bytes32 state) {
        for (uint256 i = 0; i < assets.length; ++i) {
            Asset memory asset = assets[i];
            state = _mix(state, asset.home.transferApp().escrowed(asset.homeClient, asset.token));
            state = _mix(state, _supply(asset.voucher));
        }
        state = _mix(state, a.router().nextSequenceSend(onA));
        state = _mix(state, b.router().nextSequenceSend(onB));
        for (uint256 i = 0; i < sentCount(); ++i) {
            Sent memory entry = sentAt(i);
            if (!entry.hostile) state = _mixPaths(_mixPaths(state, a, entry), b, entry);
        }
    }

    /// @dev The hostile chain's client ids differ from the honest ones on each host, so no path is of two packets there.
    function _mixPaths(bytes32 state, Host host, Sent memory entry) private view returns (bytes32) {
        IPacketRouter router = host.router();
        if (address(entry.source) == address(host))
            return _mix(state, uint256(router.getCommitment(entry.commitmentPath)));
        if (address(entry.target) != address(host)) return state;
        state = _mix(state, uint256(router.getCommitment(entry.receiptPath)));
        return _mix(state, uint256(router.getCommitment(entry.acknowledgementPath)));
    }

    function _mix(bytes32 state, uint256 value) private pure returns (bytes32) {
        return keccak256(abi.encode(state, value));
    }
}

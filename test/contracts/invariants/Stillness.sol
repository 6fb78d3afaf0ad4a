// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ClientStatus, ILightClient} from "../../../contracts/evm/interfaces/ILightClient.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Host} from "../support/Host.sol";
import {vm} from "../support/Vm.sol";
import {Invariants} from "./Invariants.sol";

/// @title Nothing moves where something has to rest: on a paused host, on a frozen lane, and on honest lanes while the hostile
/// chain acts
abstract contract Stillness is Invariants {
    mapping(Host => bool) internal paused;
    mapping(Host => mapping(uint8 lane => bool)) internal frozen;
    /// @dev What a step moved that had to rest.
    string internal broken;

    /// @dev What each must not change: the whole of a paused host, and each honest lane on each host.
    struct Resting {
        bytes32[2] hosts;
        bytes32[2][2] lanes;
        uint256 known;
    }

    /// @dev One block on each host: takes down what happened, and sees that nothing moved that had to rest. What is sent during
    /// the step is no change.
    modifier step(bool byHostile) {
        Resting memory before = _resting(byHostile, sent.length);
        vm.recordLogs();
        _;
        absorb();
        Resting memory afterwards = _resting(byHostile, before.known);
        for (uint256 i = 0; i < 2; ++i) {
            if (before.hosts[i] != afterwards.hosts[i]) broken = "moved while paused";
            for (uint8 lane = 0; lane < HONEST_LANES; ++lane)
                if (before.lanes[i][lane] != afterwards.lanes[i][lane])
                    broken = byHostile ? "moved by the hostile chain" : "moved while frozen";
            endBlock(i == 0 ? a : b);
        }
    }

    function endBlock(Host host) internal {
        past[host].seal(clock[host]);
        ++clock[host];
    }

    // --- time

    function wait_(uint64 time) internal {
        waitOn(a, time);
        waitOn(b, time);
    }

    /// @dev Until a second before the next block there are others, in which nothing happens.
    function waitOn(Host host, uint64 time) internal {
        if (time == 0) return;
        clock[host] += time - 1;
        endBlock(host);
    }

    /// @dev On the clock of the packet's target.
    function waitUntil(Sent memory entry, uint64 time) internal {
        if (entry.lane == HOSTILE) return;
        uint64 now_ = clock[entry.target];
        if (time > now_) wait_(time - now_);
    }

    function _resting(bool byHostile, uint256 known) private view returns (Resting memory resting) {
        resting.known = known;
        for (uint256 i = 0; i < 2; ++i) {
            Host host = i == 0 ? a : b;
            if (paused[host]) resting.hosts[i] = _stateOf(host, known);
            for (uint8 lane = 0; lane < HONEST_LANES; ++lane)
                if (byHostile || frozen[host][lane]) resting.lanes[i][lane] = _laneState(host, lane, known);
        }
    }

    /// @notice Nothing moved that had to rest, and what is frozen stays so.
    function checkStillness() public view {
        equal(broken, "", "stillness");
        for (uint256 i = 0; i < 2; ++i) {
            Host host = i == 0 ? a : b;
            for (uint8 lane = 0; lane < HONEST_LANES; ++lane) {
                ILightClient lightClient = host.router().getClient(clientOn(host, lane)).lightClient;
                isTrue((lightClient.status() == ClientStatus.Frozen) == frozen[host][lane], "frozen means frozen");
            }
        }
    }

    /// @dev All that a host keeps.
    function _stateOf(Host host, uint256 known) private view returns (bytes32 state) {
        state = bytes32(writerOn(host).calls());
        for (uint8 lane = 0; lane <= HOSTILE; ++lane) state = _mix(state, uint256(_laneState(host, lane, known)));
        for (uint256 i = 0; i < assets.length; ++i) {
            address token = tokenOn(host, i);
            if (token.code.length == 0) continue;
            for (uint256 j = 0; j < people.length; ++j) state = _mix(state, IERC20(token).balanceOf(people[j]));
        }
    }

    /// @dev What a host keeps for a lane.
    function _laneState(Host host, uint8 lane, uint256 known) private view returns (bytes32 state) {
        string memory clientId = clientOn(host, lane);
        IPacketRouter router = host.router();
        TransferApp app = host.transferApp();
        state = bytes32(uint256(router.nextSequenceSend(clientId)));
        for (uint256 i = 0; i < assets.length; ++i) {
            state = _mix(state, app.escrowed(clientId, tokenOn(host, i)));
            if (assets[i].lane == lane && address(assets[i].away) == address(host))
                state = _mix(state, supply(assets[i].voucher));
        }
        for (uint256 i = 0; i < known; ++i) {
            Sent storage entry = sent[i];
            if (entry.lane != lane) continue;
            if (address(entry.source) == address(host))
                state = _mix(state, uint256(router.getCommitment(entry.commitmentPath)));
            if (address(entry.target) != address(host)) continue;
            state = _mix(state, uint256(router.getCommitment(entry.receiptPath)));
            state = _mix(state, uint256(router.getCommitment(entry.acknowledgementPath)));
        }
    }

    function _mix(bytes32 state, uint256 value) private pure returns (bytes32) {
        return keccak256(abi.encode(state, value));
    }
}

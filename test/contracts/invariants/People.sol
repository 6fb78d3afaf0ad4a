// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {HexAddress} from "../../../contracts/evm/apps/encoding/HexAddress.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Packet} from "../../../contracts/evm/types/Packet.sol";
import {Host} from "../support/Host.sol";
import {vm} from "../support/Vm.sol";
import {Stillness} from "./Stillness.sol";

/// @title What people do, and what time does
abstract contract People is Stillness {
    /// A transfer that somebody makes.
    struct Move {
        Host host;
        uint8 lane;
        uint256 asset;
        address from;
        uint256 value;
        string receiver;
        bool brief;
    }

    /// @param back From where the asset is a voucher; from its home, when nobody has one.
    /// @param how Over the asset's own lane, or one time in four to the hostile chain.
    /// @param to Somebody, or one time in four nobody who could receive.
    function transfer(
        uint8 which,
        bool back,
        uint8 how,
        uint8 who,
        uint16 amount,
        uint8 to,
        bool brief
    ) external step(false) {
        Move memory move;
        move.asset = which % assets.length;
        move.from = people[who % people.length];
        move.host = back ? assets[move.asset].away : assets[move.asset].home;
        if (back && _balance(move) == 0) move.host = assets[move.asset].home;
        move.value = _balance(move);
        if (move.value == 0) return;
        move.value = 1 + (amount % move.value);
        move.lane = how % 4 == 3 ? HOSTILE : assets[move.asset].lane;
        move.receiver = to % 4 == 3 ? "nobody" : HexAddress.write(people[to % 4]);
        move.brief = brief;
        _transfer(move);
    }

    /// @dev What its sender has of the asset.
    function _balance(Move memory move) private view returns (uint256) {
        address token = tokenOn(move.host, move.asset);
        return token.code.length == 0 ? 0 : IERC20(token).balanceOf(move.from);
    }

    function _transfer(Move memory move) private {
        TransferApp app = move.host.transferApp();
        address token = tokenOn(move.host, move.asset);
        string memory clientId = clientOn(move.host, move.lane);
        uint64 timeout = _timeout(move.host, move.brief);
        enter(move.host);
        vm.startPrank(move.from);
        IERC20(token).approve(address(app), move.value);
        try app.sendTransfer(clientId, token, move.value, move.receiver, timeout, "") {} catch {}
        vm.stopPrank();
        note(move.host, move.lane, move.asset, move.value, "");
    }

    /// @param what The receiver reads, refuses, fails without a reason, or is an application, which never receives.
    function write(bool fromB, uint8 how, uint8 what, bool brief) external step(false) {
        Host host = fromB ? b : a;
        Host target = other(host);
        string memory receiver = HexAddress.write(
            what % 5 == 4 ? address(target.transferApp()) : address(writerOn(target))
        );
        bytes memory message = abi.encodePacked(bytes("orqoo")[what % 5], sent.length);
        uint8 lane = how % 4 == 3 ? HOSTILE : how % HONEST_LANES;
        enter(host);
        try writerOn(host).write(clientOn(host, lane), receiver, message, _timeout(host, brief)) {} catch {}
        note(host, lane, 0, 0, message);
    }

    /// @dev The whole token: nothing of it is paid out or taken in while it is closed.
    function close(uint8 chance) external {
        moody.setClosed(chance % 8 == 0);
    }

    function _timeout(Host host, bool brief) private view returns (uint64) {
        return clock[host] + (brief ? 10 minutes : 2 hours);
    }

    function pass(uint16 time) external {
        wait_(time % 1_200);
    }

    /// @dev To the second before a packet's time is over, to that second, or to the one after: on its target's clock.
    function passUntil(uint8 which, uint8 offset) external {
        (Sent memory entry, Packet memory packet) = pick(which);
        if (packet.sequence != 0) waitUntil(entry, packet.timeoutTimestamp - 1 + (offset % 3));
    }

    /// @dev One chain's clock runs ahead of the other's, by a quarter of an hour at most.
    function drift(bool ofB, uint8 time) external {
        Host host = ofB ? b : a;
        if (clock[host] + time < clock[other(host)] + 15 minutes) waitOn(host, time);
    }
}

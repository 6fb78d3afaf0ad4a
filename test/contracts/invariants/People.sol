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
        uint256 index = which % assets.length;
        address from = people[who % people.length];
        Host host = back ? assets[index].away : assets[index].home;
        if (back && _balance(host, index, from) == 0) host = assets[index].home;
        uint256 balance = _balance(host, index, from);
        if (balance == 0) return;
        _transfer(
            host,
            how % 4 == 3 ? HOSTILE : assets[index].lane,
            index,
            from,
            1 + (amount % balance),
            to % 4 == 3 ? "nobody" : HexAddress.write(people[to % 4]),
            brief
        );
    }

    function _balance(Host host, uint256 asset, address owner) private view returns (uint256) {
        address token = tokenOn(host, asset);
        return token.code.length == 0 ? 0 : IERC20(token).balanceOf(owner);
    }

    function _transfer(
        Host host,
        uint8 lane,
        uint256 asset,
        address from,
        uint256 value,
        string memory receiver,
        bool brief
    ) private {
        TransferApp app = host.transferApp();
        address token = tokenOn(host, asset);
        enter(host);
        vm.startPrank(from);
        IERC20(token).approve(address(app), value);
        try app.sendTransfer(clientOn(host, lane), token, value, receiver, _timeout(host, brief), "") {} catch {}
        vm.stopPrank();
        note(host, lane, asset, value, "");
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

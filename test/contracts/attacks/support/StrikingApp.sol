// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPacketApp, PacketContext} from "../../../../contracts/evm/interfaces/IPacketApp.sol";
import {PacketRouter} from "../../../../contracts/evm/PacketRouter.sol";
import {Payload} from "../../../../contracts/evm/types/Packet.sol";

/// @title An application that makes the calls it was armed with from inside every callback, and keeps their answers
contract StrikingApp is IPacketApp {
    struct Strike {
        address target;
        bytes data;
    }

    PacketRouter public immutable router;
    Strike[] private _strikes;
    bytes[] private _answers;
    uint256 public received;
    uint256 public acknowledged;
    uint256 public timedOut;

    constructor(PacketRouter router_) {
        router = router_;
    }

    function arm(address target, bytes calldata data) external {
        _strikes.push(Strike(target, data));
    }

    function disarm() external {
        delete _strikes;
        delete _answers;
    }

    function send(
        string calldata clientId,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) external returns (uint64) {
        return router.sendPacket(clientId, timeoutTimestamp, payloads);
    }

    /// @notice What each call returned or reverted with, in order.
    function answers() external view returns (bytes[] memory) {
        return _answers;
    }

    function onRecvPacket(PacketContext calldata) external returns (bytes memory) {
        _strike();
        ++received;
        return "struck";
    }

    function onAcknowledgementPacket(PacketContext calldata, bytes calldata) external {
        _strike();
        ++acknowledged;
    }

    function onTimeoutPacket(PacketContext calldata) external {
        _strike();
        ++timedOut;
    }

    function _strike() private {
        for (uint256 i = 0; i < _strikes.length; ++i) {
            (, bytes memory answer) = _strikes[i].target.call(_strikes[i].data);
            _answers.push(answer);
        }
    }
}

/// @title Stands between an application and the router: the call comes from somebody else, deeper down
contract Forwarder {
    function forward(address target, bytes calldata data) external returns (bytes memory answer) {
        (, answer) = target.call(data);
    }
}

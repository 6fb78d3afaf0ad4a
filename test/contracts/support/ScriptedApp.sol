// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IPacketApp, PacketContext} from "../../../contracts/evm/interfaces/IPacketApp.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {Payload} from "../../../contracts/evm/types/Packet.sol";

/// @title An application that does what the first letter of a payload says
/// @notice "e…" echoes, "r…" reverts with a reason, "q…" reverts without one, "a…" answers later, "g…" burns all gas,
/// "p…" panics, "m…" answers with malformed return data, "u…" answers with the universal error, "n…" refuses to hear the
/// outcome, "h…" burns a million gas and then reverts with a reason from a deeper call, "l…" answers too long.
contract ScriptedApp is IPacketApp {
    error Refused(bytes value);

    PacketRouter public immutable router;
    uint256 public received;
    uint256 public acknowledged;
    uint256 public timedOut;
    bytes public lastAcknowledgement;
    uint256 private _sink;

    constructor(PacketRouter router_) {
        router = router_;
    }

    function send(
        string calldata clientId,
        uint64 timeoutTimestamp,
        Payload[] calldata payloads
    ) external returns (uint64) {
        return router.sendPacket(clientId, timeoutTimestamp, payloads);
    }

    function onRecvPacket(PacketContext calldata context) external virtual returns (bytes memory) {
        ++received;
        bytes calldata value = context.payload.value;
        bytes1 letter = value[0];
        if (letter == "r") revert Refused(value);
        if (letter == "q")
            assembly ("memory-safe") {
                revert(0, 0)
            }
        if (letter == "a") return "";
        if (letter == "g") while (true) ++_sink;
        if (letter == "p") assert(false);
        if (letter == "m")
            assembly ("memory-safe") {
                mstore(0, 7)
                return(0, 32)
            }
        if (letter == "u") return hex"4774d4a575993f963b1c06573736617a457abef8589178db8d10c94b4ab511ab";
        if (letter == "l") return new bytes(40_000);
        if (letter == "h") {
            (bool ok, ) = address(this).call(abi.encodeCall(this.work, (1_000_000)));
            if (!ok) revert Refused("work failed");
        }
        return bytes.concat("ack:", value);
    }

    /// @dev Uses about `gas_` gas, or fails.
    function work(uint256 gas_) external {
        uint256 target = gasleft() - gas_;
        while (gasleft() > target) ++_sink;
    }

    function onAcknowledgementPacket(PacketContext calldata context, bytes calldata acknowledgement) external virtual {
        _hear(context);
        ++acknowledged;
        lastAcknowledgement = acknowledgement;
    }

    function onTimeoutPacket(PacketContext calldata context) external virtual {
        _hear(context);
        ++timedOut;
    }

    function _hear(PacketContext calldata context) private pure {
        if (context.payload.value[0] == "n") revert Refused(context.payload.value);
    }
}

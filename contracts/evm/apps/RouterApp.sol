// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {UnexpectedEncoding, UnexpectedPort, UnexpectedVersion} from "../errors/AppErrors.sol";
import {CallerIsNotRouter} from "../errors/PacketRouterErrors.sol";
import {IPacketApp} from "../interfaces/IPacketApp.sol";
import {IPacketRouter} from "../interfaces/IPacketRouter.sol";
import {Payload} from "../types/Packet.sol";

/// @title What every application of the packet router does before anything else
abstract contract RouterApp is IPacketApp {
    string internal constant ABI_ENCODING = "application/x-solidity-abi";

    IPacketRouter public immutable router;

    modifier onlyRouter() {
        if (msg.sender != address(router)) revert CallerIsNotRouter(msg.sender);
        _;
    }

    constructor(IPacketRouter router_) {
        router = router_;
    }

    /// @dev Both ends use the same port, as ibc-go requires of these applications.
    /// @param port Its keccak256, and that of the version: constants, which cost nothing to compute.
    function _requirePayload(Payload calldata payload, bytes32 port, bytes32 version) internal pure {
        if (keccak256(bytes(payload.sourcePort)) != port) revert UnexpectedPort(payload.sourcePort);
        if (keccak256(bytes(payload.destPort)) != port) revert UnexpectedPort(payload.destPort);
        if (keccak256(bytes(payload.version)) != version) revert UnexpectedVersion(payload.version);
        if (keccak256(bytes(payload.encoding)) != keccak256(bytes(ABI_ENCODING)))
            revert UnexpectedEncoding(payload.encoding);
    }
}

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
    function _requirePayload(Payload calldata payload, string memory port, string memory version) internal pure {
        if (!_equal(payload.sourcePort, port)) revert UnexpectedPort(payload.sourcePort);
        if (!_equal(payload.destPort, port)) revert UnexpectedPort(payload.destPort);
        if (!_equal(payload.version, version)) revert UnexpectedVersion(payload.version);
        if (!_equal(payload.encoding, ABI_ENCODING)) revert UnexpectedEncoding(payload.encoding);
    }

    function _equal(string calldata left, string memory right) private pure returns (bool) {
        return keccak256(bytes(left)) == keccak256(bytes(right));
    }
}

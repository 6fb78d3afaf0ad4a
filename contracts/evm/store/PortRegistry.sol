// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {InvalidApp, InvalidPort, PortAlreadyBound} from "../errors/PacketRouterErrors.sol";
import {IPacketRouter} from "../interfaces/IPacketRouter.sol";
import {Identifiers} from "./Identifiers.sol";

/// @title Which application owns a port
/// @notice A port is bound once and for ever: what an application holds for its port's packets could not follow it elsewhere.
abstract contract PortRegistry is IPacketRouter, AccessManaged {
    mapping(bytes32 hashedPort => address) private _apps;
    mapping(address app => bool) private _isApp;

    /// @dev The router calls what is bound here, so neither itself nor the contract that decides about roles ever is.
    function bindPort(string calldata port, address app) external restricted {
        if (!Identifiers.isPort(bytes(port))) revert InvalidPort(port);
        if (app.code.length == 0 || app == address(this) || app == authority()) revert InvalidApp(app);
        bytes32 key = keccak256(bytes(port));
        if (_apps[key] != address(0)) revert PortAlreadyBound(port);
        _apps[key] = app;
        _isApp[app] = true;
        emit PortBound(port, app);
    }

    /// @notice The application bound to a port; zero when none is.
    function getApp(string calldata port) external view returns (address) {
        return _appOf(port);
    }

    /// @inheritdoc IPacketRouter
    function isApp(address candidate) external view returns (bool) {
        return _isApp[candidate];
    }

    function _appOf(string calldata port) internal view returns (address) {
        return _apps[keccak256(bytes(port))];
    }
}

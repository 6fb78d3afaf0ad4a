// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Roles} from "../../../contracts/evm/access/Roles.sol";
import {MessageApp} from "../../../contracts/evm/apps/messages/MessageApp.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {IPacketRouter} from "../../../contracts/evm/interfaces/IPacketRouter.sol";
import {TestLightClient} from "./TestLightClient.sol";
import {Shipped} from "./Shipped.sol";

/// @title One chain with everything deployed, whose every role belongs to this contract, without delays
contract Host {
    AccessManager public immutable manager;
    PacketRouter public immutable router;
    TransferApp public immutable transferApp;
    MessageApp public immutable messageApp;

    constructor() {
        manager = Shipped.accessManager(address(this));
        router = Shipped.router(address(manager));
        transferApp = Shipped.transferApp(router, address(manager));
        messageApp = Shipped.messageApp(router);
        _allow(address(router), PacketRouter.pause.selector, Roles.GUARDIAN);
        _allow(address(router), router.migrateClient.selector, Roles.CLIENT_ADMIN);
        _allow(address(router), router.bindPort.selector, Roles.PORT_ADMIN);
        _allow(address(transferApp), TransferApp.setRateLimit.selector, Roles.RATE_LIMITER);
        _allow(address(transferApp), TransferApp.removeRateLimit.selector, Roles.RATE_LIMITER);
        for (uint64 role = Roles.GUARDIAN; role <= Roles.RATE_LIMITER; ++role)
            manager.grantRole(role, address(this), 0);
        router.bindPort("transfer", address(transferApp));
        router.bindPort("gmpport", address(messageApp));
    }

    function _allow(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    function bindPort(string calldata port, address app) external {
        router.bindPort(port, app);
    }

    function pause() external {
        router.pause();
    }

    function unpause() external {
        router.unpause();
    }

    function setRateLimit(string calldata clientId, address token, uint112 perDay) external {
        transferApp.setRateLimit(clientId, token, perDay);
    }

    function removeRateLimit(string calldata clientId, address token) external {
        transferApp.removeRateLimit(clientId, token);
    }

    function migrateClient(string calldata clientId, address lightClient) external {
        router.migrateClient(clientId, lightClient);
    }

    /// @dev A light client of `counterparty`, under the next client id.
    function createClient(
        IPacketRouter counterparty
    ) external returns (string memory clientId, TestLightClient lightClient) {
        lightClient = new TestLightClient(counterparty);
        clientId = router.createClient(address(lightClient));
    }

    function registerCounterparty(
        string calldata clientId,
        string calldata counterpartyClientId,
        uint8 maxPayloads
    ) external {
        bytes[] memory prefix = new bytes[](1);
        router.registerCounterparty(clientId, counterpartyClientId, prefix, maxPayloads);
    }
}

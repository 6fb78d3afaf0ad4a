// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Roles} from "../evm/access/Roles.sol";
import {MessageApp} from "../evm/apps/messages/MessageApp.sol";
import {TransferApp} from "../evm/apps/transfer/TransferApp.sol";
import {IPacketRouter} from "../evm/interfaces/IPacketRouter.sol";
import {PacketRouter} from "../evm/PacketRouter.sol";
import {TestOnlyLightClient} from "./TestOnlyLightClient.sol";

/// @title FOR TESTS ONLY: one chain's packet core and applications, the real ones, owned by this contract without delays
contract TestChain {
    AccessManager public immutable manager;
    PacketRouter public immutable router;
    TransferApp public immutable transferApp;
    MessageApp public immutable messageApp;

    constructor() {
        manager = new AccessManager(address(this));
        router = new PacketRouter(address(manager));
        transferApp = new TransferApp(router, address(manager));
        messageApp = new MessageApp(router);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = router.bindPort.selector;
        manager.setTargetFunctionRole(address(router), selectors, Roles.PORT_ADMIN);
        manager.grantRole(Roles.PORT_ADMIN, address(this), 0);
        router.bindPort("transfer", address(transferApp));
        router.bindPort("gmpport", address(messageApp));
    }

    /// @notice For applications of your own.
    function bindPort(string calldata port, address app) external {
        router.bindPort(port, app);
    }

    /// @notice A light client of another chain here, under the next client id.
    function createClient(IPacketRouter counterparty) external returns (string memory clientId) {
        return router.createClient(address(new TestOnlyLightClient(counterparty)));
    }

    function registerCounterparty(string calldata clientId, string calldata counterpartyClientId) external {
        router.registerCounterparty(clientId, counterpartyClientId, new bytes[](1), 1);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {MessageApp} from "../../../contracts/evm/apps/messages/MessageApp.sol";
import {TransferApp} from "../../../contracts/evm/apps/transfer/TransferApp.sol";
import {Ed25519Verifier} from "../../../contracts/evm/ed25519/Ed25519Verifier.sol";
import {BeaconLightClient} from "../../../contracts/evm/light-clients/BeaconLightClient.sol";
import {CometLightClient} from "../../../contracts/evm/light-clients/comet/CometLightClient.sol";
import {PacketRouter} from "../../../contracts/evm/PacketRouter.sol";
import {vm} from "./Vm.sol";

/// @title The contracts as they are shipped, from their artifacts
/// @dev With `new` they would be compiled as tests are, once more for every test contract that creates them.
library Shipped {
    function accessManager(address admin) internal returns (AccessManager) {
        string memory artifact = "AccessManager.sol:AccessManager";
        return AccessManager(create(artifact, abi.encode(admin)));
    }

    function router(address authority) internal returns (PacketRouter) {
        return PacketRouter(create("contracts/evm/PacketRouter.sol:PacketRouter", abi.encode(authority)));
    }

    function transferApp(PacketRouter core, address authority) internal returns (TransferApp) {
        string memory artifact = "contracts/evm/apps/transfer/TransferApp.sol:TransferApp";
        return TransferApp(create(artifact, abi.encode(core, authority)));
    }

    function messageApp(PacketRouter core) internal returns (MessageApp) {
        return MessageApp(create("contracts/evm/apps/messages/MessageApp.sol:MessageApp", abi.encode(core)));
    }

    function beaconLightClient(bytes memory state, address authority) internal returns (BeaconLightClient) {
        string memory artifact = "contracts/evm/light-clients/BeaconLightClient.sol:BeaconLightClient";
        return BeaconLightClient(create(artifact, abi.encode(state, authority)));
    }

    function ed25519Verifier() internal returns (Ed25519Verifier) {
        return Ed25519Verifier(create("contracts/evm/ed25519/Ed25519Verifier.sol:Ed25519Verifier"));
    }

    function cometLightClient(bytes memory state, Ed25519Verifier verifier) internal returns (CometLightClient) {
        string memory artifact = "contracts/evm/light-clients/comet/CometLightClient.sol:CometLightClient";
        return CometLightClient(create(artifact, abi.encode(state, verifier)));
    }

    /// @param artifact A file and a contract in it; a harness, for example.
    function create(string memory artifact) internal returns (address) {
        return create(artifact, "");
    }

    /// @dev Reverts with what the constructor reverts with.
    function create(string memory artifact, bytes memory arguments) internal returns (address created) {
        bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
            if iszero(created) {
                let free := mload(0x40)
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
        }
    }
}
